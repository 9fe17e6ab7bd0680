"""One flight: what was asked, flown; its rows over the ground, its events and what it was made of."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from hinomi.earth.atmosphere import state as air_at
from hinomi.errors import ScenarioError
from hinomi.export.cruising import cruise
from hinomi.export.flight_asked import CRUISE, LIFTS, MINIMUM_ENERGY, REACH, STATE, Asked
from hinomi.export.flight_events import Event, event_at, events_of
from hinomi.export.flight_tracks import Track, track_of, used_lift_to_drag
from hinomi.flight.body import pack
from hinomi.flight.closed_form import MinimumEnergy, glide_density_kg_m3, minimum_energy
from hinomi.flight.path import Path, launch, release, spent_stages, state_at
from hinomi.flight.pointmass import STATUSES
from hinomi.flight.reach import Reach, must_reach
from hinomi.records.columns import Floats
from hinomi.records.flights import GLIDE_KIND


@dataclass(frozen=True, slots=True, kw_only=True)
class OneFlight:
    """A flown question."""

    asked: Asked
    status: str  # landed, airborne, orbiting, escaping or invalid
    track: Track
    stages: tuple[Track, ...]  # stages that fell off, in order
    events: tuple[Event, ...]
    path: Path
    apogee_m: float  # the first; the start's height for a body that never climbs
    azimuth_rad: float
    kick_rad: float
    cutoff_s: float
    burnout: Event | None  # the start, for a body without a booster; None: crashed under thrust
    miss_m: float  # of the aim; NaN without one
    asked_range_m: float  # NaN: none was asked
    used_lift_to_drag: float  # mean over the glide; NaN without one
    notes: tuple[str, ...]


def fly(asked: Asked) -> OneFlight:
    """Fly what was asked.

    Raises
    ------
    UnreachableError
        when the class cannot fly from start to aim with the apogee; names what it reaches.
    ScenarioError
        when the form is not there for this Earth.
    """
    if asked.form in (STATE, MINIMUM_ENERGY):
        return _from_state(asked)
    if asked.form == CRUISE:
        held = "Height and speed are held along geodesics; the flight ends over the aim."
        return _result(asked, cruise(asked), notes=(held,))
    return _from_pad(asked)


def _packed(asked: Asked) -> Floats:
    return pack(
        asked.threat_class,
        density_factor=asked.density_factor,
        bank_schedule=asked.bank_schedule,
        rotation=asked.ground.rotates,
        oblateness=not asked.ground.round,
        air=asked.air,
        sphere_m=asked.ground.sphere_m,
    )


def _from_pad(asked: Asked) -> OneFlight:
    """From rest on the ground: towards an aim, or as told."""
    body, found, notes = _packed(asked), None, []
    azimuth, kick, cutoff = asked.azimuth_rad, asked.kick_rad, asked.cutoff_s
    if asked.form == REACH:
        found = _solve(asked, body)
        azimuth, kick, cutoff = found.azimuth_rad, found.kick_rad, found.cutoff_s
    elif math.isfinite(asked.fails_at_s):
        cutoff = asked.fails_at_s
        notes.append(
            f"Thrust fails at {cutoff:g} s; the body and the stage that failed then fall apart "
            "from each other, as in a study."
        )
    way = {
        "lat_rad": asked.lat_rad, "lon_rad": asked.lon_rad, "azimuth_rad": azimuth,
        "kick_rad": kick, "cutoff_s": cutoff,
    }  # fmt: skip
    path = launch(body, **way)
    burnout = launch(body, **way, until_s=path.burnout_t_s) if path.burnout_t_s > 0.0 else path
    return _result(
        asked, path, spent=spent_stages(body, **way), burnout=burnout, solution=found,
        azimuth_rad=azimuth, kick_rad=kick, cutoff_s=cutoff, notes=notes,
    )  # fmt: skip


def _solve(asked: Asked, body: Floats) -> Reach:
    if asked.ground.round:
        raise ScenarioError(
            f"--earth is {asked.ground.earth}, and --to is solved over WGS 84 only: leave --earth "
            "out, or give --azimuth-deg and --kick-deg instead of --to"
        )
    return must_reach(
        body,
        lat_a_rad=asked.lat_rad,
        lon_a_rad=asked.lon_rad,
        lat_b_rad=asked.to_rad[0],
        lon_b_rad=asked.to_rad[1],
        apogee_m=asked.apogee_m,
    )


def _from_state(asked: Asked) -> OneFlight:
    """From a position and velocity: of the options, or of the closed form of least energy."""
    body, form, notes = _packed(asked), None, []
    speed, angle, height = asked.speed_mps, asked.angle_rad, asked.height_m
    if asked.form == MINIMUM_ENERGY:
        form = minimum_energy(range_m=asked.range_m)
        speed, angle = form.speed_mps, form.angle_rad
    elif math.isnan(height):
        height = _glide_height_m(asked)
        carried = "where the whole lift carries the glide"
        if height > asked.threat_class.glide_below_m - 1.0:
            carried = "the highest at which lift acts"
        notes.append(f"Starts at {height / 1e3:.1f} km, {carried}.")
    r_m, v_mps = state_at(
        body, lat_rad=asked.lat_rad, lon_rad=asked.lon_rad, height_m=height,
        azimuth_rad=asked.azimuth_rad, angle_rad=angle, speed_mps=speed,
    )  # fmt: skip
    glides = asked.threat_class.kind == GLIDE_KIND and asked.air
    below = height <= asked.threat_class.glide_below_m
    path = release(body, r_m=r_m, v_mps=v_mps, gliding=glides and below)
    asked = replace(asked, speed_mps=speed, angle_rad=angle, height_m=height)
    return _result(asked, path, azimuth_rad=asked.azimuth_rad, form=form, notes=notes)


def _glide_height_m(asked: Asked) -> float:
    """Height [m] at which the whole lift carries the glide, at most where the law comes on."""
    body = asked.threat_class
    density = glide_density_kg_m3(
        speed_mps=asked.speed_mps, lift_to_drag=body.lift_to_drag, beta_kg_m2=body.beta_kg_m2
    )
    low, high = 0.0, body.glide_below_m
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if air_at(middle)[0] > density else (low, middle)
    return high


def _result(
    asked: Asked,
    path: Path,
    *,
    spent: tuple[Path, ...] = (),
    burnout: Path | None = None,
    solution: Reach | None = None,
    azimuth_rad: float = math.nan,
    kick_rad: float = math.nan,
    cutoff_s: float = math.inf,
    form: MinimumEnergy | None = None,
    notes: list[str] | tuple[str, ...] = (),
) -> OneFlight:
    status = STATUSES[path.status]
    if status == "invalid":
        raise ScenarioError(
            "this flight leaves what can be computed (no finite state): change speed, angle or "
            "ballistic coefficient"
        )
    track = track_of(asked, path, asked.threat_class.name)
    lifts = asked.air and asked.threat_class.kind in LIFTS
    if asked.threat_class.kind in LIFTS and not asked.air:
        notes = (*notes, "Without air nothing lifts: the body falls.")
    crashed = path.landed and path.burnout_t_s >= path.end_t_s
    if burnout is None:
        thrust_end = event_at(asked, "burnout", 0.0, track.r_m[0], track.v_mps[0])
    elif crashed:
        thrust_end = None
        notes = (*notes, "It comes down while its engine burns.")
    else:
        name = "thrust fails" if math.isfinite(asked.fails_at_s) else "burnout"
        thrust_end = event_at(asked, name, path.burnout_t_s, burnout.end_r_m, burnout.end_v_mps)
    return OneFlight(
        asked=asked,
        status=status,
        track=track,
        stages=tuple(track_of(asked, p, f"stage {i + 1}") for i, p in enumerate(spent)),
        events=events_of(asked, path, track, burnout=None if burnout is None else thrust_end),
        path=path,
        apogee_m=max(path.apogee_m, float(track.height_m[0])),
        azimuth_rad=azimuth_rad,
        kick_rad=kick_rad,
        cutoff_s=min(cutoff_s, sum(s.burn_s for s in asked.threat_class.stages) or math.inf),
        burnout=thrust_end,
        miss_m=math.nan if solution is None else solution.miss_m,
        asked_range_m=math.nan if form is None else asked.range_m,
        used_lift_to_drag=used_lift_to_drag(asked.ground, track) if lifts else math.nan,
        notes=tuple(notes),
    )
