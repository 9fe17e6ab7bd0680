"""What became of each message at each receiver that it was meant for, and why where it did not come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hinomi.drill.record import Record, Sent, seconds_of

STAGES: Final = ("stored", "shown", "confirmed", "refused")
DOWN: Final = {
    "receiver-down": "receiver down",
    "link-cut": "link cut",
    "broker-killed": "dispatcher killed",
}

OVERTAKEN: Final = "cancelled-before"  # a receiver's word for an alert that came after its cancel

Told = dict[str, Any]


def deliveries(record: Record) -> list[Told]:
    """A row for each message and receiver of its areas.

    Times are seconds of the wall after release (`*_after_s`) and of the scenario (`*_t_s`); None where
    it never came. `why` says what stood in the way.
    """
    first = _first(record)
    by_code: dict[str, list[str]] = {}
    for name, code in record.receivers.items():
        by_code.setdefault(code, []).append(name)
    down = outages(record)
    last_s = max(r.t_s for r in record.rows)
    found = []
    for sent in record.sent:
        if sent.closing:  # counted apart: receivers end with the exercise
            continue
        for code in sent.codes:
            cut = down.get(code, [])
            found += [
                _row(record, sent, name, code, first, cut, last_s) for name in by_code.get(code, ())
            ]
    return found


def _first(record: Record) -> dict[tuple[str, str, str], tuple[float, str]]:
    """(receiver, key, stage) -> earliest time of the wall and its reason."""
    found: dict[tuple[str, str, str], tuple[float, str]] = {}
    for r in record.receipts:
        at = (seconds_of(r.at_utc), r.reason)
        key = (r.receiver, r.key, r.stage)
        if key not in found or at < found[key]:
            found[key] = at
    return found


def _row(
    record: Record,
    sent: Sent,
    name: str,
    code: str,
    first: Mapping[tuple[str, str, str], tuple[float, str]],
    outages: Sequence[tuple[float, float, str]],
    last_s: float,
) -> Told:
    row: Told = {
        "key": sent.key, "kind": sent.kind, "incident": sent.incident, "revision": sent.revision,
        "shelters": code in sent.sheltering, "receiver": name, "code": code, "released_t_s": sent.t_s,
    }  # fmt: skip
    for stage in STAGES:
        met = first.get((name, sent.key, stage))
        # A receiver's clock may lag a little behind the sender's: never before the release.
        row[f"{stage}_after_s"] = None if met is None else max(0.0, met[0] - sent.wall_s)
        row[f"{stage}_t_s"] = (
            None if met is None else max(sent.t_s, record.clock.scenario_s(met[0]))
        )
    refused = first.get((name, sent.key, "refused"))
    row["reason"] = refused[1] if refused else ""
    stored = first.get((name, sent.key, "stored"))
    row["overtaken"] = stored is not None and stored[1] == OVERTAKEN
    row["why"] = _why(row, sent, outages, last_s)
    return row


def _why(row: Told, sent: Sent, outages: Sequence[tuple[float, float, str]], last_s: float) -> str:
    """What stood in the way of being shown; nothing where it was."""
    if row["shown_after_s"] is not None:
        return ""
    if row["reason"]:
        return f"refused by the receiver: {row['reason']}"
    met = [
        what
        for low, high, what in outages
        if low <= min(sent.expires_s, last_s) and sent.t_s <= high
    ]
    if met:
        return ", ".join(dict.fromkeys(met))
    if row["stored_after_s"] is not None:
        return "received, not shown: expired, or replaced before"
    if last_s - sent.t_s < 2.0:
        return "the exercise ended"
    return "no answer"


def outages(record: Record) -> dict[str, list[tuple[float, float, str]]]:
    """Code -> spans of the scenario clock in which its receiver was cut off, and by what."""
    begun: dict[str, tuple[float, str, tuple[str, ...]]] = {}
    found: dict[str, list[tuple[float, float, str]]] = {}
    end = max(r.t_s for r in record.rows)
    codes = tuple(sorted(set(record.receivers.values())))
    for act in record.acts:
        if act.kind not in DOWN:
            continue
        if act.step == "begun":
            begun[act.name] = (act.t_s, DOWN[act.kind], act.codes or codes)
        elif act.step == "ended" and act.name in begun:
            low, what, where = begun.pop(act.name)
            for code in where:
                found.setdefault(code, []).append((low, act.t_s, what))
    for low, what, where in begun.values():
        for code in where:
            found.setdefault(code, []).append((low, end, what))
    return found
