"""Batteries, interceptors and architectures that contradict themselves, each with the way out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from hinomi.scenario.mistakes import Mistake
from hinomi.scenario.text import KeyPath

# What a sharing flag presupposes: who sees no foreign track can neither pool plots nor shoot on it.
NEEDS: Final = {
    "share_track": "share_warning",
    "one_picture": "share_track",
    "engage_on_remote": "share_track",
    "one_assignment": "share_track",
}
_SPEEDS: Final = {"boost_coast": "burnout_speed_km_s", "parametric": "average_speed_km_s"}
_REFUSED: Final = {"warning": "share_warning", "track": "share_track"}


def defence_mistakes(document: Mapping[str, Any]) -> list[Mistake]:
    """Empty windows, times to reach without a source, flags without what they presuppose."""
    out: list[Mistake] = []
    used = {w for b in _list(document.get("batteries")) for w in _table(b.get("magazines"))}
    keep_out = _number(_table(document.get("engagement")).get("keep_out_height_km"))
    catalogue = _table(document.get("catalogue"))
    for name, given in _table(catalogue.get("interceptor")).items():
        if isinstance(given, Mapping):
            path = ("catalogue", "interceptor", str(name))
            out += _windows(path, given, keep_out if name in used else None)
            out += _times(path, given, name in used)
    for i, given in enumerate(_list(document.get("architectures"))):
        out += _flags(("architectures", i), given)
    return out


def empty_batteries(document: Mapping[str, Any]) -> list[Mistake]:
    """Batteries that could never fire; a variant may empty one, a scenario's own text may not."""
    out = []
    for i, battery in enumerate(_list(document.get("batteries"))):
        magazines = _table(battery.get("magazines"))
        ready = [_number(m.get("ready")) for m in magazines.values() if isinstance(m, Mapping)]
        known = [x for x in ready if x is not None]
        if "magazines" in battery and len(known) == len(magazines) and sum(known) <= 0.0:
            out.append(
                Mistake(
                    ("batteries", i, "magazines"),
                    "holds no ready round, so this battery never fires; give ready rounds, or leave "
                    "the battery out and put its radar under [[radars]]",
                )
            )
    return out


def _windows(path: KeyPath, given: Mapping[str, Any], keep_out: float | None) -> Iterator[Mistake]:
    for what in ("height", "range"):
        low, high = _number(given.get(f"{what}_low_km")), _number(given.get(f"{what}_high_km"))
        if low is not None and high is not None and low >= high:
            yield Mistake(
                (*path, f"{what}_low_km"),
                f"leaves no window below {what}_high_km; swap or correct the two",
                low,
                True,
                f"less than {high:g}",
            )
    top = _number(given.get("height_high_km"))
    if keep_out is not None and top is not None and keep_out >= top:
        yield Mistake(
            ("engagement", "keep_out_height_km"),
            f"leaves no window to {path[-1]}, whose height_high_km is {top:g}; lower it, or take "
            "these rounds out of the batteries",
            keep_out,
            True,
            f"less than {top:g}",
        )


def _times(path: KeyPath, given: Mapping[str, Any], used: bool) -> Iterator[Mistake]:
    provider = given.get("provider")
    key = _SPEEDS.get(str(provider))
    if key is not None and key not in given:
        yield Mistake((*path, key), f"is missing; provider {provider} needs it")
    elif key is not None and (speed := _number(given.get(key))) is not None and speed <= 0.0:
        yield Mistake((*path, key), f"is needed by provider {provider}", speed, True, "more than 0")
    tables = [k for k in ("table_file", "table") if given.get(k)]
    if provider == "table" and not tables and used:
        yield Mistake(
            (*path, "table_file"),
            "is missing; provider table reads range_km,height_km,time_s from a CSV beside the scenario",
        )
    if provider in _SPEEDS and tables:
        yield Mistake(
            (*path, tables[0]),
            f'is not used by provider {provider}; leave it out, or set provider = "table"',
        )
    looks = _number(given.get("looks"))
    if given.get("doctrine") == "salvo" and looks is not None and 1.0 < looks < 64.0:
        yield Mistake(
            (*path, "looks"),
            "is not used by doctrine salvo, which looks once; leave it out, or choose another doctrine",
            looks,
            True,
        )


def _flags(path: KeyPath, given: Mapping[str, Any]) -> Iterator[Mistake]:
    for flag, needed in NEEDS.items():
        if given.get(flag) is True and given.get(needed) is False:
            yield Mistake(
                (*path, flag),
                f"presupposes {needed}, which is false; set {needed} = true, or {flag} = false",
                True,
                True,
            )
    for j, refusal in enumerate(_list(given.get("refusals"))):
        needed = _REFUSED.get(str(refusal.get("category")), "")
        if given.get(needed) is False:
            yield Mistake(
                (*path, "refusals", j, "category"),
                f"keeps back what nobody passes on: {needed} is false; leave the refusal out, or set "
                f"{needed} = true",
                refusal.get("category"),
                True,
            )


def _number(given: object) -> float | None:
    """Value of a plain number or of one with its source; None for anything else."""
    if isinstance(given, Mapping):
        given = given.get("value")
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    return float(given)


def _table(given: object) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {}


def _list(given: object) -> list[Mapping[str, Any]]:
    return [x for x in given if isinstance(x, Mapping)] if isinstance(given, list) else []
