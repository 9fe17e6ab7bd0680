"""Trackers beside Stone Soup and FilterPy on the same data; run with `python benchmarks/track.py`.

Every row runs both engines on the same measurements, one thread, and prints the processor time of
one update (or scan), their ratio, and the error of position at the end of both: a fast filter that
is wrong would show. Time is the best of three, compilation apart. Peers: `pip install stonesoup
filterpy`; Stone Soup has no motion in true gravity, so it gets a model of its own for that.

    python benchmarks/track.py --quick            fewer runs and bodies
    python benchmarks/track.py --without-peers    hinomi alone
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from hinomi.earth.wgs84 import ecef_from_geodetic, local_axes
from hinomi.estimate.cartesian import fall
from hinomi.estimate.linear import interact_linear
from hinomi.estimate.single import estimate_many
from hinomi.records.plots import Plots
from hinomi.records.tracks import CONFIRMED, ESTIMATORS, TrackSettings
from hinomi.score.attribution import attribute
from hinomi.track.filter import absorb, advance, make_work, seed_modes
from hinomi.track.follow import follow
from hinomi.track.gate import across
from hinomi.track.modes import combine

REPEATS = 3
DENSITY = 1.0
SIGMA = np.array([20.0, 1e-3, 1e-3])
COV = np.diag([300.0] * 3 + [40.0] * 3) ** 2
SETTINGS = TrackSettings(
    confirm_hits=3, confirm_looks=5, gate_probability=0.999, drop_after_s=60.0, drop_sigma_m=5e4,
    speed_limit_mps=8000.0, warning_position_m=1e4, warning_speed_mps=200.0, cue_position_m=5e3,
    engage_position_m=1e3,
)  # fmt: skip


@dataclass
class Row:
    """One line of the table; times of one update or scan [s], errors rms [m]."""

    name: str
    own_s: float
    peer: str = ""
    peer_s: float = float("nan")
    own_m: float = float("nan")
    peer_m: float = float("nan")
    aim: str = ""


def best_s(work: Callable[[], Any], repeats: int = REPEATS) -> float:
    """Least processor time of some runs."""
    times = []
    for _ in range(repeats):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return min(times)


def rms(found: Any, truth: Any) -> float:
    return float(np.sqrt(((found - truth)[..., :3] ** 2).sum(axis=-1).mean()))


def angles(places: Any, site: Any) -> Any:
    d = places - site
    return np.stack(
        [np.linalg.norm(d, axis=-1), np.arctan2(d[..., 1], d[..., 0]),
         np.arctan2(d[..., 2], np.hypot(d[..., 0], d[..., 1]))], axis=-1,
    )  # fmt: skip


def falling(start: Any, seconds: int) -> Any:
    """(seconds + 1, 6) states of free fall, Earth-fixed."""
    rows = [tuple(start)]
    for _ in range(seconds):
        rows.append(fall(*rows[-1], 1.0))
    return np.array(rows)


# --- one object, one model ----------------------------------------------------------------------


def single(model: str, quick: bool, peers: bool) -> list[Row]:
    """Extended and unscented filter on radar data; the peer runs the first few of the runs."""
    runs, seconds, theirs = (200, 100, 1) if quick else (2000, 200, 4)
    rng = np.random.default_rng(1)
    t = np.arange(1.0, seconds + 1.0)
    if model == "free fall":  # positive coordinates: Stone Soup's differences need them
        site = np.array(ecef_from_geodetic(np.radians(30.0), np.radians(40.0), 0.0))
        truth = falling(np.r_[site + np.array([3e5, 2e5, 2.5e5]), -900.0, 1200.0, 700.0], seconds)
    else:
        site = np.zeros(3)
        start = np.array([9e4, 7e4, 2e4, -300.0, -250.0, 20.0])
        truth = np.tile(start, (seconds + 1, 1))
        truth[:, :3] += np.arange(seconds + 1)[:, None] * start[3:]
    z = angles(truth[1:, :3], site) + SIGMA * rng.normal(size=(runs, seconds, 3))
    mean = truth[0] + rng.normal(size=(runs, 6)) * np.sqrt(np.diag(COV))
    rows = []
    for method in ("extended", "unscented"):
        given: dict[str, Any] = {
            "t_s": t, "start_s": 0.0, "site_m": site, "sigma": SIGMA, "mean": mean, "cov": COV,
            "model": model, "method": method, "acceleration_psd_m2_s3": DENSITY, "workers": 1,
        }  # fmt: skip
        found = estimate_many(z, **given)
        own = best_s(lambda given=given: estimate_many(z, **given)) / (runs * seconds)
        row = Row(f"{model}, {method}", own, aim="2,000" if model != "free fall" else "500")
        row.own_m = rms(found.mean[:theirs, -1], truth[-1])
        if peers:
            import track_peers as P  # noqa: N812

            motion = P.straight(DENSITY) if model != "free fall" else P.FreeFall(density=DENSITY)
            ends: list[Any] = []

            def peer(method: str = method, motion: Any = motion, ends: list[Any] = ends) -> None:
                ends[:] = [
                    P.one_run(method.capitalize(), motion, z[i], mean[i], COV, SIGMA, site)
                    for i in range(theirs)
                ]

            row.peer, row.peer_s = "Stone Soup", best_s(peer) / (theirs * seconds)
            row.peer_m = rms(np.array(ends), truth[-1])
        rows.append(row)
    return rows


# --- interacting models --------------------------------------------------------------------------


def linear(quick: bool, peers: bool) -> Row:
    """Three linear models of four states, two measured."""
    runs, seconds, theirs = (200, 100, 1) if quick else (2000, 200, 3)
    rng = np.random.default_rng(2)
    f = np.kron(np.eye(2), [[1.0, 1.0], [0.0, 1.0]])
    noise = np.kron(np.eye(2), [[1 / 3, 1 / 2], [1 / 2, 1.0]])
    fs, qs = [f] * 3, [0.01 * noise, noise, 25.0 * noise]
    h, r = np.eye(4)[[0, 2]], 25.0 * np.eye(2)
    change = np.array([[0.95, 0.04, 0.01], [0.05, 0.90, 0.05], [0.05, 0.15, 0.80]])
    weight, mean, cov = np.full(3, 1 / 3), np.zeros(4), 100.0 * np.eye(4)
    x, places = np.zeros((runs, 4)), []
    root = np.linalg.cholesky(noise)
    for _ in range(seconds):
        x = x @ f.T + rng.normal(size=(runs, 4)) @ root.T
        places.append(x[:, ::2])
    z = np.stack(places, axis=1) + 5.0 * rng.normal(size=(runs, seconds, 2))
    given: dict[str, Any] = {
        "F": fs, "Q": qs, "H": h, "R": r, "transition": change, "weight": weight, "mean": mean,
        "cov": cov, "workers": 1,
    }  # fmt: skip
    found = interact_linear(z, **given)
    own = best_s(lambda: interact_linear(z, **given)) / (runs * seconds)
    row = Row("3 linear models, interacting", own, aim="100")
    row.own_m = rms(found.mean[:theirs, -1, ::2], x[:theirs, ::2])
    if peers:
        import track_peers as P  # noqa: N812

        ends: list[Any] = []

        def peer() -> None:
            ends[:] = [
                P.interacting(z[i], fs, qs, h, r, change, weight, mean, cov) for i in range(theirs)
            ]

        row.peer, row.peer_s = "FilterPy", best_s(peer) / (theirs * seconds)
        row.peer_m = rms(np.array(ends)[:, ::2], x[:theirs, ::2])
    return row


@njit(nogil=True)
def loop(x, p, mu, cx, cp, axes, site, los, range_m, variance, work, times):  # type: ignore[no-untyped-def]
    """The multiple-model filter over the looks of one track, again and again from `x`."""
    for _ in range(times):
        for k in range(len(los)):
            advance(x, p, mu, cx, cp, 1.0, work)
            absorb(x, p, mu, axes[k], site, los[k], range_m[k], variance[k], work)
            combine(work.model.kinds, x, p, mu, cx, cp)


def modes(quick: bool) -> list[Row]:
    """The multiple-model filter of `follow` in true gravity on one coasting body."""
    site = np.array(ecef_from_geodetic(np.radians(35.8), np.radians(135.2), 0.0))
    e, n, u = np.array(local_axes(np.radians(35.8), np.radians(135.2))).reshape(3, 3)
    seconds, times = 200, 10 if quick else 200
    truth = falling(
        np.r_[site - 4e5 * e + 2e5 * n + 2.5e5 * u, 1800.0 * e - 300.0 * n + 900.0 * u], seconds
    )
    rng = np.random.default_rng(3)
    los, range_m, sigma = looks(truth[1:, :3], site, 5e-4, rng)
    axes = np.empty((seconds, 2, 3))
    for k in range(seconds):
        across(los[k], axes[k])
    variance = np.stack([(sigma * range_m) ** 2, np.full(seconds, 400.0)], axis=1)
    rows = []
    for name in ESTIMATORS:
        work = make_work(estimator=name)
        m = len(work.cost)
        x, p, mu = np.empty((m, 9)), np.empty((m, 9, 9)), np.empty(m)
        cx, cp = np.zeros(9), np.zeros((9, 9))

        def begin(x: Any = x, p: Any = p, mu: Any = mu, cx: Any = cx, cp: Any = cp) -> None:
            cx[:6], cp[:6, :6] = truth[0] + [200.0, -300.0, 100.0, 20.0, -10.0, 30.0], COV
            cp[6:, 6:] = 0.0
            seed_modes(x, p, mu, cx, cp, False, 2.5e5, work)  # noqa: B023

        given = (axes, site, los, range_m, variance, work)
        begin()
        loop(x, p, mu, cx, cp, *given, 1)
        error = rms(cx[:6], truth[-1])

        def timed() -> None:
            for _ in range(times):
                begin()
                loop(x, p, mu, cx, cp, *given, 1)  # noqa: B023

        own = best_s(timed) / (times * seconds)
        rows.append(Row(f"{m} modes in true gravity, {name}", own, own_m=error))
    return rows


# --- a scan -------------------------------------------------------------------------------------


def looks(places: Any, site: Any, sigma: float, rng: Any) -> tuple[Any, Any, float]:
    """Noisy lines of sight and ranges (20 m)."""
    d = places - site
    r = np.linalg.norm(d, axis=-1, keepdims=True)
    los = d / r + sigma * rng.normal(size=d.shape)
    return (
        los / np.linalg.norm(los, axis=-1, keepdims=True),
        r[..., 0] + 20.0 * rng.normal(size=d.shape[:-1]),
        sigma,
    )


def scan(quick: bool, peers: bool) -> Row:
    """As many plots as tracks each second; Stone Soup begins with tracks at the truth and noise."""
    bodies, seconds, scans = (20, 30, 1) if quick else (100, 100, 2)
    site = np.array(ecef_from_geodetic(np.radians(30.0), np.radians(40.0), 0.0))
    rng = np.random.default_rng(4)
    paths = np.array([
        falling(np.r_[site + [3e5, 2e5, 2.5e5] + 6e4 * rng.uniform(-1, 1, 3),
                      np.array([-900.0, 1200.0, 700.0]) + rng.normal(size=3) * 100.0], seconds)
        for _ in range(bodies)
    ])  # fmt: skip
    los, range_m, sigma = looks(paths[:, :, :3], site, 5e-4, rng)
    count = bodies * (seconds + 1)
    t = np.repeat(np.arange(seconds + 1.0), bodies)
    plots = Plots(
        sensors=("radar",), owners=("A",), t_s=t, t_available_s=t, sensor=np.zeros(count),
        site_m=np.tile(site, (count, 1)), los=los.transpose(1, 0, 2).reshape(-1, 3),
        range_m=range_m.T.ravel(), sigma_los_rad=np.full(count, sigma),
        sigma_range_m=np.full(count, 20.0), snr_db=np.full(count, 15.0),
        body=np.tile(np.arange(bodies), seconds + 1),
    )  # fmt: skip
    tracks = follow(plots, settings=SETTINGS, picture="p")
    own = best_s(lambda: follow(plots, settings=SETTINGS, picture="p")) / (seconds + 1)
    last = (tracks.t_s == seconds) & (tracks.status == CONFIRMED)
    body = attribute(tracks, plots)[tracks.track[last]]
    row = Row(f"scan of {last.sum()} tracks x {bodies} plots", own, aim="100, below 10 ms")
    row.own_m = rms(tracks.mean[last, :6], paths[body, -1])
    if peers:
        import track_peers as P  # noqa: N812

        cov = np.diag([150.0] * 3 + [15.0] * 3) ** 2
        begin = seconds - scans
        means = paths[:, begin] + rng.normal(size=(bodies, 6)) * np.sqrt(np.diag(cov))
        engine, times = P.Scan(means, cov, begin, DENSITY), []
        for k in range(begin + 1, seconds + 1):
            rows = angles(site + los[:, k] * range_m[:, k, None], site)
            sigmas = np.stack(
                [np.full(bodies, 20.0), sigma / np.cos(rows[:, 2]), np.full(bodies, sigma)], axis=1
            )
            times.append(best_s(lambda k=k, r=rows, s=sigmas: engine.run(r, s, site, k), repeats=1))
        row.peer, row.peer_s = "Stone Soup", min(times)
        row.peer_m = rms(engine.means, paths[:, -1])
    return row


# --- table -----------------------------------------------------------------------------------------


def show(rows: list[Row]) -> None:
    """Print the table."""
    print(
        f"one thread of {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, processor time, "
        f"best of {REPEATS}; errors of position at the end, rms"
    )
    print(
        f"{'':38}{'hinomi':>11}{'a second':>13}{'peer':>12}{'':>11}{'ratio':>9}  {'aim':17}"
        f"{'error m':>9}{'peer m':>9}"
    )
    for r in rows:
        print(
            f"{r.name:38}{1e6 * r.own_s:8.2f} us{1.0 / r.own_s:13,.0f}{r.peer:>12}"
            f"{1e6 * r.peer_s:8,.0f} us{r.peer_s / r.own_s:9,.0f}  {r.aim:17}"
            f"{r.own_m:9.2f}{r.peer_m:9.2f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer runs and bodies")
    parser.add_argument("--without-peers", action="store_true", help="hinomi alone")
    asked = parser.parse_args()
    peers = not asked.without_peers
    rows = [
        *single("constant velocity", asked.quick, peers),
        *single("free fall", asked.quick, peers),
        linear(asked.quick, peers),
        *modes(asked.quick),
        scan(asked.quick, peers),
    ]
    show(rows)


if __name__ == "__main__":
    main()
