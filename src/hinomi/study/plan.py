"""What a run is going to do, written before anything is computed and never changed.

`plan.json` holds it. A larger number of replicates adds `plan-<n>.json`, which only says how far
the run now goes: batches of the first stretch stay as they are and new ones begin after it.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from numbers import Integral
from typing import Any, Final, Protocol

from hinomi.errors import ScenarioError
from hinomi.study.provenance import code_fingerprint, data_hashes

FORMAT: Final = "hinomi/plan/1"
MAX_REPLICATES: Final = 1_000_000  # a limit against slips of the keyboard
SEEDS: Final = (0, 2**63 - 1)
CHAIN: Final = "hinomi.study.chain"
POINTS: Final = "settings.points"  # in `changes`: settings that every raid is run at
# Names in plans on disk -> where that is now. A plan keeps its own: its files are found by them.
MOVED: Final = {
    "hinomi.sensitivity.chain": "hinomi.settings.chain",
    "sensitivity.points": POINTS,
}
TOLD_ONLY: Final = ("title", "text", "document", "ends")  # the content hash stands for the document


class Scene(Protocol):
    """What a study needs of a scenario."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def document(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def content_hash(self) -> str: ...  # noqa: D102
    @property
    def variant(self) -> str | None: ...  # noqa: D102
    @property
    def changes(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def variants(self) -> Sequence[Any]: ...  # noqa: D102
    @property
    def study(self) -> Any: ...  # noqa: D102
    @property
    def architectures(self) -> Mapping[str, Any]: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Replicates first..stop-1 of every architecture; `key` names its files."""

    index: int
    first: int
    stop: int
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that decides the numbers of a run; `ends` are the totals of its stretches."""

    scenario: str
    title: str
    text: str
    document: dict[str, Any]
    content_hash: str
    changes: dict[str, Any]
    variant: str | None
    data: dict[str, str]
    seed: int
    architectures: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    batch_size: int
    keep: int  # replicates below this number have full flights, plots, tracks and forecasts
    chain: str
    code: dict[str, str]
    ends: tuple[int, ...]

    @property
    def replicates(self) -> int:
        """How many replicates the run has when it is complete."""
        return self.ends[-1]

    @property
    def identity(self) -> str:
        """Hash of all that decides the numbers, except how many replicates there are."""
        return digest(
            {f.name: getattr(self, f.name) for f in fields(self) if f.name not in TOLD_ONLY}
        )

    @property
    def changes_today(self) -> dict[str, Any]:
        """Changes, under the names that they have now."""
        return {today(key): value for key, value in self.changes.items()}

    @property
    def many_settings(self) -> bool:
        """Whether every raid is run at many settings: a part of an answer, no run of a scenario."""
        return POINTS in self.changes_today

    def batches(self) -> list[Batch]:
        """Every batch in order; a pure function of the plan."""
        out: list[Batch] = []
        begin = 0
        identity = self.identity
        for end in self.ends:
            for first in range(begin, end, self.batch_size):
                stop = min(first + self.batch_size, end)
                key = f"{first:07d}-{digest([identity, first, stop])[:24]}"
                out.append(Batch(index=len(out), first=first, stop=stop, key=key))
            begin = end
        return out

    def to_json(self) -> dict[str, Any]:
        """Content of `plan.json`."""
        told = asdict(self)
        told["replicates"] = told.pop("ends")[0]
        return {"format": FORMAT, "identity": self.identity, **told}


def today(name: str) -> str:
    """What a chain, or a key of `changes`, in a plan of any age is called now."""
    return MOVED.get(name, name)


def digest(value: object) -> str:
    """SHA-256 of a value as canonical JSON."""
    text = json.dumps(
        plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: object) -> Any:
    """Turn a value into types that strict JSON has; infinities and NaN become their names."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if hasattr(value, "tolist"):  # numpy scalars and arrays
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


def from_json(first: Mapping[str, Any], later: Sequence[Mapping[str, Any]] = ()) -> Plan:
    """Read the plan in `plan.json` with what the `plan-<n>.json` files add.

    Raises
    ------
    ValueError
        The file is of another format or lacks a key.
    """
    if first.get("format") != FORMAT:
        raise ValueError(f"its format is {first.get('format')!r}, not {FORMAT!r}")
    told = {k: v for k, v in first.items() if k not in ("format", "identity", "replicates")}
    told["architectures"] = tuple(first["architectures"])
    told["pairs"] = tuple((a, b) for a, b in first["pairs"])
    told["ends"] = (first["replicates"], *sorted(extension["replicates"] for extension in later))
    try:
        return Plan(**told)
    except TypeError as error:
        raise ValueError(str(error)) from error


def make_plan(
    scenario: Scene,
    *,
    replicates: int | None = None,
    seed: int | None = None,
    architectures: Sequence[str] | None = None,
    pairs: Sequence[tuple[str, str]] | None = None,
    keep: int | None = None,
    chain: str = CHAIN,
) -> Plan:
    """Plan a run of a scenario; what is not given comes from the scenario.

    Raises
    ------
    ScenarioError
        A number lies outside its limits, or an architecture is not one of the scenario's.
    """
    n = scenario.study.replicates if replicates is None else replicates
    s = scenario.study.seed if seed is None else seed
    within("the number of replicates", n, 1, MAX_REPLICATES)
    within("the seed", s, *SEEDS)
    kept = scenario.study.keep_full if keep is None else keep
    within("the number of replicates with full tables", kept, 0, MAX_REPLICATES)
    chosen = _chosen(scenario, architectures)
    return Plan(
        scenario=scenario.name,
        title=scenario.title,
        text=scenario.text,
        document=plain(scenario.document),
        content_hash=scenario.content_hash,
        changes=plain(scenario.changes),
        variant=scenario.variant,
        data=data_hashes(),
        seed=int(s),
        architectures=chosen,
        pairs=_pairs(scenario, chosen) if pairs is None else tuple((a, b) for a, b in pairs),
        batch_size=int(scenario.study.batch_size),
        keep=int(kept),
        chain=chain,
        code=code_fingerprint(),
        ends=(int(n),),
    )


def within(what: str, value: object, low: int, high: int, *, note: str = "") -> None:
    """Refuse what is no whole number of these limits, whoever asks: `True` and "3" are none."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise ScenarioError(
            f"{what} is {value!r}; it must be a whole number in {low}..{high}{note}"
        )
    if not low <= int(value) <= high:
        raise ScenarioError(f"{what} is {value}; it must lie in {low}..{high}{note}")


def _chosen(scenario: Scene, asked: Sequence[str] | None) -> tuple[str, ...]:
    known = tuple(scenario.architectures)
    names = tuple(asked) if asked else tuple(scenario.study.architectures or known)
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            tail = f"; did you mean {near[0]!r}?" if near else ""
            raise ScenarioError(
                f"{name!r} is no architecture of {scenario.name}; it has {', '.join(known)}{tail}"
            )
    if len(set(names)) < len(names):
        raise ScenarioError(f"an architecture is named twice: {', '.join(names)}")
    return names


def _pairs(scenario: Scene, chosen: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Find the scenario's pairs among the chosen architectures, else each against the first."""
    wanted = [pair for pair in (scenario.study.headline, scenario.study.beside) if pair]
    found = tuple((a, b) for a, b in wanted if a in chosen and b in chosen)
    return found or against_first(scenario, chosen)


def against_first(scenario: Scene, architectures: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Pairs of each other architecture with the first named.

    Each is the other minus the first, but a pair that the scenario itself compares keeps the
    scenario's direction: its difference has one sign, whichever was named first.
    """
    own = (scenario.study.headline, scenario.study.beside)
    first = architectures[0]
    return tuple(
        (first, name) if (first, name) in own else (name, first) for name in architectures[1:]
    )
