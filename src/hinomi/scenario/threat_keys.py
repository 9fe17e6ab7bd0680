"""Which keys a group of threats needs, and which it does not know, by the kind of its class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from hinomi.records.flights import (
    BALLISTIC_KIND,
    CRUISE_KIND,
    GLIDE_KIND,
    LAUNCHER_KIND,
    QUASI_BALLISTIC_KIND,
)
from hinomi.scenario.mistakes import Mistake

_APOGEE = ("apogee_low_km", "apogee_high_km")
_BANKS = ("bank", "bank_schedule")
_TOLD = ("azimuth_deg", "kick_deg", "fails_at_low_s", "fails_at_high_s")
_NEEDED: Final = {
    BALLISTIC_KIND: ("aims", *_APOGEE),
    GLIDE_KIND: ("aims", *_APOGEE),
    QUASI_BALLISTIC_KIND: ("aims", *_APOGEE),
    LAUNCHER_KIND: ("azimuth_deg", "kick_deg"),
    CRUISE_KIND: ("aims",),
}
_UNKNOWN: Final = {
    BALLISTIC_KIND: (*_BANKS, *_TOLD, "waypoints"),
    GLIDE_KIND: (*_TOLD, "waypoints"),
    QUASI_BALLISTIC_KIND: (*_TOLD, "waypoints"),
    LAUNCHER_KIND: ("aims", *_APOGEE, *_BANKS, "waypoints"),
    CRUISE_KIND: (*_APOGEE, *_BANKS, *_TOLD, "spent_stages"),
}
_FLIES: Final = {
    BALLISTIC_KIND: "is thrown to an aim with a stated apogee",
    GLIDE_KIND: "is thrown to an aim with a stated first apogee, and may bank",
    QUASI_BALLISTIC_KIND: "is thrown to an aim with a stated first apogee, and may bank",
    LAUNCHER_KIND: "flies as it is told, without an aim",
    CRUISE_KIND: "flies through waypoints to its aim",
}


def kind_mistakes(document: Mapping[str, Any]) -> list[Mistake]:
    """Keys of groups that are missing or mean nothing for the kind of their class."""
    catalogue = document.get("catalogue")
    classes = catalogue.get("threat") if isinstance(catalogue, Mapping) else None
    groups = document.get("threats")
    if not isinstance(classes, Mapping) or not isinstance(groups, list):
        return []
    out: list[Mistake] = []
    for i, group in enumerate(groups):
        if isinstance(group, Mapping):
            given = classes.get(group.get("class"))
            kind = given.get("kind") if isinstance(given, Mapping) else None
            if kind in _NEEDED:
                out += _of_group(i, group, str(kind))
    return out


def start_mistakes(document: Mapping[str, Any]) -> list[Mistake]:
    """Groups that may start after the last second that is computed: such a body is never seen."""
    study, groups = document.get("study"), document.get("threats")
    end_s = _number(study.get("t_end_s")) if isinstance(study, Mapping) else None
    if end_s is None or not isinstance(groups, list):
        return []
    out = []
    for i, group in enumerate(groups):
        start_s = _number(group.get("start_high_s")) if isinstance(group, Mapping) else None
        if start_s is not None and start_s > end_s:
            out.append(
                Mistake(
                    ("threats", i, "start_high_s"),
                    "lies after study.t_end_s, so bodies may never be computed; start them earlier "
                    "or raise study.t_end_s",
                    start_s, True, f"at most {end_s:g}",
                )
            )  # fmt: skip
    return out


def _number(quantity: object) -> float | None:
    plain = quantity.get("value") if isinstance(quantity, Mapping) else quantity
    right = isinstance(plain, int | float) and not isinstance(plain, bool)
    return float(plain) if right else None  # type: ignore[arg-type]


_GIVEN_UNKNOWN: Final = (
    "aims", *_APOGEE, "arc", "site", *_BANKS, *_TOLD, "waypoints", "spent_stages", "mass_spread",
    "isp_spread_s", "burn_spread", "density_spread", "tolerance_km",
)  # fmt: skip
_GIVEN_DEFAULTS: Final = {"tolerance_km": 1.0}
_GIVEN_ONLY: Final = ("trajectory_body", "burnout_s")


def _of_given(i: int, group: Mapping[str, Any]) -> Iterator[Mistake]:
    flies = "a body with a trajectory flies that, and nothing of it varies but its start"
    for key in _GIVEN_UNKNOWN:
        value = group.get(key)
        plain = value.get("value", value) if isinstance(value, Mapping) else value
        if plain not in (None, [], False, 0, _GIVEN_DEFAULTS.get(key)):
            yield Mistake(("threats", i, key), f"is not used here: {flies}; leave it out")
    if group.get("disperse", "group") != "group":
        yield Mistake(("threats", i, "disperse"), f"is not used here: {flies}; leave it out")


def _of_group(i: int, group: Mapping[str, Any], kind: str) -> Iterator[Mistake]:
    if group.get("trajectory") or group.get("trajectory_rows"):
        yield from _of_given(i, group)
        return
    for key in _GIVEN_ONLY:
        if group.get(key) not in (None, ""):
            yield Mistake(("threats", i, key), "is for a group with a trajectory; leave it out")
    flies = f"a body of class {group['class']} ({kind}) {_FLIES[kind]}"
    for key in _NEEDED[kind]:
        if group.get(key) in (None, []):
            yield Mistake(("threats", i, key), f"is missing: {flies}")
    for key in _UNKNOWN[kind]:
        if group.get(key) not in (None, [], False):
            yield Mistake(("threats", i, key), f"is not used here: {flies}; leave it out")
    if kind == CRUISE_KIND and group.get("disperse", "group") != "group":
        yield Mistake(
            ("threats", i, "disperse"), f"is not used here: {flies}, always as its class says"
        )
