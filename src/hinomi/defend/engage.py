"""Who shoots at what, when: one pass over time, each assigner with what it knows by then.

An assigner is a nation, or everybody under one assignment. It looks at each of its confirmed tracks
when the first grade-E row and the commit delay are there, and every 5 s from then on: is the newest
row of grade E and not in boost, and does some (battery, weapon) pair that may fire on this picture
meet the predicted path with a launch due before the next look? Among due pairs with rounds and a
free channel it takes the one with the greatest salvo kill probability / (1 + wait / 60 s), wait
being the time to the intercept: greedy, first ready first served. After intercept and assessment
what is judged a survivor is looked at again, as long as the doctrine of some interceptor allows.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from hinomi.defend.armoury import (
    Armoury,
    Whole,
    armoury,
    channel_free,
    restock,
    salvo_rounds,
    take,
)
from hinomi.defend.raid import (
    AHEAD_S,
    ASSESS,
    LOOK,
    MEET,
    CommitDelays,
    Fate,
    Met,
    Raid,
    Salvo,
    record,
)
from hinomi.defend.targets import (
    OLDEST_ROW_S,
    Target,
    next_graded_s,
    place_near,
    row_known,
    support_share,
    targets,
)
from hinomi.defend.windows import FIRST_LAUNCH, FIRST_MEETING, MISS, find_meetings, reach
from hinomi.flight.ahead import carry_ahead
from hinomi.records.columns import Floats
from hinomi.records.engagements import (
    ENGAGED,
    NO_CHANNEL,
    NO_ROUNDS,
    NO_TRACK_GRADE,
    NO_WINDOW,
    NOT_ALLOWED,
    Architecture,
    Battery,
    Engagements,
    EngageSettings,
    Weapon,
)
from hinomi.records.tracks import Tracks

__all__ = ["CommitDelays", "Fate", "engage"]

LOOK_EVERY_S: Final = 5.0
LOOK_LATEST_S: Final = 30.0
STEP_S: Final = 1.0  # grid of intercept times
# No predicted path moves sideways faster than this while it is watched (assumed): looks may wait.
TURN_MPS: Final = 2000.0
# What an assigner believes of a body it cannot type: slender body, mid glider (assumed).
BETA_KG_M2: Final = 8000.0
LIFT_TO_DRAG: Final = 2.6
# Rows are some seconds apart and carried on in between: a track this far outside the windows at the
# intercept, or in them but reached this much later, still counts as met (both assumed).
EDGE_M: Final = 2_000.0
EDGE_S: Final = 2.0
PATIENCE_S: Final = 60.0  # waiting this long for an intercept halves its worth (assumed)


def engage(
    pictures: Mapping[str, Tracks],
    batteries: Sequence[Battery],
    weapons: Mapping[str, Weapon],
    *,
    architecture: Architecture,
    settings: EngageSettings,
    delays: CommitDelays,
    fate: Fate,
    present: Sequence[bool] | None = None,
) -> Engagements:
    """Shots of one raid under one architecture.

    Parameters
    ----------
    pictures
        Nation -> the picture its batteries shoot on, or one picture "all" that serves everybody.
    batteries, weapons
        Firing units and the catalogue of interceptors.
    architecture
        Uses `one_assignment`, `engage_on_remote`, and `share_track` and `one_picture` for who hears of a
        kill: where none of the three is there, the desk that fired alone.
    settings
        Delays, keep-out height, support rule and object sizes.
    delays, fate
        Commit delays, and the world's answer to each salvo.
    present
        Per battery; False = not there in this replicate.

    Returns
    -------
    One row per salvo in order of commitment, then one per confirmed track without a salvo, with the
    reason. `kill_probability` is 1 - (1 - p)^n as planned; where a grade-E track supported less
    than `support_share` of the fly-out, the world is asked with that times `support_penalty`, and
    with 0 where the track has left its predicted path for a place that the weapon cannot be at by then.
    "policy" marks tracks left alone because their object counted as engaged or killed, or because
    no battery may fire on their picture.

    Raises
    ------
    ScenarioError
        when a magazine names an unknown weapon, or a weapon an unknown provider.
    """
    names = tuple(sorted(pictures))
    store = armoury(
        batteries,
        weapons,
        pictures=names,
        architecture=architecture,
        settings=settings,
        present=present,
    )
    raid = Raid(
        pictures=names,
        targets=[
            target
            for desk, (p, _) in enumerate(store.desks)
            for target in targets(pictures[names[p]], picture=p, desk=desk)
        ],
        store=store,
        settings=settings,
        fate=fate,
        joint=architecture.one_assignment and len(names) > 1,
        found=np.empty((len(store.weapon), 5)),
    )
    _first_looks(raid, delays)
    while raid.events:
        now, kind, _, _, index = heapq.heappop(raid.events)
        if kind == LOOK:
            _look(raid, index, now)
        elif kind == MEET:
            _meet(raid, index)
        else:
            _assess(raid, index, now)
    return record(raid, weapons)


def _first_looks(raid: Raid, delays: CommitDelays) -> None:
    """Queue each track once: when its first grade-E row and the commit delay are there."""
    for index, target in enumerate(raid.targets):
        if not raid.store.allowed[target.desk].any():
            target.reason = NOT_ALLOWED
            continue
        target.reason = NO_TRACK_GRADE  # until a look finds the grade there after the delay
        if target.graded_available_s:
            wait = delays.seconds(raid.pictures[target.picture], target.track)
            raid.push(target.graded_available_s[0] + wait, LOOK, index)


def _look(raid: Raid, index: int, now: float) -> None:
    """Consider one track: shoot, look again later, or let it go."""
    target = raid.targets[index]
    row = row_known(target, now)
    if target.busy or target.dead or row < 0 or target.dropped[row]:
        return
    if now - target.available_s[-1] > OLDEST_ROW_S:
        return
    if not target.graded[row] or target.boosting[row] or now - target.t_s[row] > OLDEST_ROW_S:
        later = max(now + LOOK_EVERY_S, next_graded_s(target, now))
        if later < math.inf:
            raid.push(later, LOOK, index)
        return
    if _already_dead(raid, target, now):
        target.dead = True
        if target.salvos == 0:
            target.reason = NOT_ALLOWED
        return
    if raid.joint and _engaged_elsewhere(raid, target, now):
        if target.salvos == 0:
            target.reason = NOT_ALLOWED
        raid.push(now + LOOK_EVERY_S, LOOK, index)
        return
    wait = _try_to_shoot(raid, index, row, now)
    if wait > 0.0:
        raid.push(now + wait, LOOK, index)


def _try_to_shoot(raid: Raid, index: int, row: int, now: float) -> float:
    """Commit a salvo (returns 0) or say how many seconds to wait before the next look."""
    target, store = raid.targets[index], raid.store
    if target.reason == NO_TRACK_GRADE:
        target.reason = NO_WINDOW
    gliding = target.gliding[row]
    kill = store.kill[gliding]
    use, some, wanted = _who_may(store, target, gliding=gliding)
    if not some:
        return LOOK_EVERY_S
    count = carry_ahead(
        target.mean[row], gliding, STEP_S, AHEAD_S, BETA_KG_M2, LIFT_TO_DRAG, raid.path
    )
    if count == 0:
        return LOOK_EVERY_S  # a motor burns after all
    posts = store.posts
    earliest = now + raid.settings.weapon_delay_s
    t0 = target.t_s[row]
    find_meetings(
        raid.path,
        count,
        t0,
        STEP_S,
        earliest,
        posts.up,
        posts.limits,
        posts.tables,
        use,
        raid.found,
    )
    best, blocked, soonest = _best_pair(raid, wanted, kill, earliest=earliest, now=now)
    if best >= 0:
        _commit(raid, index, best, wanted[best], float(kill[best]), t0, now)
        return 0.0
    if blocked >= 0:
        if target.salvos == 0:
            target.reason = blocked
        return LOOK_EVERY_S
    if soonest < math.inf:
        return min(max(0.5 * soonest, LOOK_EVERY_S), LOOK_LATEST_S)
    miss = float(raid.found[:, MISS].min())
    return min(max(miss / TURN_MPS, LOOK_EVERY_S), LOOK_LATEST_S)


def _best_pair(
    raid: Raid, wanted: Sequence[int], kill: Floats, *, earliest: float, now: float
) -> tuple[int, int, float]:
    """Pair whose salvo is worth most now, or -1; what keeps the others back, or -1; and for how long."""
    store = raid.store
    best, best_worth, blocked = -1, 0.0, -1
    soonest = math.inf
    for pair, (launch, meeting, _, _, _) in enumerate(raid.found.tolist()):
        if math.isnan(launch):
            continue
        if launch > earliest + LOOK_EVERY_S:
            soonest = min(soonest, launch - earliest)
        elif restock(store, pair, now) <= 0:
            blocked = max(blocked, NO_ROUNDS)
        elif not channel_free(store, pair, launch):
            blocked = max(blocked, NO_CHANNEL)
        else:
            rounds = min(wanted[pair], store.ready[pair])
            worth = (1.0 - (1.0 - kill[pair]) ** rounds) / (1.0 + (meeting - now) / PATIENCE_S)
            if worth > best_worth:
                best, best_worth = pair, worth
    return best, blocked, soonest


def _who_may(store: Armoury, target: Target, *, gliding: bool) -> tuple[Whole, bool, list[int]]:
    """(M,) pairs that may shoot at a track and can harm it, whether any does, and rounds of each."""
    use, some = store.able[target.desk, gliding]
    if not target.taken:
        return use, some, store.salvo
    wanted = [salvo_rounds(w, target.taken.get(w.name, 0)) for w in store.weapon]
    if 0 in wanted:
        use = use * (np.array(wanted) > 0)
        some = bool(use.any())
    return use, some, wanted


def _commit(
    raid: Raid, index: int, pair: int, wanted: int, kill: float, t0_s: float, now: float
) -> None:
    """Spend the rounds, occupy the channel, queue the intercept."""
    target = raid.targets[index]
    launch, meeting = float(raid.found[pair, FIRST_LAUNCH]), float(raid.found[pair, FIRST_MEETING])
    until = meeting + raid.settings.assess_s
    rounds = take(raid.store, pair, wanted, launch_s=launch, until_s=until)
    x, y, z = raid.path[round((meeting - t0_s) / STEP_S)]
    point = (float(x), float(y), float(z))
    raid.salvos.append(
        Salvo(
            target=target,
            pair=pair,
            rounds=rounds,
            t_commit_s=now,
            t_launch_s=launch,
            t_intercept_s=meeting,
            r_m=point,
            met_m=point,
            kill_probability=1.0 - (1.0 - kill) ** rounds,
            kill_one=kill,
            number=target.salvos,
            index=index,
        )
    )
    target.salvos += 1
    name = raid.store.weapon[pair].name
    target.taken[name] = target.taken.get(name, 0) + 1
    target.busy = True
    target.reason = ENGAGED
    raid.push(meeting, MEET, len(raid.salvos) - 1)


def _meet(raid: Raid, number: int) -> None:
    """Ask the world, with the support penalty where the track was not held well enough."""
    salvo, settings = raid.salvos[number], raid.settings
    target = salvo.target
    chance = salvo.kill_probability
    if support_share(target, salvo.t_launch_s, salvo.t_intercept_s) < settings.support_share:
        chance *= settings.support_penalty
    place = place_near(target, salvo.t_intercept_s, salvo.t_intercept_s + settings.assess_s)
    if place is not None:
        salvo.met_m = (float(place[0]), float(place[1]), float(place[2]))
    needed_s, out_m = reach(raid.store.posts, salvo.pair, salvo.met_m)
    late_s = needed_s - (salvo.t_intercept_s - salvo.t_launch_s)
    if out_m > EDGE_M or (out_m == 0.0 and late_s > EDGE_S):
        chance = 0.0  # it left its predicted path for where this weapon cannot be by then
    salvo.killed = raid.fate.killed(
        Met(
            picture=raid.pictures[target.picture], track=target.track,
            battery=raid.store.battery[salvo.pair], salvo=salvo.number, rounds=salvo.rounds,
            kill_probability=chance, kill_one=salvo.kill_one,
            weapon=raid.store.weapon[salvo.pair].name, t_intercept_s=salvo.t_intercept_s,
            r_m=salvo.met_m,
        )
    )  # fmt: skip
    raid.push(salvo.t_intercept_s + settings.assess_s, ASSESS, number)


def _assess(raid: Raid, number: int, now: float) -> None:
    """Take in a result: remember a kill, or look at the survivor again."""
    salvo = raid.salvos[number]
    target = salvo.target
    target.busy = False
    if salvo.killed:
        target.dead = True
        circle = raid.store.circle[target.desk]
        raid.kills.setdefault(circle, []).append((salvo.t_intercept_s, np.array(salvo.met_m)))
    else:
        raid.push(now, LOOK, salvo.index)


def _already_dead(raid: Raid, target: Target, now: float) -> bool:
    """Whether the track was where a kill happened that its desk knows of, when it happened."""
    kills = raid.kills.get(raid.store.circle[target.desk], [])
    while target.kills_checked < len(kills):
        t, place = kills[target.kills_checked]
        here = place_near(target, t, now)
        if here is not None and math.dist(here, place) <= raid.settings.same_object_m:
            return True
        target.kills_checked += 1
    return False


def _engaged_elsewhere(raid: Raid, target: Target, now: float) -> bool:
    """Whether a track of another picture that is under engagement is the same object."""
    here = place_near(target, now, now)
    if here is None:
        return False
    for other in raid.targets:
        if other.picture == target.picture or not other.busy:
            continue
        there = place_near(other, now, now)
        if there is not None and math.dist(here, there) <= raid.settings.same_path_m:
            return True
    return False
