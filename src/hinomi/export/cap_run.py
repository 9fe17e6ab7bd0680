"""The chain of messages about one threat, from the alerts table of a run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hinomi.cap.compose import Order, compose
from hinomi.cap.message import Message
from hinomi.cap.times import at_utc
from hinomi.errors import FolderError, ScenarioError
from hinomi.export.cap_places import target_of
from hinomi.scenario.places import load_places, unit_names

# Kinds of the table, and the kinds of message they become.
KINDS = {"launch": "launch", "alert": "shelter", "update": "shelter", "all-clear": "all-clear"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which messages of a run, and how they are written."""

    folder: Path
    replicate: int
    architecture: str | None
    track: int | None
    sender: str
    sender_name: str
    languages: tuple[str, ...]
    exercise: str
    scope: str
    expires_s: float


def chains_of(wanted: Wanted) -> tuple[list[Message], list[str]]:
    """Messages of one replicate and architecture, chain by chain, and remarks for the reader.

    Raises
    ------
    FolderError
        where the run has no such rows.
    """
    from hinomi.study.results import Study

    study = Study(wanted.folder)
    document = study.plan.document
    architecture = wanted.architecture or study.plan.architectures[0]
    if architecture not in study.plan.architectures:
        raise ScenarioError(
            f"--architecture {architecture!r}: the run has {', '.join(study.plan.architectures)}"
        )
    rows = [
        row for row in study.table("alerts").to_pylist()
        if row["replicate"] == wanted.replicate and row["architecture"] == architecture
        and wanted.track in (None, row["track"])
    ]  # fmt: skip
    if not rows:
        raise FolderError(
            f"{wanted.folder}: no message of replicate {wanted.replicate} and {architecture}"
            + ("" if wanted.track is None else f" about track {wanted.track}")
            + "; name another with --replicate, --architecture or --track"
        )
    remarks, messages = [], []
    empty = sum(not row["units"] for row in rows)
    if empty:
        remarks.append(f"{empty} launch messages name no place and are not written")
    for track in sorted({row["track"] for row in rows}):
        own = sorted((r for r in rows if r["track"] == track and r["units"]), key=lambda r: r["t_issue_s"])  # fmt: skip
        messages += _chain(wanted, study.plan.seed, architecture, document, own)
    return messages, remarks


def _chain(
    wanted: Wanted, seed: int, architecture: str, document: Mapping[str, Any], rows: Sequence[Any]
) -> list[Message]:
    chain: list[Message] = []
    sheltered: set[str] = set()
    for row in rows:
        codes = codes_of_units(row["units"].split("; "), document.get("warning", {}))
        kind, remaining = KINDS.get(row["kind"], "shelter"), None
        if kind == "all-clear":
            sheltered -= set(codes)
            remaining = target_of(tuple(sorted(sheltered))) if sheltered else None
        else:
            sheltered |= set(codes)
        order = Order(
            kind=kind, status=row["status"], sender=wanted.sender, sender_name=wanted.sender_name,
            sent=at_utc(str(document["epoch"]), row["t_issue_s"]),
            incident=_incident(architecture, wanted.replicate, row["track"]),
            target=target_of(codes), remaining=remaining, languages=wanted.languages,
            follows=tuple(chain), seed=str(seed), exercise=wanted.exercise, scope=wanted.scope,
            expires_s=wanted.expires_s,
        )  # fmt: skip
        chain.append(compose(order))
    return chain


def _incident(architecture: str, replicate: int, track: int) -> str:
    digest = hashlib.sha256(f"{architecture}|{replicate}|{track}".encode()).hexdigest()[:6]
    return f"run-{replicate}-track-{track}-{digest}"


def codes_of_units(units: Sequence[str], warning: Mapping[str, Any]) -> tuple[str, ...]:
    """Codes of the municipalities of alert units, as the scenario's `[warning]` defines them.

    Raises
    ------
    ScenarioError
        for a unit that the scenario does not have.
    """
    places = load_places()
    unit = warning.get("unit", "prefecture")
    names, unit_of_place = unit_names(places, unit, warning.get("blocks"))
    odd = [name for name in units if name not in names]
    if odd:
        raise ScenarioError(
            f"alert unit {odd[0]!r} is no {unit} of the run's scenario; name places yourself with "
            "--place or --prefecture"
        )
    wanted = {names.index(name) for name in units}
    return tuple(c for c, u in zip(places.code, unit_of_place, strict=True) if u in wanted)
