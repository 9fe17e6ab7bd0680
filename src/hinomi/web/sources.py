"""Numbers, claims, launches and audits as the commands print them with `--json`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from hinomi.errors import HinomiError, ScenarioError
from hinomi.evidence.claim import Evidence
from hinomi.web.problems import missing

MOST_ROWS: Final = 500  # of a table of claims


@cache
def _known() -> Evidence:
    from hinomi.evidence.bundled import load_evidence

    return load_evidence(None)


def numbers_object(argument: str, name: str, variant: str | None) -> dict[str, Any]:
    """Every number that a run of a scenario uses; `argument` is a bundled name or a path."""
    from hinomi.evidence.links import claims_of
    from hinomi.scenario.explain import explain_object
    from hinomi.scenario.load import load

    loaded = load(argument if argument == name else Path(argument), variant=variant)
    told = explain_object(loaded, claims=claims_of(loaded, _known()))
    return {
        "scenario": name,
        "variant": told["variant"],
        "hash": told["content_hash"][:12],
        "grades": told["grades"],
        "numbers": told["parameters"],
        "facts": told["facts"],
    }


def claims_object(topic: str | None) -> dict[str, Any]:
    """What `hinomi evidence TOPIC --json` prints, and the topics beside it."""
    from hinomi.evidence import answer

    known = _known()
    told = answer.told(known, answer.chosen(known, topic), topic=topic)
    return {**told, "topics": dict(sorted(known.topics.items()))}


def launches_object() -> dict[str, Any]:
    """Every launch, short."""
    from hinomi.history.launches import load_launches

    return {
        "launches": [
            {
                "id": one.name, "vehicle": one.vehicle, "kind": one.kind, "area": one.area,
                "scenario": one.scenario, "note": one.note, "sets": len(one.sets),
            }
            for one in load_launches()
        ]
    }  # fmt: skip


def launch_object(name: str) -> dict[str, Any]:
    """Facts, audit and flight of one launch; where one cannot be computed, why not."""
    from hinomi.history import answers
    from hinomi.history.compare import audit_launch
    from hinomi.history.launches import find_launch, load_launches
    from hinomi.history.reconstruct import reconstruct
    from hinomi.history.replay_report import reconstruction_object

    if name not in {one.name for one in load_launches()}:
        raise missing("launch", name, "GET /api/launches lists them")
    one = find_launch(name)
    told: dict[str, Any] = {"id": name, "facts": answers.launch_object(one)}
    makers: dict[str, Callable[[], object]] = {
        "audit": lambda: answers.launch_finding_object(audit_launch(one)),
        "replay": lambda: reconstruction_object(reconstruct(one)),
    }
    for key, make in makers.items():
        try:
            told[key], told[f"{key}_why"] = make(), None
        except HinomiError as error:
            told[key], told[f"{key}_why"] = None, str(error)
    return told


def audit_object(given: Mapping[str, Any]) -> dict[str, Any]:
    """The verdict on one claim, or on a table of them.

    Raises
    ------
    ScenarioError
        for missing or unreadable figures.
    """
    from hinomi.history import answers
    from hinomi.history.audit import Claim, audit
    from hinomi.history.claim_table import angle_of
    from hinomi.history.digits import read_distance, read_time

    site = str(given.get("site", ""))
    about = {
        "site_lat_deg": site.partition(",")[0].strip(),
        "bearing_deg": _text(given.get("bearing_deg", "")),
        "class": given["class_name"],
        "kind": given["kind"],
    }
    if "text" in given:
        return _table(str(given["text"]), about, given)
    times = [n for n in ("time_s", "time_min", "clock") if n in given]
    lacks = [n for n in ("range_km", "apogee_km") if n not in given]
    if lacks or len(times) != 1:
        raise ScenarioError(
            "a claim needs range_km, apogee_km and one of time_s, time_min and clock; "
            + (f"add {' and '.join(lacks)}" if lacks else f"{len(times)} times are given")
        )
    claim = Claim(
        name="claim",
        range_m=read_distance(_text(given["range_km"]), name="range_km"),
        apogee_m=read_distance(_text(given["apogee_km"]), name="apogee_km"),
        time_s=read_time(
            _text(given[times[0]]), name=times[0], unit="min" if times[0] == "time_min" else "s"
        ),
        lat_rad=angle_of(about["site_lat_deg"], "site"),
        bearing_rad=angle_of(about["bearing_deg"], "bearing_deg"),
        class_name=about["class"],
        kind=about["kind"] or "ballistic",
        detected=given["detected"],
    )
    return {"claim": answers.claim_object(claim), **answers.finding_object(audit(claim))}


def _table(text: str, about: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Any]:
    """A table of claims, as `hinomi audit FILE.csv` reads it."""
    from hinomi.history import answers
    from hinomi.history.claim_table import audit_text

    if any(n in given for n in ("range_km", "apogee_km", "time_s", "time_min", "clock")):
        raise ScenarioError("text and typed figures are both given; send one of them")
    rows = text.count("\n") + 1
    if rows > MOST_ROWS:
        raise ScenarioError(f"the table has {rows} lines; at most {MOST_ROWS} are judged at once")
    found = audit_text(text, "utf-8", name="text", defaults=about, detected=given["detected"])
    return answers.table_object(found)


def _text(value: object) -> str:
    """A number as a person would type it: 2700, not 2700.0."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
