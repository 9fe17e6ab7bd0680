"""One HTML page of claims: contradictions first, the steps as a picture, every claim with its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any, Final

from hinomi import __version__
from hinomi.evidence.answer import comparable
from hinomi.evidence.claim import Claim, Evidence
from hinomi.evidence.conflict import (
    AGREE,
    CONFLICT,
    EXCHANGE,
    VERDICTS,
    Group,
    Pair,
    conflicting,
    span,
)
from hinomi.evidence.links import linked, readers_of
from hinomi.evidence.picture import instrument_of, timeline_svg
from hinomi.evidence.rule import RULE, picked
from hinomi.study.banner import banner
from hinomi.study.template import rendered

HEADING: Final = "STUDY - claims of the public record, as their sources state them"
HEADING_JA: Final = "研究 - 公開資料の記述を出典ごとに示すもので警報ではありません"
CLASSES: Final = dict(
    zip(VERDICTS, ("bad", "money", "digits", "basis", "time", "good"), strict=True)
)


def page_text(evidence: Evidence, found: Sequence[Group], told: Mapping[str, Any]) -> str:
    """The page; opens offline. Texts of claims are shown as text, never as markup."""
    from markupsafe import Markup

    style = resources.files("hinomi") / "data" / "templates" / "report.css"
    steps = any(instrument_of(g.quantity) for g in found)
    ordered = conflicting(found)
    content = {
        "version": __version__,
        "shown": banner("study"),
        "heading": f"{HEADING}  {HEADING_JA}",
        "title": _title(evidence, told["topic"]),
        "rule": RULE,
        "counts": told["counts"],
        "claims": sum(len(g.claims) for g in found),
        "picture": Markup(timeline_svg(evidence, found)) if steps else "",  # noqa: S704 - our own drawing
        "conflicts": _by_topic(evidence, "conflict", [g for g in ordered if g.worst == CONFLICT]),
        "converted": [_group(g) for g in ordered if g.worst == EXCHANGE],
        "others": _by_topic(
            evidence, "topic", [g for g in ordered if g.worst not in (CONFLICT, EXCHANGE)]
        ),
        "numbers": _numbers(evidence, found),
        "style": Markup(style.read_text(encoding="utf-8")),  # noqa: S704 - ships with the package
    }
    return rendered("evidence.html.j2", content)


def _title(evidence: Evidence, topic: str | None) -> str:
    if topic is None:
        return "What the public record says"
    return evidence.topics.get(topic, topic)


def _by_topic(evidence: Evidence, prefix: str, found: Sequence[Group]) -> list[dict[str, Any]]:
    """Groups of claims under their topics, in the order of the topics' titles."""
    out: dict[str, list[dict[str, Any]]] = {}
    for group in found:
        out.setdefault(group.claims[0].topic, []).append(_group(group))
    return [
        {"id": f"{prefix}-{i}", "title": evidence.topics.get(topic, topic), "groups": groups}
        for i, (topic, groups) in enumerate(
            sorted(out.items(), key=lambda x: evidence.topics.get(x[0], x[0]))
        )
    ]


def _group(group: Group) -> dict[str, Any]:
    picks = {picked(s, native=group.native).id for s in comparable(group) if len(s) > 1}
    return {
        "title": group.title,
        "key": group.quantity,
        "verdict": group.worst if group.pairs else "one claim",
        "mark": CLASSES[group.worst] if group.pairs else "single",
        "claims": [_claim(c, picked_by_rule=c.id in picks) for c in group.claims],
        "pairs": _clashes(group.conflicts),
        "converted": _clashes([p for p in group.pairs if _only_converted(p)]),
        "agreeing": sorted(
            {p.verdict for p in group.pairs if p.verdict not in (CONFLICT, AGREE)}, key=VERDICTS.index
        ),
    }  # fmt: skip


def _only_converted(pair: Pair) -> bool:
    """Whether two amounts in one currency differ by the exchange rate alone."""
    return pair.verdict == EXCHANGE and pair.first.currency == pair.second.currency


def _clashes(pairs: Sequence[Pair]) -> list[dict[str, str]]:
    """Pairs that differ, those with the same two values told once."""
    told: dict[tuple[str, str], dict[str, list[str]]] = {}
    for pair in pairs:
        sides = told.setdefault(
            (pair.first.words, pair.second.words), {"a": [], "b": [], "why": [pair.why]}
        )
        sides["a"].append(pair.first.who)
        sides["b"].append(pair.second.who)
    return [
        {
            "first": first, "second": second, "why": sides["why"][0],
            "who": " / ".join(", ".join(dict.fromkeys(sides[side])) for side in ("a", "b")),
        }
        for (first, second), sides in told.items()
    ]  # fmt: skip


def _claim(claim: Claim, *, picked_by_rule: bool) -> dict[str, Any]:
    link = claim.address.split(" ; ")[0]
    return {
        "words": claim.words,
        "span": span(claim) if claim.stated is not None and claim.kind != "date" else "",
        "basis": claim.basis,
        "who": claim.who,
        "primary": claim.primary,
        "as_of": claim.as_of_text,
        "where": claim.where,
        "address": link if link.startswith(("https://", "http://")) else "",
        "grade": claim.grade,
        "note": claim.note,
        "id": claim.id,
        "picked": picked_by_rule,
    }


def _numbers(evidence: Evidence, found: Sequence[Group]) -> list[dict[str, Any]]:
    there = {c.id for g in found for c in g.claims}
    return [
        {
            "key": n.key, "value": f"{n.value:,.10g}", "low": f"{n.low:,.10g}", "high": f"{n.high:,.10g}",
            "pick": n.pick[0].id, "verdict": n.verdict, "claims": [c.id for c, _ in n.claims],
            "headlines": ", ".join(readers_of(n.key)[1]) or "none",
        }
        for n in linked(evidence)
        if any(c.id in there for c, _ in n.claims)
    ]  # fmt: skip
