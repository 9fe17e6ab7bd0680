"""Which input moved which headline: small paired studies with one input changed at a time.

From A towards B each input is changed alone, and from B towards A each is changed back alone; where
the two disagree, inputs act together. All runs are of this installation and the same draws.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hinomi.errors import FenceError, HinomiError, ScenarioError
from hinomi.exchange.inputs import CHANGED, RANGE, Change
from hinomi.exchange.moved import Moved, headlines
from hinomi.exchange.sides import Input, Side, side_of
from hinomi.notebook.run import run
from hinomi.scenario.changes import refuse_threat_keys
from hinomi.scenario.load import load_text
from hinomi.scenario.model import Scenario
from hinomi.study.figure_words import counted

REPLICATES: Final = 6  # assumed: the fewest for which a median has an interval
MOST_REPLICATES: Final = 50
MOST_TRIED: Final = 12
TOWARDS_B, TOWARDS_A = "A towards B", "B towards A"
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One input, and what changing it alone did to the headlines."""

    key: str
    forward: tuple[Moved, ...]  # A with B's value, minus A
    back: tuple[Moved, ...]  # B minus B with A's value


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """What was tried, what could not be, and the whole difference on the same draws."""

    architecture: str
    replicates: int
    whole: tuple[Moved, ...]
    tried: tuple[Tried, ...]
    left_out: tuple[tuple[str, str], ...]  # key, why
    seconds: float

    def told(self) -> dict[str, Any]:
        """As a JSON-ready object."""
        return {
            "architecture": self.architecture,
            "replicates": self.replicates,
            "whole": [m.told() for m in self.whole],
            "tried": [
                {
                    "key": t.key,
                    TOWARDS_B: [m.told() for m in t.forward],
                    TOWARDS_A: [m.told() for m in t.back],
                }
                for t in self.tried
            ],
            "left_out": [{"key": key, "why": why} for key, why in self.left_out],
        }


def attribute(
    a: Side,
    b: Side,
    found: Sequence[Change],
    *,
    architecture: str | None,
    replicates: int,
    tell: Tell,
) -> Attribution:
    """Run both ends, then each input changed alone, towards B and back.

    Raises
    ------
    ScenarioError
        when a side has no scenario that this version loads, or nothing can be tried.
    """
    if not 2 <= replicates <= MOST_REPLICATES:
        raise ScenarioError(
            f"-n is {replicates}; with --attribute it must lie in 2..{MOST_REPLICATES}"
        )
    keys, left_out = _can_try(found)
    if not keys:
        raise ScenarioError(
            "--attribute: no input differs that can be changed alone"
            + "".join(f"\n{key}: {why}" for key, why in left_out[:10])
        )
    name = _architecture(a, b, architecture)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as temporary:
        bench = _Bench(Path(temporary), a, b, name, replicates)
        tell(f"two runs of {counted(replicates, 'replicate')} of {name}, then {2 * len(keys)} more")
        ends = bench.end(a), bench.end(b)
        each_s = (time.perf_counter() - began) / 2.0
        tell(f"{each_s:.0f} s each so far: about {2 * len(keys) * each_s:.0f} s to go")
        whole = tuple(headlines(*ends))
        tried = []
        for change in keys:
            forward = bench.changed(a, change.key, change.b)
            back = bench.changed(b, change.key, change.a)
            if isinstance(forward, str) or isinstance(back, str):
                left_out.append((change.key, str(forward if isinstance(forward, str) else back)))
                continue
            tried.append(
                Tried(
                    key=change.key,
                    forward=tuple(headlines(ends[0], forward)),
                    back=tuple(headlines(back, ends[1])),
                )
            )
    return Attribution(
        architecture=name,
        replicates=replicates,
        whole=whole,
        tried=tuple(tried),
        left_out=tuple(left_out),
        seconds=time.perf_counter() - began,
    )


def _can_try(found: Sequence[Change]) -> tuple[list[Change], list[tuple[str, str]]]:
    """Inputs that can be changed alone, and why the others cannot."""
    keys: list[Change] = []
    left_out: list[tuple[str, str]] = []
    for change in found:
        if change.kind not in (CHANGED, RANGE):
            if change.kind != "source":
                left_out.append((change.key, f"{change.kind}: nothing to change it to"))
            continue
        try:
            refuse_threat_keys(change.key)
        except FenceError:
            left_out.append((change.key, "what is flown is given, and never varied for an outcome"))
        except ScenarioError:
            left_out.append((change.key, "is no single key"))
        else:
            if len(keys) < MOST_TRIED:
                keys.append(change)
            else:
                left_out.append((change.key, f"only the first {MOST_TRIED} are tried"))
    return keys, left_out


def _architecture(a: Side, b: Side, asked: str | None) -> str:
    both = [x for x in a.architectures if x in b.architectures]
    if not both:
        raise ScenarioError("--attribute: the two sides have no architecture in common")
    if asked is not None:
        if asked not in both:
            raise ScenarioError(f"--architecture is {asked!r}; both sides have {', '.join(both)}")
        return asked
    return a.pair[0] if a.pair and a.pair[0] in both else both[-1]


class _Bench:
    """Small runs in a folder that goes away; every one on the draws of A's seed."""

    def __init__(self, folder: Path, a: Side, b: Side, architecture: str, replicates: int) -> None:
        self._folder = folder
        self._architecture = architecture
        self._replicates = replicates
        self._seed = a.seed if a.seed is not None else b.seed or 1
        self._names: Iterator[int] = iter(range(10_000))

    def end(self, side: Side) -> Side:
        """Run a side as it is."""
        return self._run(_loaded(side, {}))

    def changed(self, side: Side, key: str, to: Input | None) -> Side | str:
        """Run a side with one input of the other; the reason where that is no scenario."""
        try:
            return self._run(_loaded(side, {key: _value(to)}))
        except HinomiError as error:
            return str(error).splitlines()[0]

    def _run(self, scenario: Scenario) -> Side:
        out = self._folder / str(next(self._names))
        run(
            scenario, replicates=self._replicates, seed=self._seed, out=out, workers=1,
            architectures=[self._architecture], keep_tracks=0, quiet=True,
        )  # fmt: skip
        return side_of(str(out))


def _value(given: Input | None) -> object:
    if given is None or not given.grade:
        return None if given is None else given.value
    told = {"value": given.value, "grade": given.grade, "source": given.source}
    return told | {k: v for k, v in (("low", given.low), ("high", given.high)) if v is not None}


def _loaded(side: Side, extra: dict[str, object]) -> Scenario:
    if not side.text:
        raise ScenarioError(f"--attribute: {side.label} does not keep its scenario's text")
    changes = {**side.changes, **extra}
    return load_text(side.text, side.scenario, changes=changes, variant=side.variant)
