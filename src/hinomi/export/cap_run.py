"""The chain of messages about one threat, from the alerts table of a run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hinomi.cap.compose import Order, Target
from hinomi.cap.ending import codes_asked, split
from hinomi.cap.message import Message
from hinomi.cap.times import at_utc
from hinomi.errors import FolderError, ScenarioError
from hinomi.export.cap_made import composed
from hinomi.export.cap_places import target_of
from hinomi.scenario.places import load_places, unit_names

# A threat track: the picture it is of, and its number there, which other pictures give as well.
Track = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which messages of a run, and how they are written."""

    folder: Path
    replicate: int
    architecture: str | None
    track: str | None  # N, or PICTURE:N where several pictures have a track N
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
    from hinomi.study.results import Results

    study = Results(wanted.folder)
    architecture = wanted.architecture or study.plan.architectures[0]
    if architecture not in study.plan.architectures:
        raise ScenarioError(
            f"--architecture {architecture!r}: the run has {', '.join(study.plan.architectures)}"
        )
    rows = [
        row for row in study.table("alerts").to_pylist()
        if row["replicate"] == wanted.replicate and row["architecture"] == architecture
    ]  # fmt: skip
    chosen = _chosen(wanted, architecture, {(row["picture"], row["track"]) for row in rows})
    remarks = []
    empty = sum(not r["units"] for r in rows if (r["picture"], r["track"]) in chosen)
    if empty:
        remarks.append(f"{empty} launch messages name no place and are not written")
    told = sorted((r for r in rows if r["units"]), key=lambda r: r["t_issue_s"])
    chains = _chains(wanted, study.plan.seed, architecture, study.plan.document, told)
    return [message for track in sorted(chosen) for message in chains.get(track, ())], remarks


def _chosen(wanted: Wanted, architecture: str, known: set[Track]) -> set[Track]:
    """Tracks that are asked for: all of them, or the one that `--track` names."""
    picture, _, number = (wanted.track or "").rpartition(":")
    if not wanted.track:
        found = known
    elif not number.isdecimal():
        raise ScenarioError(
            f"--track {wanted.track!r}: write a track's number, such as 7, or 'Japan:7'"
        )
    else:
        found = {t for t in known if t[1] == int(number) and picture in ("", t[0])}
    if not found:
        raise FolderError(
            f"{wanted.folder}: no message of replicate {wanted.replicate} and {architecture}"
            + ("" if wanted.track is None else f" about track {wanted.track}")
            + "; name another with --replicate, --architecture or --track"
        )
    if wanted.track and len(found) > 1:
        names = " or ".join(f"--track '{p}:{n}'" for p, n in sorted(found))
        raise ScenarioError(
            f"--track {number}: {len(found)} pictures have a track of this number, and they are "
            f"different threats; write {names}"
        )
    return found


def _chains(
    wanted: Wanted, seed: int, architecture: str, document: Mapping[str, Any], rows: Sequence[Any]
) -> dict[Track, list[Message]]:
    """Chains of all tracks, written in order of issue: what one ends hangs on what others say."""
    chains: dict[Track, list[Message]] = {}
    warning = document.get("warning", {})
    for row in rows:
        track = (row["picture"], row["track"])
        chain = chains.setdefault(track, [])
        codes = set(codes_of_units(row["units"].split("; "), warning))
        over, before = row["kind"] == "all-clear", _sheltered(chain)
        words = split(
            before - codes if over else codes,
            before=before | codes if over else before,
            others=[_sheltered(c) for other, c in chains.items() if other != track],
        )
        order = Order(
            kind=words.kind, status=row["status"], sender=wanted.sender,
            sent=at_utc(str(document["epoch"]), row["t_issue_s"]),
            sender_name=wanted.sender_name, incident=_incident(architecture, wanted.replicate, track),
            target=target_of(words.codes), remaining=_target(words.called),
            held=_target(words.held), languages=wanted.languages, follows=tuple(chain),
            seed=str(seed), exercise=wanted.exercise, scope=wanted.scope, expires_s=wanted.expires_s,
        )  # fmt: skip
        chain.append(composed(order))
    return chains


def _sheltered(chain: Sequence[Message]) -> frozenset[str]:
    """Codes that the newest message of a chain asks for shelter.

    Expired or not: the rule of a run lifts every alert in the end, so its all-clear is still to come.
    """
    return codes_asked(chain[-1], "Shelter") if chain else frozenset()


def _target(codes: tuple[str, ...]) -> Target | None:
    return target_of(codes) if codes else None


def _incident(architecture: str, replicate: int, track: Track) -> str:
    picture, number = track
    text = f"{architecture}|{replicate}|{picture}|{number}"
    return f"run-{replicate}-track-{number}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"


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
