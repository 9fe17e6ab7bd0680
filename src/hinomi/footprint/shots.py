"""Shots at one flight: salvo after salvo, each after the last was judged, by every battery."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit

from hinomi.defend.armoury import salvo_rounds
from hinomi.defend.windows import FIRST_MEETING, FirePosts, find_meetings, fire_posts
from hinomi.earth.geodesic import sphere_direct
from hinomi.earth.wgs84 import ecef_from_geodetic
from hinomi.errors import ScenarioError
from hinomi.records.columns import Floats, Ints
from hinomi.records.engagements import SALVO_THEN_SINGLES, Battery, EngageSettings, Weapon


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts:
    """(battery, weapon) pairs of B batteries, ready for the kernel."""

    batteries: tuple[str, ...]
    owners: tuple[str, ...]  # of each battery
    battery: Ints  # (M,) of each pair
    salvos: Ints  # (M,) salvos that are ready, the last perhaps short
    doctrine: Ints  # (M, 4): interceptor class, looks of it, rounds of its first and later salvos
    kill_ballistic: Floats  # (M, 2) of a first and a later salvo
    kill_glide: Floats  # (M, 2)
    fire: FirePosts


def posts_of(
    batteries: Sequence[Battery],
    weapons: Mapping[str, Weapon],
    *,
    settings: EngageSettings,
    only: Sequence[str] = (),
) -> Posts:
    """List every pair that has a round ready, of the named weapons or of all.

    Raises
    ------
    ScenarioError
        when nothing is left to fire.
    """
    pairs, at, salvos = [], [], []
    for b, battery in enumerate(batteries):
        for magazine in battery.magazines:
            weapon = weapons[magazine.weapon]
            if magazine.ready > 0 and (not only or weapon.name in only):
                pairs.append((battery, weapon))
                at.append(b)
                salvos.append(_salvos(weapon, magazine.ready))
    if not pairs:
        raise ScenarioError(
            "no battery has a ready round of the weapons asked for: a footprint needs one"
        )
    used = sorted(set(at))
    names = sorted({w.name for _, w in pairs})
    doctrine = np.array(
        [
            (names.index(w.name), _looks(w), salvo_rounds(w, 0), salvo_rounds(w, 1))
            for _, w in pairs
        ],
        dtype=np.int32,
    )
    kill = np.array([(w.kill_ballistic, w.kill_glide) for _, w in pairs])
    return Posts(
        batteries=tuple(batteries[b].name for b in used),
        owners=tuple(batteries[b].owner for b in used),
        battery=np.array([used.index(b) for b in at], dtype=np.int32),
        salvos=np.array(salvos, dtype=np.int32),
        doctrine=doctrine,
        kill_ballistic=1.0 - (1.0 - kill[:, :1]) ** doctrine[:, 2:],
        kill_glide=1.0 - (1.0 - kill[:, 1:]) ** doctrine[:, 2:],
        fire=fire_posts(pairs, keep_out_height_m=settings.keep_out_height_m),
    )


def _looks(weapon: Weapon) -> int:
    """Salvos of a class at one body that its doctrine allows."""
    return sum(1 for taken in range(weapon.looks) if salvo_rounds(weapon, taken) > 0)


def _salvos(weapon: Weapon, ready: int) -> int:
    """Salvos at one body that a magazine holds, the last perhaps short."""
    if weapon.doctrine == SALVO_THEN_SINGLES:
        return 1 + max(ready - weapon.salvo, 0)
    return math.ceil(ready / weapon.salvo)


@njit(cache=True, nogil=True, error_model="numpy")
def _lay(about_end, lat_rad, lon_rad, out):  # type: ignore[no-untyped-def]
    """Earth-fixed points [m] of a path that is told from its end, with the end at an aim."""
    for k in range(about_end.shape[0]):
        lat, lon = sphere_direct(lat_rad, lon_rad, about_end[k, 1], about_end[k, 0])
        out[k, 0], out[k, 1], out[k, 2] = ecef_from_geodetic(lat, lon, about_end[k, 2])


@njit(cache=True, nogil=True, error_model="numpy")
def _sequence(  # type: ignore[no-untyped-def]
    path,
    first_s,
    known_s,
    again_s,
    use,
    salvos,
    doctrine,
    kill,
    up,
    limits,
    tables,
    left,
    found,
    taken,
):
    """Salvos in sequence of the pairs in use, probability that one kills, rounds expected till then.

    Each time the pair whose next intercept is earliest fires, which gives the most salvos; the next
    may start `again_s` after an intercept.
    """
    shots, alive, spent, ready = 0, 1.0, 0.0, -math.inf
    taken[:] = 0
    for m in range(len(use)):
        left[m] = salvos[m]
        there = use[m] != 0 and known_s[m] < math.inf
        found[m, FIRST_MEETING] = -math.inf if there else math.nan
    while True:
        best, soonest = -1, math.inf
        for m in range(len(use)):
            meeting = found[m, FIRST_MEETING]
            if left[m] == 0 or math.isnan(meeting) or meeting >= soonest:
                continue
            if taken[doctrine[m, 0]] >= doctrine[m, 1]:
                continue
            # What was found from an earlier start is a lower bound: only look again if it may win.
            find_meetings(
                path, path.shape[0], first_s, 1.0, max(known_s[m], ready), up[m : m + 1],
                limits[m : m + 1], tables[m : m + 1], use[m : m + 1], found[m : m + 1],
            )  # fmt: skip
            meeting = found[m, FIRST_MEETING]
            if meeting < soonest:
                best, soonest = m, meeting
        if best < 0:
            return shots, 1.0 - alive, spent
        shots += 1
        later = min(taken[doctrine[best, 0]], 1)
        spent += alive * doctrine[best, 2 + later]
        alive *= 1.0 - kill[best, later]
        left[best] -= 1
        taken[doctrine[best, 0]] += 1
        ready = soonest + again_s


@njit(cache=True, nogil=True, error_model="numpy")
def shoot(  # type: ignore[no-untyped-def]
    about_end,
    first_s,
    known_s,
    again_s,
    aims_rad,
    battery,
    salvos,
    doctrine,
    kill,
    up,
    limits,
    tables,
    shots,
    chance,
    spent,
):
    """Fill (C, V, B + 1) salvos in sequence, kill probabilities and rounds of one launch at all aims.

    `known_s` (V, M): earliest launch of each pair in each of V views; aims_rad (C, 2). The last
    column counts all batteries together; its kill probability is never below a single one's.
    """
    path = np.empty((about_end.shape[0], 3))
    pairs = len(battery)
    left, found = np.empty(pairs, dtype=np.int64), np.empty((pairs, 5))
    use, taken = np.empty(pairs, dtype=np.int64), np.empty(pairs, dtype=np.int64)
    count = shots.shape[2] - 1
    for c in range(aims_rad.shape[0]):
        _lay(about_end, aims_rad[c, 0], aims_rad[c, 1], path)
        for v in range(known_s.shape[0]):
            best = 0.0
            for b in range(count + 1):
                for m in range(pairs):
                    use[m] = kill[m, 0] > 0.0 and (b == count or battery[m] == b)
                    if b == count and shots[c, v, battery[m]] == 0:
                        use[m] = 0  # its battery has no shot alone: none in company either
                n, k, r = _sequence(
                    path, first_s, known_s[v], again_s, use, salvos, doctrine, kill, up, limits,
                    tables, left, found, taken,
                )  # fmt: skip
                best = max(best, k)
                shots[c, v, b] = n
                spent[c, v, b] = r
                chance[c, v, b] = best if b == count else k
