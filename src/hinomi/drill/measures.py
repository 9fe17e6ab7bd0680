"""Figures of an exercise: latency by stage, coverage, wrong areas, cancels, people in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from hinomi.drill.record import Record, Sent, seconds_of

QUANTILES: Final = {"p5": 0.05, "p50": 0.5, "p95": 0.95, "p99": 0.99}
ON_WALL, ON_SCENARIO = "wall", "scenario"

Told = dict[str, Any]


def quantiles(values: Iterable[float]) -> Told:
    """Count and quantiles [s]; None where there is nothing to count."""
    found = np.array([v for v in values if np.isfinite(v)])
    if not len(found):
        return {"n": 0, **dict.fromkeys(QUANTILES)}
    told = {k: float(np.quantile(found, q)) for k, q in QUANTILES.items()}
    return {"n": len(found), **told}


def latencies(record: Record, rows: Sequence[Told], expected: Told | None) -> list[Told]:
    """Quantiles of every stage: of the scenario's clock up to the release, of the wall from there on."""
    out = []
    for body_stage in (("launch", "detected"), ("detected", "tracked"), ("tracked", "predicted")):
        first, then = body_stage
        bodies = expected["bodies"] if expected else ()
        gaps = [b[then] - b[first] for b in bodies if first in b and then in b]
        out.append({"stage": f"{first} to {then}", "clock": ON_SCENARIO, **quantiles(gaps)})
    for first, then in (("proposed", "checked"), ("checked", "released"), ("proposed", "released")):
        gaps = list(_between(record, first, then))
        out.append({"stage": f"{first} to {then}", "clock": ON_WALL, **quantiles(gaps)})
    stored = [r["stored_after_s"] for r in rows if r["stored_after_s"] is not None]
    out.append({"stage": "released to received", "clock": ON_WALL, **quantiles(stored)})
    for first, then in (("stored", "shown"), ("shown", "confirmed")):
        a, b = f"{first}_after_s", f"{then}_after_s"
        gaps = [r[b] - r[a] for r in rows if r[a] is not None and r[b] is not None]
        words = f"{'received' if first == 'stored' else first} to {then}"
        out.append({"stage": words, "clock": ON_WALL, **quantiles(gaps)})
    return out


def _between(record: Record, first: str, then: str) -> Iterable[float]:
    """Seconds of the wall between two rows about the same message."""
    begun: dict[str, float] = {}
    names = ("proposal",) if first == "proposed" else ("key",)
    for row in record.rows:
        told = next((str(row.content[n]) for n in names if row.content.get(n)), "")
        if row.kind == first:
            begun[told] = seconds_of(row.at_utc)
        elif row.kind == then and told in begun:
            yield max(0.0, seconds_of(row.at_utc) - begun.pop(told))


def coverage(record: Record, rows: Sequence[Told]) -> list[Told]:
    """Shares received, shown and confirmed of the deliveries of each channel (group of receivers)."""
    groups = record.groups
    out = []
    for group in (*sorted(set(groups.values())), "all"):
        mine = [r for r in rows if group in ("all", groups.get(r["receiver"], ""))]
        count = len(mine)
        told: Told = {"channel": group, "deliveries": count}
        for stage in ("stored", "shown", "confirmed", "refused"):
            met = sum(r[f"{stage}_after_s"] is not None for r in mine)
            told[stage] = met
            told[f"{stage}_share"] = met / count if count else None
        told["delay"] = quantiles(
            r["stored_after_s"] for r in mine if r["stored_after_s"] is not None
        )
        out.append(told)
    return out if len(out) > 2 else out[-1:]


def wrong_shown(record: Record) -> list[Told]:
    """Messages that were shown by a receiver whose municipality their areas do not name."""
    named = {s.key: set(s.named) for s in record.sent}
    forged = forged_keys(record)
    found = []
    for r in record.receipts:
        code = record.receivers.get(r.receiver)
        if r.stage != "shown" or code is None or r.key in forged or r.key not in named:
            continue
        if code not in named[r.key]:
            found.append({"receiver": r.receiver, "code": code, "key": r.key})
    return found


def forged_keys(record: Record) -> set[str]:
    """Keys of the messages that exercise control forged."""
    return {k for act in record.acts if act.kind == "forged-alert" for k in act.keys}


def forged_shown(record: Record) -> int | None:
    """How often a forged message was shown or sounded; None where none was sent."""
    forged = forged_keys(record)
    if not forged:
        return None
    shown = sum(r.stage == "shown" and r.key in forged for r in record.receipts)
    shown += sum(act.step == "answered" and "SHOWN" in act.told for act in record.acts)
    return shown + sum(key in forged for _, key in record.sounds)


def sounded_twice(record: Record) -> int:
    """How often a message sounded again at a receiver."""
    return len(record.sounds) - len(set(record.sounds))


def cancel_first(record: Record) -> int:
    """How often a cancel was shown by a receiver that shows the cancelled alert after it."""
    shown: dict[tuple[str, str], float] = {}
    for r in record.receipts:
        if r.stage == "shown":
            key = (r.receiver, r.key)
            shown[key] = min(seconds_of(r.at_utc), shown.get(key, float("inf")))
    alerts: dict[str, list[Sent]] = {}
    for s in record.sent:
        alerts.setdefault(s.incident, []).append(s)
    count = 0
    for s in record.sent:
        if s.kind != "cancel":
            continue
        before = [a.key for a in alerts[s.incident] if a.revision < s.revision]
        for receiver in record.receivers:
            at = shown.get((receiver, s.key))
            count += at is not None and any(shown.get((receiver, k), -1.0) > at for k in before)
    return count


def lost_alerts(record: Record, rows: Sequence[Told]) -> list[str]:
    """KEY@RECEIVER of each delivery that never came though nothing that was done kept it away.

    What was released less than two seconds of the wall before the end had no time to come.
    """
    last = max(r.t_s for r in record.rows)
    late = {s.key for s in record.sent if last - s.t_s < 2.0 * record.clock.speed}
    return [
        f"{r['key']}@{r['receiver']}"
        for r in rows if r["why"] == "no answer" and r["key"] not in late
    ]  # fmt: skip


def cancel_latencies(record: Record) -> list[Told]:
    """Each false alarm: seconds of the wall from `found` to the cancel's release and its showing."""
    sent = {s.key: s for s in record.sent}
    out = []
    for act in record.acts:
        if act.kind != "false-alarm" or act.step != "found":
            continue
        wrong = set(act.keys)
        incidents = {sent[k].incident for k in wrong if k in sent}
        found_s = seconds_of(act.at_utc)
        cancels = [s for s in record.sent if s.kind == "cancel" and s.incident in incidents]
        at = min((s.wall_s for s in cancels), default=None)
        keys = {s.key for s in cancels}
        shown = [
            seconds_of(r.at_utc) - found_s for r in record.receipts
            if r.stage == "shown" and r.key in keys
        ]  # fmt: skip
        out.append({
            "name": act.name, "t_s": act.t_s, "keys": sorted(wrong),
            "released_after_s": None if at is None else max(0.0, at - found_s),
            "shown": quantiles(shown),
        })  # fmt: skip
    return out


def silent_listed(record: Record) -> list[Told]:
    """Seconds of the wall from a release to the row that lists its silent receivers."""
    sent = {s.key: s for s in record.sent}
    out = []
    for row in record.rows:
        body = row.content
        key = str(body.get("key", ""))
        if row.kind == "unreachable" and key in sent:
            after = max(0.0, seconds_of(row.at_utc) - sent[key].wall_s)
            out.append({"key": key, "after_s": after, "receivers": list(body.get("receivers", ()))})
    return out


def withdrawn(record: Record) -> dict[tuple[str, str], list[tuple[int, float]]]:
    """(incident, code) -> revision and scenario time of each message that ended shelter there.

    A cancel, an all-clear, or an update that no longer asks for it; not those that the end of the
    exercise sent.
    """
    found: dict[tuple[str, str], list[tuple[int, float]]] = {}
    under: dict[str, set[str]] = {}  # incident -> codes under alert
    for s in record.sent:
        before = under.setdefault(s.incident, set())
        now = set() if s.kind == "cancel" else set(s.sheltering)
        under[s.incident] = now
        for code in () if s.closing else sorted(before - now):
            found.setdefault((s.incident, code), []).append((s.revision, s.t_s))
    return found


def people_in_time(
    record: Record, rows: Sequence[Told], needs: Sequence[Mapping[str, Any]],
    shelter_s: Mapping[str, float], otherwise_s: float,
) -> list[Told]:  # fmt: skip
    """Each place in danger: first alert shown before the first arrival, people, time left.

    Times are the scenario's. Places without a receiver are listed and not counted. An alert that was
    withdrawn again before the arrival told nobody to be in shelter then: it does not count.
    """
    first: dict[str, tuple[float, float]] = {}
    for need in needs:
        code, t = str(need["code"]), float(need["t_arrive_s"])
        people = max(float(need["population"]), first.get(code, (0.0, 0.0))[1])
        first[code] = (min(t, first.get(code, (t, 0.0))[0]), people)
    shown: dict[str, float] = {}
    ends = withdrawn(record)
    for r in rows:
        if r["shelters"] and r["shown_t_s"] is not None and not r["overtaken"]:
            code = str(r["code"])
            until = first.get(code, (0.0, 0.0))[0]
            gone = ends.get((str(r["incident"]), code), ())
            if any(n > int(r["revision"]) and t <= until for n, t in gone):
                continue
            shown[code] = min(float(r["shown_t_s"]), shown.get(code, float("inf")))
    taking = set(record.receivers.values())
    out = []
    for code, (arrival, people) in sorted(first.items(), key=lambda item: item[1]):
        needed = shelter_s.get(code, otherwise_s)
        at = shown.get(code)
        lead = None if at is None else arrival - at
        out.append({
            "code": code, "arrival_t_s": arrival, "shown_t_s": at, "lead_s": lead,
            "shelter_s": needed, "population": people, "takes_part": code in taking,
            "in_time": lead is not None and lead >= needed,
        })  # fmt: skip
    return out
