"""Calibrate raid by raid: each raid one file, a pure function of its case, seed and number."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from hinomi.calibration.cases import SCENARIO, WORST, Case, case_of
from hinomi.calibration.held import rows_of
from hinomi.calibration.launches import launches_of
from hinomi.errors import FolderError, ScenarioError
from hinomi.scenario.load import architecture_of, load
from hinomi.study.chain import Context, prepare
from hinomi.study.engine import Local
from hinomi.study.seeds import AddressedDraws
from hinomi.study.store import write_atomically

FORMAT: Final = "hinomi/calibration/1"
LAUNCHES: Final = 1000
ARCHITECTURE: Final = "integrated"
SEED: Final = 20251
MOST_LAUNCHES: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One raid of one case."""

    scenario: str
    architecture: str
    seed: int
    case: str
    number: int
    full: bool

    def name(self) -> str:
        """File that holds it."""
        return f"{self.case}-{self.number:05d}{'-both' if self.full else ''}.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a calibration is made of."""

    scenario: str = "okinawa-2025"
    architecture: str = ARCHITECTURE
    launches: int = LAUNCHES  # of each kind of truth
    full_launches: int = LAUNCHES  # of them, by the full predictor too
    seed: int = SEED

    def told(self) -> dict[str, Any]:
        """What identifies it; a folder holds one."""
        return {
            "format": FORMAT, "scenario": self.scenario, "architecture": self.architecture,
            "seed": self.seed,
        }  # fmt: skip


@lru_cache(maxsize=4)
def _prepared(scenario: str, case: str) -> tuple[Case, Context]:
    loaded = load(scenario)
    return case_of(case, loaded), prepare(loaded)


def jobs_of(asked: Asked) -> list[Job]:
    """Raids that hold at least so many launches of the scenario, and of the worst cases together.

    Raises
    ------
    ScenarioError
        when a number or the seed is out of its limits, or the architecture is none of the scenario.
    """
    if not 1 <= asked.launches <= MOST_LAUNCHES:
        raise ScenarioError(
            f"the number of launches is {asked.launches}; it must lie in 1..{MOST_LAUNCHES}"
        )
    AddressedDraws(asked.seed, 0)  # refuses a seed that is none
    loaded = load(asked.scenario)
    architecture_of(loaded, asked.architecture)
    jobs: list[Job] = []
    for case in (SCENARIO, *WORST):
        share = asked.launches if case == SCENARIO else math.ceil(asked.launches / len(WORST))
        bodies = len(case_of(case, loaded).scenario.threats)
        if not bodies:
            continue
        full = asked.full_launches * share / asked.launches
        jobs += [
            Job(
                scenario=asked.scenario,
                architecture=asked.architecture,
                seed=asked.seed,
                case=case,
                number=number,
                full=number * bodies < full,
            )
            for number in range(math.ceil(share / bodies))
        ]
    return jobs


def held(job: Job) -> dict[str, Any]:
    """Rows of one raid, and how many of its bodies had no forecast."""
    case, context = _prepared(job.scenario, job.case)
    launches = launches_of(
        case, context, architecture=job.architecture, seed=job.seed, number=job.number
    )
    rows = [
        row
        for moment in launches.moments
        for row in rows_of(case, context, launches, moment, full=job.full)
    ]
    bodies = len(launches.raid.flights.bodies)
    return {"case": job.case, "bodies": bodies, "never": launches.never, "rows": rows}


def calibrate(
    asked: Asked,
    folder: Path,
    *,
    workers: int = 1,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[dict[str, Any]]:
    """Compute what the folder does not hold yet; returns all raids.

    Raises
    ------
    FolderError
        when the folder holds another calibration.
    """
    jobs = jobs_of(asked)
    raids = _folder(folder, asked)
    left = [job for job in jobs if not (raids / job.name()).is_file()]
    done = len(jobs) - len(left)
    tell(done, len(jobs))
    for job, found in _computed(left, workers):
        _put(raids / job.name(), found)
        done += 1
        tell(done, len(jobs))
    return [json.loads((raids / job.name()).read_text(encoding="utf-8")) for job in jobs]


def _computed(jobs: Sequence[Job], workers: int) -> Iterator[tuple[Job, dict[str, Any]]]:
    first, others = jobs[:1], jobs[1:]  # compiled once, before others would do the same work
    for some, width in ((first, 1), (others, min(workers, len(others)))):
        named = {job.name(): job for job in some}
        wanted = {name: (held, (job,)) for name, job in named.items()}
        for ended in Local(workers=max(1, width)).run(wanted):
            if ended.error is not None:
                raise ended.error
            yield named[ended.key], ended.answer


def _folder(folder: Path, asked: Asked) -> Path:
    """Folder of the raids, checked to be this calibration's."""
    plan = folder / "calibration.json"
    told = asked.told()
    if plan.is_file():
        try:
            there = json.loads(plan.read_text(encoding="utf-8"))
        except ValueError:
            there = None
        if there != told:
            raise FolderError(
                f"{folder} holds another calibration (other scenario, architecture or seed); "
                "name another folder with -o"
            )
    elif folder.is_dir() and any(folder.iterdir()):
        raise FolderError(f"{folder} is not empty and holds no calibration; name another folder")
    raids = folder / "raids"
    raids.mkdir(parents=True, exist_ok=True)
    _put(plan, told)
    return raids


def _put(path: Path, told: dict[str, Any]) -> None:
    text = json.dumps(told, allow_nan=False)
    write_atomically(path, lambda part: part.write_text(text, encoding="utf-8"))
