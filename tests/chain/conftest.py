"""One memory for all tests of the chain: a scenario is loaded once, a replicate is run once."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from hinomi.earth.wgs84 import ecef_from_geodetic
from hinomi.records.flights import COAST, ENDED, WAITING, Flights
from hinomi.records.places import Mesh, Places
from hinomi.records.tracks import Tracks
from hinomi.scenario.load import load
from hinomi.study import chain

EVERY = ("national", "shared_warning", "shared_track", "integrated")
UNITS = ("unit", "buffer_m", "kernel_m", "blocks")


@dataclass(frozen=True)
class Run:
    """The tables of one replicate, and ways to read them."""

    scenario: object
    tables: dict

    def table(self, name, architecture=None):
        """Columns as arrays; of one architecture, without the column that says so."""
        columns = {k: np.asarray(v) for k, v in self.tables[name].items()}
        if architecture is None:
            return columns
        mine = columns.pop("architecture") == architecture
        return {k: v[mine] for k, v in columns.items()}

    def metrics(self, architecture, *, groups=True):
        """Figure -> value; without `groups` only those of the whole area."""
        columns = self.table("metrics", architecture)
        pairs = zip(columns["metric"].tolist(), columns["value"].tolist(), strict=True)
        return {k: v for k, v in pairs if groups or "." not in k}

    def times(self, architecture, kind):
        """Body -> time of an event [s]; bodies to which it never happened are left out."""
        e = self.table("events", architecture)
        mine = e["kind"] == kind
        return dict(zip(e["subject"][mine].tolist(), e["t_s"][mine].tolist(), strict=True))


@pytest.fixture(scope="session")
def study():
    """Scenario and context under some changes; contexts are shared where the units are the same."""
    scenarios, contexts = {}, {}

    def of(changes=None, name="okinawa-2025"):
        key = (str(name), repr(sorted((changes or {}).items())))
        if key not in scenarios:
            scenarios[key] = load(name, changes=changes)
        scenario = scenarios[key]
        units = repr([getattr(scenario, n) for n in UNITS])
        if units not in contexts:
            contexts[units] = chain.prepare(scenario)
        return scenario, contexts[units]

    return of


@pytest.fixture(scope="session")
def play(study):
    """Run one replicate of a scenario under some changes."""
    runs = {}

    def of(changes=None, *, name="okinawa-2025", number=0, architectures=EVERY):
        key = (str(name), repr(sorted((changes or {}).items())), number, tuple(architectures))
        if key not in runs:
            scenario, context = study(changes, name)
            tables = chain.replicate(
                scenario,
                context,
                seed=scenario.study.seed,
                number=number,
                architectures=architectures,
                keep=True,
            )
            runs[key] = Run(scenario=scenario, tables=tables)
        return runs[key]

    return of


@pytest.fixture(scope="session")
def same():
    """Whether two tables hold the same columns to the last bit; NaN is like NaN."""

    def of(a, b):
        return list(a) == list(b) and all(_same_column(a[k], b[k]) for k in a)

    return of


def _same_column(a, b):
    a, b = np.asarray(a), np.asarray(b)
    return np.array_equal(a, b, equal_nan=a.dtype.kind == "f" and b.dtype.kind == "f")


@pytest.fixture(scope="session")
def hand_case():
    return Path(__file__).parent / "hand_case.toml"


# A toy country of three municipalities and sea, for the last step of the chain.
#
#   longitude   128.0    128.4   128.5   128.6    129.0
#   26.33-26.67   north    north   sea     east
#   26.00-26.33   south    south   sea     east


@pytest.fixture(scope="session")
def country():
    """Places 0 south, 1 north, 2 east; 100, 250 and 400 people."""
    tile = np.full((160, 160), -1, np.int32)
    tile[:80, :64], tile[80:, :64], tile[:, 96:] = 0, 1, 2
    mesh = Mesh(
        origin=np.array([39, 128]),  # the tile from 26 N and 128 E on
        top=np.array([[1]]),
        tiles=np.stack([np.full((160, 160), -1, np.int32), tile]),
    )
    names = ("south", "north", "east")
    return Places(
        code=("00001", "00002", "00003"),
        name_en=names,
        name_ja=names,
        prefecture_en=names,
        prefecture_ja=names,
        island_group=("", "", ""),
        population=np.array([100.0, 250.0, 400.0]),
        area_km2=np.ones(3),
        lat_deg=np.array([26.2, 26.5, 26.3]),
        lon_deg=np.array([128.2, 128.2, 128.8]),
        mesh=mesh,
        vintage="",
    )


@pytest.fixture(scope="session")
def flown():
    """Flights along given points: one list of (lat, lon, height) in degrees and metres per body."""

    def of(*bodies, first_s=0, end=None):
        count, length = len(bodies), max(len(b) for b in bodies) + first_s + 5
        r = np.full((count, length, 3), np.nan)
        height = np.full((count, length), np.nan)
        phase = np.full((count, length), ENDED)
        phase[:, :first_s] = WAITING
        last = np.empty(count, np.int32)
        for i, points in enumerate(bodies):
            for k, (lat, lon, h) in enumerate(points, start=first_s):
                r[i, k] = ecef_from_geodetic(np.radians(lat), np.radians(lon), h)
                height[i, k], phase[i, k] = h, COAST
            last[i] = first_s + len(points) - 1
        ends = end or [(b[-1][0], b[-1][1]) for b in bodies]
        return Flights(
            bodies=tuple(f"body-{i + 1}" for i in range(count)),
            classes=("any",) * count,
            kinds=("ballistic",) * count,
            t_s=np.arange(length, dtype=float),
            r_m=r,
            v_mps=np.zeros_like(r),
            height_m=height,
            phase=phase,
            intensity_w_sr=np.zeros((count, length, 2)),
            rcs_m2=np.ones((count, length)),
            first=np.full(count, first_s),
            last=last,
            launch_t_s=np.full(count, float(first_s)),
            burnout_t_s=np.full(count, float(first_s)),
            end_t_s=last + 0.5,
            end_lat_deg=np.array([e[0] for e in ends]),
            end_lon_deg=np.array([e[1] for e in ends]),
            apogee_m=np.nanmax(height, axis=1),
        )

    return of


@pytest.fixture(scope="session")
def tracked():
    """Tracks from rows of (track, t_s, position in m, grade)."""

    def of(*rows, grade=0):
        k = len(rows)
        mean = np.zeros((k, 9))
        for i, row in enumerate(rows):
            mean[i, :3] = row[2]
        return Tracks(
            picture="toy",
            t_s=np.array([r[1] for r in rows], float),
            t_available_s=np.array([r[1] for r in rows], float) + 2.0,
            track=np.array([r[0] for r in rows], np.int32),
            mean=mean,
            cov=np.zeros((k, 9, 9)),
            mode=np.zeros((k, 4)),
            status=np.ones(k),
            grade=np.array([r[3] if len(r) > 3 else grade for r in rows]),
            plot=np.full(k, -1),
            plots=0,
        )

    return of
