"""After an exercise: what happened, by stage, channel, place and objective; JSON-ready."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from hinomi import __version__
from hinomi.drill import measures as m
from hinomi.drill.deliveries import deliveries
from hinomi.drill.enrolled import place_row
from hinomi.drill.expected import FILE as EXPECTED
from hinomi.drill.expected import read_expected
from hinomi.drill.objectives import judged
from hinomi.drill.plan import Plan, check_plan
from hinomi.drill.record import Record, read_record
from hinomi.live import journal
from hinomi.study.store import write_atomically

FORMAT: Final = "hinomi/drill-review/1"
PLAN: Final = "plan.toml"
MARK: Final = "EXERCISE notional"  # first column of every table

Told = dict[str, Any]


def review(folder: Path) -> tuple[Told, Plan | None]:
    """Read the folder of an exercise and measure it; its plan, where it has one.

    Raises
    ------
    FolderError
        where there is no exercise in the folder.
    """
    record = read_record(folder)
    plan = _plan(folder)
    expected = read_expected(folder) if (folder / EXPECTED).is_file() else None
    rows = deliveries(record)
    needs = expected["needs"] if expected else []
    shelter = plan.shelter_of() if plan else {}
    otherwise = plan.shelter_s if plan else 60.0
    people = m.people_in_time(record, rows, needs, shelter, otherwise)
    told = {
        "format": FORMAT,
        "version": __version__,
        **_facts(record, plan),
        "latencies": m.latencies(record, rows, expected),
        "coverage": m.coverage(record, rows),
        "deliveries": rows,
        "not_shown": _not_shown(rows),
        "wrong": m.wrong_shown(record),
        "cancels": m.cancel_latencies(record),
        "silent": m.silent_listed(record),
        "people": [p | place_row(p["code"]) | {"population": p["population"]} for p in people],
        "places": _places(rows, people),
        "injects": [_act(a) for a in record.acts],
        "events": _events(record),
    }
    told["measures"] = measured(record, rows, people, told)
    told["objectives"] = judged(plan.text.objectives if plan else (), told["measures"])
    return told, plan


def _plan(folder: Path) -> Plan | None:
    path = folder / PLAN
    if not path.is_file():
        return None
    return check_plan(path.read_text(encoding="utf-8"), str(path), folder=folder)


def _facts(record: Record, plan: Plan | None) -> Told:
    settings, rows = record.settings, record.rows
    verdict = journal.verify(
        record.folder / "live" if (record.folder / "live").is_dir() else record.folder
    )
    return {
        "name": plan.name if plan else str(settings.get("name") or settings.get("run", "")),
        "title": plan.text.title if plan else str(settings.get("name") or "Exercise"),
        "status": str(settings.get("mode", "exercise")),
        "scenario": str(settings.get("scenario", "")),
        "architecture": str(settings.get("architecture", "")),
        "seed": settings.get("seed"),
        "replicate": settings.get("replicate"),
        "release": str(settings.get("release", "")),
        "began_utc": rows[0].at_utc,
        "ended_utc": rows[-1].at_utc,
        "end_t_s": rows[-1].t_s,
        "speed": _speed(record),
        "rows": len(rows),
        "sound": verdict.sound,
        "verdict": verdict.what or "every row is as it was written",
        "head": rows[-1].digest,
        "receivers": len(record.receivers),
        "sent": sum(not s.closing for s in record.sent),
        "closing": sum(s.closing for s in record.sent),
        "restarts": sum(r.kind == "resumed" for r in rows),
    }


def _speed(record: Record) -> float:
    """Scenario seconds in a second, as the exercise was told; measured where it was not."""
    told = [r.content.get("speed") for r in record.rows if r.kind == "clock"]
    given = [float(v) for v in told if isinstance(v, int | float)]
    return given[-1] if given else record.clock.speed


def measured(
    record: Record, rows: Sequence[Told], people: Sequence[Told], told: Mapping[str, Any]
) -> dict[str, float | None]:
    """Value of every measure; None where there was nothing to measure."""
    whole = told["coverage"][-1]
    counted = [p for p in people if p["takes_part"]]
    total = sum(p["population"] for p in counted)
    cancels = told["cancels"]
    slow = [c["released_after_s"] for c in cancels]
    cancel_s = max(slow) if slow and None not in slow else None
    stage = {each["stage"]: each for each in told["latencies"]}
    delivery = stage["released to received"]
    return {
        "delivery_p50_s": delivery["p50"],
        "delivery_p99_s": delivery["p99"],
        "release_s": stage["proposed to released"]["p50"],
        "received_share": whole["stored_share"],
        "shown_share": whole["shown_share"],
        "confirmed_share": whole["confirmed_share"],
        "in_time_share": sum(p["population"] for p in counted if p["in_time"]) / total
        if total else None,
        "lost_alerts": float(len(m.lost_alerts(record, rows))) if rows else None,
        "wrong_recipients": float(len(told["wrong"])) if rows else None,
        "sounded_twice": float(m.sounded_twice(record)) if record.sounds else None,
        "cancel_first": float(m.cancel_first(record)) if rows else None,
        "cancel_s": cancel_s,
        "silent_listed_s": max((s["after_s"] for s in told["silent"]), default=None),
        "forged_shown": m.forged_shown(record),
    }  # fmt: skip


def _not_shown(rows: Sequence[Told]) -> list[Told]:
    """Deliveries that were not shown, by place and reason."""
    counts = Counter((r["code"], r["why"]) for r in rows if r["why"])
    total = Counter(r["code"] for r in rows)
    return [
        place_row(code) | {"why": why, "count": n, "of": total[code]}
        for (code, why), n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _places(rows: Sequence[Told], people: Sequence[Told]) -> list[Told]:
    """Timeline of each municipality: first alert that asks for shelter, and the first arrival."""
    arrival = {p["code"]: p["arrival_t_s"] for p in people}
    found: dict[str, Told] = {}
    for r in rows:
        if not r["shelters"]:
            continue
        own = found.setdefault(
            r["code"], {"released": None, "received": None, "shown": None, "confirmed": None}
        )
        for name, key in (("released", "released_t_s"), ("received", "stored_t_s"), ("shown", "shown_t_s"),
                          ("confirmed", "confirmed_t_s")):  # fmt: skip
            if r[key] is not None:
                own[name] = r[key] if own[name] is None else min(own[name], r[key])
    return [
        place_row(code) | times | {"arrival": arrival.get(code)}
        for code, times in sorted(found.items(), key=lambda item: (item[1]["released"], item[0]))
    ]


def _act(act: Any) -> Told:
    return {
        "name": act.name, "kind": act.kind, "step": act.step, "t_s": act.t_s, "at_utc": act.at_utc,
        "codes": list(act.codes), "keys": list(act.keys), "told": act.told,
    }  # fmt: skip


def _events(record: Record) -> list[Told]:
    """Rows of the journal that a reader follows, without the receipts."""
    left_out = ("received", "clock")
    return [
        {"number": r.number, "t_s": r.t_s, "at_utc": r.at_utc, "kind": r.kind, "who": r.who,
         "incident": r.incident, "revision": r.revision}
        for r in record.rows if r.kind not in left_out
    ]  # fmt: skip


def tables(told: Mapping[str, Any]) -> dict[str, str]:
    """CSV text of each table, by file name."""
    flat = [{k: v for k, v in row.items() if k != "delay"} | {f"delay_{k}_s": v for k, v in row["delay"].items() if k != "n"}
            for row in told["coverage"]]  # fmt: skip
    return {
        "latencies.csv": _csv(told["latencies"]),
        "coverage.csv": _csv(flat),
        "deliveries.csv": _csv(told["deliveries"]),
        "not_shown.csv": _csv(told["not_shown"]),
        "people.csv": _csv(told["people"]),
        "objectives.csv": _csv(told["objectives"]),
        "timeline.csv": _csv(told["places"]),
        "injects.csv": _csv([a | {"codes": " ".join(a["codes"]), "keys": " ".join(a["keys"])}
                             for a in told["injects"]]),
    }  # fmt: skip


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    names = list(rows[0]) if rows else []
    writer = csv.DictWriter(out, ["marking", *names], lineterminator="\n")
    writer.writeheader()
    writer.writerows({"marking": MARK, **row} for row in rows)
    return out.getvalue()


def write_tables(told: Mapping[str, Any], folder: Path) -> None:
    """Write every table into the folder of the exercise."""
    for name, text in tables(told).items():
        write_atomically(folder / name, partial(_put, text))


def _put(text: str, part: Path) -> None:
    part.write_text(text, encoding="utf-8")
