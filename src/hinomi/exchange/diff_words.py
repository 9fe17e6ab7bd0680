"""A comparison in plain text and as one object: inputs, provenance, headlines, and who moved what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from hinomi.exchange.attribute import Attribution
from hinomi.exchange.inputs import CHANGED, GRADE, ONLY_A, ONLY_B, RANGE, Change, shown
from hinomi.exchange.moved import MOVED, SAME, Moved
from hinomi.exchange.sides import Input, Side
from hinomi.study.figure_words import counted, short
from hinomi.study.statistics import SAME as ALIKE
from hinomi.study.statistics import Interval

MOST_LINES: Final = 40
HEADS: Final = {
    CHANGED: "values that differ",
    ONLY_A: "only in A",
    ONLY_B: "only in B",
    RANGE: "same value, another range",
    GRADE: "same number, another source or grade",
}


def answer(
    a: Side,
    b: Side,
    found: Sequence[Change],
    made: dict[str, Any],
    moved: Sequence[Moved],
    who: Attribution | None,
) -> dict[str, Any]:
    """Everything as one JSON-ready object."""
    return {
        "format": "hinomi/diff/1",
        "a": {"label": a.label, "scenario": a.scenario, "missing": list(a.missing)},
        "b": {"label": b.label, "scenario": b.scenario, "missing": list(b.missing)},
        "inputs": [c.told() for c in found],
        "provenance": made,
        "headlines": [m.told() for m in moved],
        "cause": cause(found, made, moved),
        **({"attribution": who.told()} if who else {}),
    }


def lines(
    a: Side,
    b: Side,
    found: Sequence[Change],
    made: dict[str, Any],
    moved: Sequence[Moved],
    who: Attribution | None,
) -> Iterator[str]:
    """The same, one text a line."""
    yield f"A {a.label}: {_side(a)}"
    yield f"B {b.label}: {_side(b)}"
    for name, side in (("A", a), ("B", b)):
        if side.missing:
            yield f"{name} is of another version or unfinished; not there: {', '.join(side.missing)}"
    yield ""
    yield from _inputs(found)
    yield ""
    yield from _provenance(made)
    if moved:
        yield ""
        yield from _headlines(moved)
    if moved or who is None:
        yield ""
        yield cause(found, made, moved)
    if who is not None:
        yield ""
        yield from _attribution(who)


def _side(side: Side) -> str:
    variant = f" ({side.variant})" if side.variant else ""
    count = "no results" if side.folder is None else counted(side.replicates or 0, "replicate")
    return f"{side.scenario}{variant}, {count}, seed {side.seed}"


def _inputs(found: Sequence[Change]) -> Iterator[str]:
    if not found:
        yield "Inputs: none differs"
        return
    yield f"Inputs: {len(found)} {'differs' if len(found) == 1 else 'differ'}"
    for kind, head in HEADS.items():
        some = [c for c in found if c.kind == kind]
        if not some:
            continue
        yield f"  {head}: {len(some)}"
        width = max(len(c.key) for c in some[:MOST_LINES])
        for c in some[:MOST_LINES]:
            if kind == GRADE:
                yield f"    {c.key:<{width}}  {_source(c.a)} -> {_source(c.b)}"
            else:
                yield f"    {c.key:<{width}}  {_value(c.a)} -> {_value(c.b)}"
        if len(some) > MOST_LINES:
            yield f"    and {len(some) - MOST_LINES} more; --json lists all"


def _value(given: Input | None) -> str:
    if given is None:
        return "-"
    value = shown(given.value)
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    if given.low is not None or given.high is not None:
        text += f" ({given.low if given.low is not None else '-'} to {given.high if given.high is not None else '-'})"
    return f"{text} [{given.grade}]" if given.grade else text


def _source(given: Input | None) -> str:
    return "-" if given is None else f"{given.grade}: {shown(given.source)}"


def _provenance(made: dict[str, Any]) -> Iterator[str]:
    apart = [f"{k} {x} -> {y}" for k in ("seed", "replicates", "variant") for x, y in [made[k]] if x != y]  # fmt: skip
    yield "Settings: " + ("; ".join(apart) or "same seed, replicates and variant")
    x, y = made["architectures"]
    if x != y:
        yield f"Architectures: {', '.join(x)} -> {', '.join(y)}"
    told = {**made["code"], **made["versions"]}
    code = "; ".join(f"{k} {p or 'absent'} -> {q or 'absent'}" for k, (p, q) in told.items())
    if "code" in made["unknown"]:
        code = "not told by both sides"
    yield "Code and versions: " + (code or "the same")
    data = ", ".join(made["data"][:12]) + (" ..." if len(made["data"]) > 12 else "")
    if "data" in made["unknown"]:
        data = "not told by both sides"
    yield "Shipped data: " + (f"{len(made['data'])} files differ: {data}" if made["data"] else data or "the same")  # fmt: skip


def _figure(x: Interval) -> str:
    if x.value != x.value:
        return "-"
    if x.method == ALIKE:
        return f"{_short(x.value)} (the same in all {x.n} raids)"
    if x.low != x.low:
        return _short(x.value)
    return f"{_short(x.value)} [{_short(x.low)}, {_short(x.high)}]"


def _short(value: float) -> str:
    return "never" if value in (float("inf"), float("-inf")) else short(value)


def _headlines(moved: Sequence[Moved]) -> Iterator[str]:
    methods = sorted({m.how for m in moved})
    yield f"STUDY 研究 - headlines, B minus A ({', '.join(methods)}; 95 %, chance only)"
    for name in dict.fromkeys(m.architecture for m in moved):
        mine = [m for m in moved if m.architecture == name]
        apart = [m for m in mine if m.verdict != SAME]
        same = len(mine) - len(apart)
        yield f"  {name}: {same} of {len(mine)} headlines the same"
        if not apart:
            continue
        rows = [("", "A", "B", "change", "")]
        rows += [
            (f"{m.headline}", _figure(m.a), _figure(m.b), _figure(m.change), m.verdict)
            for m in apart
        ]
        widths = [max(len(r[i]) for r in rows) for i in range(4)]
        for head, *cells, verdict in rows:
            body = "  ".join(f"{c:>{w}}" for c, w in zip(cells, widths[1:], strict=True))
            yield f"    {head:<{widths[0]}}  {body}  {verdict}".rstrip()
    tested = sum(m.verdict != SAME for m in moved)
    if tested:
        count = "1 difference was" if tested == 1 else f"{tested} differences were"
        yield (
            f"  {count} looked at: with 95 % intervals about one in twenty is called moved by "
            "chance alone"
        )


def cause(found: Sequence[Change], made: dict[str, Any], moved: Sequence[Moved]) -> str:
    """Say who moved the headlines, or that it cannot be told."""
    inputs = [c for c in found if c.kind != GRADE]
    others = [k for k in ("code", "data") if made[k]]
    others += [f"{k} (not told by both)" for k in made["unknown"]]
    others += ["versions"] if made["versions"] and not made["code"] else []
    if not moved:
        return "No headlines to compare: give two folders of runs with an architecture in common."
    if not any(m.verdict == MOVED for m in moved):
        return "No headline moved more than chance explains."
    if not inputs and not others:
        if made["seed"][0] != made["seed"][1]:
            return "Only the seed differs: what moved did so by chance."
        return "Nothing that is kept differs, and yet headlines moved: verify both folders."
    if len(inputs) == 1 and not others:
        return f"Only {inputs[0].key} differs: it moved what moved."
    words = ([f"{len(inputs)} input{'s' if len(inputs) > 1 else ''}"] if inputs else []) + [
        f"the {x}" for x in others
    ]
    what = " and ".join(words)
    if len(inputs) > 1:
        return f"{what} differ together, so none can be named; --attribute changes one at a time."
    hint = "; --attribute tries the input with one code" if inputs else ""
    return f"{what} differ, so what moved cannot be given to one of them{hint}."


def _attribution(who: Attribution) -> Iterator[str]:
    yield (
        f"One input at a time, {who.architecture}, {counted(who.replicates, 'replicate')} on the same draws, "
        f"all with this installation ({who.seconds:.0f} s)"
    )
    apart = [i for i, m in enumerate(who.whole) if m.verdict != SAME]
    if not apart:
        yield "  between the two scenarios no headline differs in these replicates"
    for i in apart:
        whole = who.whole[i]
        yield f"  {whole.headline}: {_figure(whole.change)} in all"
        width = max((len(t.key) for t in who.tried), default=0)
        for t in who.tried:
            forth, back = t.forward[i], t.back[i]
            if forth.verdict == back.verdict == SAME:
                continue
            yield (
                f"    {t.key:<{width}}  {_figure(forth.change)} from A towards B, "
                f"{_figure(back.change)} from B towards A"
            )
        total = sum(t.forward[i].change.value for t in who.tried)
        if total == total and whole.change.value == whole.change.value:
            yield f"    left to inputs acting together, from A: {_short(whole.change.value - total)}"
    for key, why in who.left_out[:MOST_LINES]:
        yield f"  not tried: {key}: {why}"
