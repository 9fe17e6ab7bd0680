"""From a claim to the numbers of a run, the links that read them and the headlines they can move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hinomi.errors import FenceError, ScenarioError
from hinomi.evidence.claim import Claim, Evidence, Support
from hinomi.evidence.links import claim_key, readers_of, scenario_key, was_set
from hinomi.evidence.rule import RULE, Linked, by_key, value_for
from hinomi.evidence.stated import read_stated
from hinomi.scenario.changes import refuse_threat_keys
from hinomi.scenario.mistakes import nearest
from hinomi.scenario.model import Parameter, Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """One number of a run: where it comes from and what it can move."""

    parameter: Parameter
    claims: tuple[tuple[Claim, Support], ...]
    pick: Claim | None
    verdict: str  # how the number relates to its claims
    links: tuple[str, ...]
    headlines: tuple[str, ...]
    closed: bool  # what is flown: traced, never varied


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What a claim or a key leads to."""

    asked: str
    claim: Claim | None
    numbers: tuple[Traced, ...]
    elsewhere: tuple[str, ...]  # keys that the claim supports and this run does not use


def trace(scenario: Scenario, evidence: Evidence, asked: str) -> Trace:
    """Follow a claim, or a number, through a run.

    Raises
    ------
    ScenarioError
        when it is neither the id of a claim nor (the beginning of) a key of the run.
    """
    listed = {p.key: p for p in scenario.assumptions}
    claim = next((c for c in evidence.claims if c.id == asked), None)
    behind = by_key(evidence)
    if claim is not None:
        keys = [scenario_key(s.key) for s in claim.supports]
        return Trace(
            asked=asked, claim=claim,
            numbers=tuple(_traced(listed[k], behind) for k in keys if k in listed),
            elsewhere=tuple(k for k in keys if k not in listed),
        )  # fmt: skip
    wanted = asked if asked in listed else scenario_key(asked)
    found = [
        p for k, p in listed.items() if k == wanted or k.startswith((f"{wanted}.", f"{wanted}["))
    ]
    if not found:
        ids = [c.id for c in evidence.claims]
        near = nearest(asked, [*ids, *listed, *map(claim_key, listed)])
        raise ScenarioError(
            f"--trace {asked}: neither a claim (`hinomi evidence`) nor a number of {scenario.name} "
            f"(`hinomi explain {scenario.name}`)" + (f"; did you mean {near!r}?" if near else "")
        )
    return Trace(
        asked=asked, claim=None, numbers=tuple(_traced(p, behind) for p in found), elsewhere=()
    )


def _traced(parameter: Parameter, behind: Mapping[str, list[tuple[Claim, Support]]]) -> Traced:
    key = claim_key(parameter.key)
    claims = () if was_set(parameter) else tuple(behind.get(key, ()))
    number = Linked(
        key=key, value=parameter.value, low=parameter.value, high=parameter.value,
        grade=parameter.grade, claims=claims,
    )  # fmt: skip
    links, headlines = readers_of(parameter.key)
    try:
        refuse_threat_keys(parameter.key)
        closed = False
    except FenceError:
        closed = True
    return Traced(
        parameter=parameter, claims=claims, pick=number.pick[0] if claims else None,
        verdict=number.verdict if claims else "", links=links, headlines=headlines, closed=closed,
    )  # fmt: skip


def trace_lines(found: Trace) -> Iterator[str]:
    """The same in plain text."""
    if found.claim is not None:
        yield from _claim_lines(found.claim, "claim ")
        if not found.claim.supports:
            yield "  stands behind no number of the model: it is context"
        for key in found.elsewhere:
            yield f"  stands behind {key}, which this run does not use"
    for number in found.numbers:
        p = number.parameter
        unit = "" if p.unit == "1" else f" {p.unit}"
        spread = "" if p.low is None and p.high is None else f" ({p.low or 0:g} to {p.high or 0:g})"
        yield f"  -> {p.key} = {p.value:g}{unit}{spread}, {p.grade}"
        if found.claim is None:
            for claim, _ in number.claims:
                yield from _claim_lines(claim, "       from ")
        if number.pick is not None:
            yield f"       the rule picks {number.pick.id}; in use is {number.verdict}"
        elif found.claim is None:
            yield f"       no claim stands behind it: {p.source}"
        yield f"       read by: {', '.join(number.links) or 'nothing that is known'}"
        yield f"       can move: {', '.join(number.headlines) or 'no headline figure'}"
        if number.closed:
            yield "       what is flown is given and never varied: it is traced, not set"
    if any(n.claims for n in found.numbers):
        yield f"  rule: {RULE}"


def _claim_lines(claim: Claim, head: str) -> Iterator[str]:
    basis = f" [{claim.basis}]" if claim.basis else ""
    yield f"{head}{claim.id}: {claim.words}{basis}, {claim.who}, {claim.as_of_text}, {claim.grade}"
    yield f"{' ' * len(head)}{claim.where}{' ' + claim.address if claim.address else ''}"


def trace_object(found: Trace) -> dict[str, Any]:
    """The same as one JSON-ready object."""
    return {
        "asked": found.asked,
        "claim": None if found.claim is None else found.claim.id,
        "elsewhere": list(found.elsewhere),
        "rule": RULE,
        "numbers": [
            {
                "key": n.parameter.key, "value": n.parameter.value, "unit": n.parameter.unit,
                "low": n.parameter.low, "high": n.parameter.high, "grade": n.parameter.grade,
                "claims": [c.id for c, _ in n.claims], "pick": n.pick.id if n.pick else None,
                "verdict": n.verdict, "links": list(n.links), "headlines": list(n.headlines),
                "closed": n.closed,
            }
            for n in found.numbers
        ],
    }  # fmt: skip


def changes_for(
    scenario: Scenario, evidence: Evidence, wanted: Mapping[str, object]
) -> tuple[dict[str, object], list[str]]:
    """Changes of a scenario that another value of a claim would make, and what to say about them.

    Parameters
    ----------
    wanted
        id of a claim -> its value as printed, in the claim's unit; or key -> value.

    Raises
    ------
    ScenarioError
        when a claim stands behind no number of this run, or its value is none.
    FenceError
        when the number describes what is flown.
    """
    listed = {p.key for p in scenario.assumptions}
    claims = {c.id: c for c in evidence.claims}
    behind = by_key(evidence)
    changes: dict[str, object] = {}
    notes: list[str] = []
    for name, value in wanted.items():
        claim = claims.get(name)
        if claim is None:
            key = name if name in listed else scenario_key(name)
            if key not in listed:
                trace(scenario, evidence, name)  # says what it may have been
            changes[key] = value
            continue
        keys = [s for s in claim.supports if scenario_key(s.key) in listed and not s.year]
        if not keys or claim.stated is None:
            raise ScenarioError(
                f"--set {name}: this claim stands behind no number that {scenario.name} uses, so nothing "
                f"can move; `hinomi explain {scenario.name} --json` lists the claims that do"
            )
        new = _with_value(claim, value)
        for support in keys:
            key = scenario_key(support.key)
            changes[key] = value_for(new, support)
            notes.append(f"{name}: {claim.words} -> {new.words}: {key} = {changes[key]:.6g}")
            pick = _traced(next(p for p in scenario.assumptions if p.key == key), behind).pick
            if pick is not None and pick.id != name:
                notes.append(
                    f"  by the rule {pick.id} decides this number; {name} is taken in its place"
                )
    for key in changes:
        refuse_threat_keys(key)
    return changes, notes


def _with_value(claim: Claim, value: object) -> Claim:
    from dataclasses import replace

    stated = read_stated(value, name=f"--set {claim.id}")
    return replace(claim, stated=stated, printed=str(value))
