"""Answers of `hinomi evidence`: topics, one topic, contradictions; as text and as one object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from hinomi.errors import ScenarioError
from hinomi.evidence.claim import Claim, Evidence
from hinomi.evidence.conflict import (
    AGREE,
    BASIS,
    CONFLICT,
    EXCHANGE,
    TIME,
    VERDICTS,
    Group,
    conflicting,
    counts,
    groups,
)
from hinomi.evidence.links import linked, not_yet_linked
from hinomi.evidence.rule import PICKED, RULE, picked
from hinomi.scenario.mistakes import nearest

FORMAT: Final = "hinomi/evidence-answer/1"


def chosen(evidence: Evidence, topic: str | None) -> tuple[Group, ...]:
    """Quantities of a topic, or whose key begins so; all without one.

    Raises
    ------
    ScenarioError
        when nothing is called so.
    """
    if topic is None or topic in evidence.topics:
        return groups(evidence, topic=topic)
    found = tuple(
        g for g in groups(evidence) if g.quantity == topic or g.quantity.startswith(f"{topic}.")
    )
    if not found:
        keys = [g.quantity for g in groups(evidence)]
        near = nearest(topic, [*evidence.topics, *keys])
        raise ScenarioError(
            f"nothing is known of {topic!r}; topics are {', '.join(sorted(evidence.topics))}"
            + (f"; did you mean {near!r}?" if near else "")
        )
    return found


def comparable(group: Group) -> list[list[Claim]]:
    """Claims of a quantity in sets of the same basis and time; the rule picks one of each."""
    sets: list[list[Claim]] = []
    apart = {(p.first.id, p.second.id) for p in group.pairs if p.verdict in (BASIS, TIME)}
    for claim in group.claims:
        home = next((s for s in sets if all((o.id, claim.id) not in apart for o in s)), None)
        if home is None:
            sets.append([claim])
        else:
            home.append(claim)
    return sets


def overview_lines(evidence: Evidence) -> Iterator[str]:
    """Topics with their counts."""
    everything = groups(evidence)
    total = counts(everything)
    yield (
        f"{len(evidence.claims)} claims about {len(everything)} quantities; "
        f"{total[CONFLICT]} quantities with a contradiction, {total[EXCHANGE]} that agree only within "
        "the exchange rate"
    )
    width = max(len(t) for t in evidence.topics)
    for topic in sorted(evidence.topics):
        mine = groups(evidence, topic=topic)
        n = sum(c.topic == topic for c in evidence.claims)
        bad = counts(mine)[CONFLICT]
        claims = f"{n:>4} claim{'s' if n != 1 else ' '}"
        odds = f"{bad:>3} contradiction{'s' if bad != 1 else ' '}"
        yield f"  {topic:<{width}}  {claims}  {odds}  {evidence.topics[topic]}"
    numbers = linked(evidence)
    yield (
        f"{len(numbers)} numbers of the model stand on claims, "
        f"{sum(n.verdict == PICKED for n in numbers)} of them on the one that the rule picks; "
        f"published and not yet linked: {', '.join(not_yet_linked(evidence)) or 'none'}"
    )
    yield f"rule: {RULE}"
    yield "hinomi evidence TOPIC shows one, --conflicts all contradictions, -o FILE.html a page"


def group_lines(found: Sequence[Group]) -> Iterator[str]:
    """Quantities with their claims, contradictions first."""
    for group in conflicting(found):
        yield ""
        mark = f"  [{group.worst}]" if group.pairs else ""
        yield f"{group.title}{mark}"
        picks = {picked(s, native=group.native).id for s in comparable(group) if len(s) > 1}
        for claim in group.claims:
            star = ">" if claim.id in picks else " "
            basis = f" [{claim.basis}]" if claim.basis else ""
            yield f" {star} {claim.words}{basis}"
            yield f"     {claim.who}, {claim.as_of_text}, {claim.grade}: {claim.where}  ({claim.id})"
            if claim.note:
                yield f"     {claim.note}"
        for pair in group.conflicts:
            yield f"   ! {pair.first.words} / {pair.second.words}: {pair.why}"


def conflict_lines(found: Sequence[Group]) -> Iterator[str]:
    """Only the contradictions."""
    bad = [g for g in found if g.worst == CONFLICT]
    yield f"{len(bad)} quantities with a contradiction; > marks what the rule picks"
    yield from group_lines(bad)
    yield ""
    yield f"rule: {RULE}"


def told(evidence: Evidence, found: Sequence[Group], *, topic: str | None) -> dict[str, Any]:
    """Everything as one JSON-ready object."""
    there = {c.id for g in found for c in g.claims}
    return {
        "format": FORMAT,
        "topic": topic,
        "rule": RULE,
        "counts": counts(found),
        "quantities": [_group(g) for g in conflicting(found)],
        "instruments": [
            {"id": i.id, "title": i.title, "kind": i.kind, "date": i.date_text}
            for i in evidence.instruments
        ],
        "numbers": [
            {
                "key": n.key, "value": n.value, "low": n.low, "high": n.high, "grade": n.grade,
                "claims": [c.id for c, _ in n.claims], "pick": n.pick[0].id, "verdict": n.verdict,
            }
            for n in linked(evidence)
            if any(c.id in there for c, _ in n.claims)
        ],
        "not_yet_linked": not_yet_linked(evidence),
    }  # fmt: skip


def _group(group: Group) -> dict[str, Any]:
    return {
        "quantity": group.quantity,
        "title": group.title,
        "verdict": group.worst if group.pairs else None,
        "picks": [picked(s, native=group.native).id for s in comparable(group)],
        "claims": [claim_object(c) for c in group.claims],
        "pairs": [
            {"first": p.first.id, "second": p.second.id, "verdict": p.verdict, "why": p.why}
            for p in sorted(group.pairs, key=lambda p: VERDICTS.index(p.verdict))
            if p.verdict != AGREE
        ],
    }


def claim_object(claim: Claim) -> dict[str, Any]:
    """One claim, JSON-ready."""
    return {
        "id": claim.id, "quantity": claim.quantity, "kind": claim.kind, "value": claim.printed,
        "unit": claim.unit, "basis": claim.basis, "as_of": claim.as_of_text, "who": claim.who,
        "primary": claim.primary, "where": claim.where, "address": claim.address,
        "grade": claim.grade, "note": claim.note, "supports": [s.key for s in claim.supports],
    }  # fmt: skip
