"""The two ensembles of the flight benchmark, and what every engine is given of them.

Generic classes and invented numbers. `ballistic`: a one-stage launch of about 1,000 km, 600-700 s,
from rest on the ground to the ground. `glide`: from the entry of the glide at 5.5 km/s over some
3,200 km and 1,000 s, banked to the right, then to the left, to the ground.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from hinomi.flight.body import FIRST_BANK, FIRST_STAGE, pack
from hinomi.flight.path import launch_vector, state_at
from hinomi.records.flights import Stage, ThreatClass

NAMES = ("ballistic", "glide")
SEED = 20261122
EVERY_S = 1.0  # output of position and velocity
LIMIT_M = 10.0  # worst impact error allowed over all flights
ROWS = {"ballistic": 800, "glide": 1300}  # more than any flight of the ensemble needs
LAT, LON = math.radians(39.0), math.radians(126.0)

LAUNCHED = ThreatClass(
    name="one stage, 1,000 km",
    kind="ballistic",
    stages=(
        Stage(propellant_kg=12_500, dry_kg=1_800, isp_vacuum_s=240, burn_s=95, diameter_m=1.25),
    ),
    payload_kg=1_000,
    beta_kg_m2=8_000,
    back_pressure_share=0.10,
    burn_spread=0.1,
)
GLIDING = ThreatClass(
    name="glider, 3,000 km",
    kind="glide",
    stages=(),
    payload_kg=1_000,
    beta_kg_m2=10_000,
    back_pressure_share=0.10,
    burn_spread=0.1,
    lift_to_drag=2.6,
    damping_per_s=0.2,
)
BANKS = ((150.0, 0.95), (450.0, -0.95), (750.0, 0.0))  # s after the start of the glide, rad


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Flights of one ensemble: the arguments of the flight kernel, row by row."""

    name: str
    bodies: np.ndarray  # (N, SIZE)
    starts: np.ndarray  # (N, 12)
    kick_rad: np.ndarray  # (N,)
    cutoff_s: np.ndarray  # (N,)
    gliding: bool

    def __len__(self) -> int:
        return len(self.bodies)

    def part(self, chosen: slice) -> Problem:
        """Some of the flights."""
        names = ("bodies", "starts", "kick_rad", "cutoff_s")
        return replace(self, **{n: np.ascontiguousarray(getattr(self, n)[chosen]) for n in names})


def problem(name: str, flights: int, *, first: int = 0) -> Problem:
    """Flights `first` to `first + flights` of an ensemble; the same for every number of flights."""
    rows = [_flight(name, number) for number in range(first, first + flights)]
    bodies, starts, kicks, cutoffs = (np.array(column) for column in zip(*rows, strict=True))
    return Problem(
        name=name,
        bodies=bodies,
        starts=starts,
        kick_rad=kicks,
        cutoff_s=cutoffs,
        gliding=name == "glide",
    )


def _flight(name: str, number: int) -> tuple[np.ndarray, np.ndarray, float, float]:
    """One flight: its chance depends on its number alone."""
    bits = np.random.Philox(key=SEED + NAMES.index(name), counter=[number, 0, 0, 0])
    chance = np.random.Generator(bits)
    size, burn, density, beta = chance.standard_normal(4)
    turn, kick, angle, height = chance.uniform(-1.0, 1.0, 4)
    thicker = math.exp(0.1 * density)
    azimuth = math.radians(95.0 + 20.0 * turn)
    if name == "ballistic":
        stage = LAUNCHED.stages[0]
        flown = replace(
            stage,
            propellant_kg=stage.propellant_kg * (1.0 + 0.01 * size),
            burn_s=stage.burn_s * (1.0 + 0.02 * burn),
        )
        body = pack(LAUNCHED, stages=(flown,), density_factor=thicker)
        start = launch_vector(lat_rad=LAT, lon_rad=LON, azimuth_rad=azimuth)
        return body, start, math.radians(14.0 + 0.5 * kick), flown.burn_s
    glider = replace(GLIDING, beta_kg_m2=GLIDING.beta_kg_m2 * (1.0 + 0.05 * beta))
    body = pack(glider, density_factor=thicker, bank_schedule=BANKS)
    r, v = state_at(
        body,
        lat_rad=LAT,
        lon_rad=LON,
        height_m=47e3 + 2e3 * height,
        azimuth_rad=azimuth,
        angle_rad=math.radians(-0.3 + 0.3 * angle),
        speed_mps=5500.0 * (1.0 + 0.01 * size),
    )
    return body, np.concatenate([np.zeros(6), r, v]), 0.0, 0.0


def bank_times(body: np.ndarray) -> np.ndarray:
    """Seconds at which the bank of a glide changes."""
    return body[FIRST_BANK : FIRST_BANK + 2 * len(BANKS) : 2]


def burn_s(bodies: np.ndarray) -> np.ndarray:
    """Burn time of the only stage."""
    return bodies[:, FIRST_STAGE + 3]
