"""Launches and findings as JSON objects and as lines of text; degrees, kilometres and seconds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from hinomi.history.launches import Launch, Reported, SourceSet, source_address

if TYPE_CHECKING:  # a list of launches needs no numerical library
    from hinomi.history.audit import Claim, Finding
    from hinomi.history.claim_table import RowFinding, TableFinding
    from hinomi.history.compare import LaunchFinding, SetFinding
    from hinomi.history.digits import Interval

NAMES: Final = {
    "range_km": "range",
    "apogee_km": "apogee",
    "flight_time_s": "flight time",
    "flight_time_min": "flight time",
    "launch_jst": "launch",
    "overflight_from_jst": "overflight from",
    "overflight_to_jst": "overflight to",
    "impact_jst": "impact",
    "alert_jst": "alert",
    "alert_update_jst": "second alert",
    "passed_message_jst": "message of passing",
    "alert_lifted_jst": "alert lifted",
}
UNITS: Final = {"km": "km", "s": "s", "min": "min", "jst": "JST"}
NOT_APPLICABLE: Final = "not_applicable"
FINDING_COLUMNS: Final = (
    "line", "id", "verdict", "verdict_as_printed", "verdict_with_measurement_error", "bound_s",
    "bound_rotating_s", "margin_s", "reason", "notes",
)  # fmt: skip


def launch_object(launch: Launch) -> dict[str, Any]:
    """One launch with every reported value, for JSON."""
    return {
        "id": launch.name,
        "vehicle": launch.vehicle,
        "kind": launch.kind,
        "area": launch.area,
        "site": _site(launch),
        "bearing_deg": _assigned(launch.bearing),
        "class": _assigned(launch.threat_class),
        "scenario": launch.scenario or None,
        "note": launch.note,
        "reported": [
            {
                "quantity": each.quantity,
                "value": each.value,
                "low": each.low,
                "high": each.high,
                "by": each.by,
                "source": each.source,
                "address": source_address(each.source),
                "grade": each.grade,
                "note": each.note,
            }
            for own in launch.sets
            for each in own.values.values()
        ],
        "sets": [
            {
                "by": own.by,
                "end_point": own.end_point,
                "overflown": own.overflown,
                "alerted_prefectures": list(own.alerted_prefectures),
            }
            for own in launch.sets
        ],
    }


def launch_row(launch: Launch) -> str:
    """One line of the list."""
    cells = []
    for quantity in ("range_km", "apogee_km"):
        own = _first(launch, quantity)
        cells.append(f"{own.value:>8,} km" if own is not None else f"{'-':>11}")
    reporters = ", ".join(dict.fromkeys(own.by for own in launch.sets))
    return f"{launch.name}  {launch.kind:<15} {cells[0]} {cells[1]}  {launch.vehicle} ({reporters})"


def launch_lines(launch: Launch) -> list[str]:
    """One launch, all values and who reported them."""
    lines = [f"{launch.name}  {launch.vehicle}  ({launch.kind})", f"area: {launch.area}"]
    if math.isfinite(launch.lat_rad):
        lat, lon = math.degrees(launch.lat_rad), math.degrees(launch.lon_rad)
        lines.append(f"site: {lat:g}, {lon:g} deg [{launch.site_grade}] {launch.site_source}")
    if launch.bearing is not None:
        bearing = launch.bearing
        lines.append(f"bearing: {bearing.value:g} deg [{bearing.grade}] {bearing.source}")
    if launch.threat_class is not None:
        own = launch.threat_class
        lines.append(f"class: {own.value} [{own.grade}] {own.source}")
    for own_set in launch.sets:
        lines += _set_lines(own_set)
    if launch.note:
        lines.append(f"note: {launch.note}")
    sources = dict.fromkeys(v.source for own in launch.sets for v in own.values.values())
    for source in sources:
        address = source_address(source)
        lines.append(f"source: {source}" + (f"  {address}" if address else ""))
    if launch.scenario:
        lines.append(f"bundled scenario: hinomi run {launch.scenario}")
    return lines


def claim_object(claim: Claim) -> dict[str, Any]:
    """What was judged, for JSON."""
    return {
        "range_km": _interval(claim.range_m, 1e3),
        "apogee_km": _interval(claim.apogee_m, 1e3),
        "time_s": _interval(claim.time_s, 1.0),
        "site_lat_deg": _degrees(claim.lat_rad),
        "bearing_deg": _degrees(claim.bearing_rad),
        "class": claim.class_name or None,
        "kind": claim.kind,
        "launch_minute_may_be_detection": claim.detected,
    }


def finding_object(finding: Finding) -> dict[str, Any]:
    """A finding for JSON: verdicts, bounds [s], margin [s], expected excess [s], reason."""
    excess = finding.excess
    return {
        "verdict": finding.verdict,
        "verdict_as_printed": finding.verdict_as_printed,
        "verdict_with_measurement_error": finding.verdict_with_measurement_error,
        "bound_s": round(finding.bound_s, 1),
        "bound_rotating_s": round(finding.bound_rotating_s, 1),
        "margin_s": round(finding.margin_s, 1),
        "bound_rotating_low_s": round(finding.bound_low_s, 1),
        "bound_rotating_high_s": round(finding.bound_high_s, 1),
        "excess_low_s": None if excess is None else round(excess.low_s, 1),
        "excess_high_s": None if excess is None else round(excess.high_s, 1),
        "powered_low_s": None if excess is None else excess.powered_low_s,
        "powered_high_s": None if excess is None else excess.powered_high_s,
        "classes": [] if excess is None else list(excess.classes),
        "speed_km_s": round(finding.speed_mps / 1e3, 3),
        "angle_deg": round(math.degrees(finding.angle_rad), 2),
        "reason": finding.reason,
        "notes": list(finding.notes),
    }


def launch_finding_object(found: LaunchFinding) -> dict[str, Any]:
    """Findings on a launch: the first set's at the top, all of them under `sets`."""
    sets = [
        {
            "by": each.by,
            "completed_with": list(each.completed_with),
            "claim": claim_object(each.claim),
            **finding_object(each.finding),
        }
        for each in found.sets
    ]
    if not sets:
        return {
            "id": found.launch.name,
            "verdict": NOT_APPLICABLE,
            **dict.fromkeys(("bound_s", "bound_rotating_s", "margin_s")),
            "reason": _no_bound(found.launch),
            "sets": [],
        }
    return {
        "id": found.launch.name,
        **{key: value for key, value in sets[0].items() if key != "completed_with"},
        "sets": sets,
        "fits_best": found.best or None,
        "why": found.why,
    }


def row_object(row: RowFinding) -> dict[str, Any]:
    """One row of a file of claims."""
    out: dict[str, Any] = {"line": row.line, "id": row.name, "verdict": None, "reason": row.problem}
    if row.claim is not None and row.finding is not None:
        out |= {"claim": claim_object(row.claim), **finding_object(row.finding)}
    out["notes"] = [*row.notes, *out.get("notes", [])]
    return out


def table_object(found: TableFinding) -> dict[str, Any]:
    """A file of claims."""
    return {"rows": [row_object(row) for row in found.rows], "notes": list(found.notes)}


def claim_lines(claim: Claim, finding: Finding) -> list[str]:
    """One claim and what the audit says, as text."""
    excess = finding.excess
    lines = [
        f"verdict: {finding.verdict}",
        f"  as printed: {finding.verdict_as_printed}; with 3 % measurement error of range and "
        f"apogee: {finding.verdict_with_measurement_error}",
        f"  {finding.reason}",
        f"read: range {_span(claim.range_m, 1e3)} km, apogee {_span(claim.apogee_m, 1e3)} km, "
        f"time {_span(claim.time_s, 1.0)} s",
        f"unpowered flight: {finding.bound_s:.0f} s without rotation; on the rotating Earth "
        f"{finding.bound_rotating_s:.0f} s, "
        f"{finding.bound_low_s:.0f}-{finding.bound_high_s:.0f} s over the intervals",
        f"margin: {finding.margin_s:+.0f} s on the rotating Earth"
        + (
            f"; boost and air give {excess.low_s:.0f}-{excess.high_s:.0f} s"
            if excess is not None
            else ""
        ),
        f"needs at least {finding.speed_mps / 1e3:.2f} km/s at "
        f"{math.degrees(finding.angle_rad):.1f} deg",
    ]
    return [*lines, *(f"note: {note}" for note in finding.notes)]


def launch_finding_lines(found: LaunchFinding) -> list[str]:
    """Findings on each set of a launch, as text."""
    lines = [f"{found.launch.name}  {found.launch.vehicle}"]
    if not found.sets:
        lines += [f"verdict: {NOT_APPLICABLE}", f"  {_no_bound(found.launch)}"]
    for each in found.sets:
        lines += ["", f"{each.by}{_completed(each)}"]
        lines += [f"  {line}" for line in claim_lines(each.claim, each.finding)]
    if found.best:
        lines += ["", f"fits best: {found.best} ({found.why})"]
    return lines


def _no_bound(launch: Launch) -> str:
    return (
        f"a {launch.kind.replace('_', '-')} launch without a published flight time: unpowered "
        "times bound ballistic flights only"
    )


def row_line(row: RowFinding) -> str:
    """One row of a file of claims, as text."""
    if row.finding is None:
        return f"line {row.line}  {row.name}: not judged: {row.problem}"
    f = row.finding
    return (
        f"line {row.line}  {row.name}: {f.verdict} (as printed {f.verdict_as_printed}, with "
        f"measurement error {f.verdict_with_measurement_error}), margin {f.margin_s:+.0f} s: "
        f"{f.reason}"
    )


def findings_table(found: TableFinding) -> list[list[str]]:
    """Rows of a CSV file of findings, its header first."""
    rows = [list(FINDING_COLUMNS)]
    for each in found.rows:
        told = row_object(each) | {
            "verdict": each.finding.verdict if each.finding else "not judged"
        }
        told["notes"] = "; ".join(told["notes"])
        rows.append([str(told.get(column, "")) for column in FINDING_COLUMNS])
    return rows


def _set_lines(own: SourceSet) -> list[str]:
    lines = [f"{own.by} says:"]
    for value in own.values.values():
        unit = UNITS[value.quantity.rsplit("_", 1)[1]]
        note = f"  ({value.note})" if value.note else ""
        lines.append(
            f"  {NAMES[value.quantity]:<19}{_number(value.value)} {unit}  "
            f"({_number(value.low)} to {_number(value.high)})  [{value.grade}]{note}"
        )
    for name, text in (("end", own.end_point), ("overflown", own.overflown)):
        if text:
            lines.append(f"  {name:<19}{text}")
    if own.alerted_prefectures:
        lines.append(f"  {'alerted':<19}{', '.join(own.alerted_prefectures)}")
    return lines


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,}"


def _first(launch: Launch, quantity: str) -> Reported | None:
    return next((own.values[quantity] for own in launch.sets if quantity in own.values), None)


def _site(launch: Launch) -> Mapping[str, Any] | None:
    if not math.isfinite(launch.lat_rad):
        return None
    return {
        "lat_deg": round(math.degrees(launch.lat_rad), 6),
        "lon_deg": round(math.degrees(launch.lon_rad), 6),
        "grade": launch.site_grade,
        "source": launch.site_source,
    }


def _assigned(given: Any) -> Mapping[str, Any] | None:
    if given is None:
        return None
    return {"value": given.value, "grade": given.grade, "source": given.source}


def _interval(given: Interval, factor: float) -> dict[str, Any]:
    return {
        "value": round(given.value / factor, 6),
        "low": round(given.low / factor, 6),
        "high": round(given.high / factor, 6),
        "read": given.how,
    }


def _degrees(angle_rad: float | None) -> float | None:
    return None if angle_rad is None else round(math.degrees(angle_rad), 6)


def _span(given: Interval, factor: float) -> str:
    low, high = given.low / factor, given.high / factor
    return f"{given.value / factor:g} ({low:g} to {high:g})"


def _completed(each: SetFinding) -> str:
    return f" (with {', '.join(each.completed_with)})" if each.completed_with else ""
