"""A tracker of one's own on the benchmark set: a straight-line Kalman filter in fifty lines.

    python examples/own_tracker.py [FOLDER]

It follows one body with radar plots only. To use a tracker by name instead (`hinomi benchmark run
DIR --tracker mine`), register it in the pyproject.toml of a package and install that:

    [project.entry-points."hinomi.trackers"]
    mine = "my_package.my_module:follow"
"""

import sys
import tempfile
from pathlib import Path

import numpy as np

from hinomi.benchmark.folder import open_set
from hinomi.benchmark.run import run_tracker
from hinomi.benchmark.score import lines, score
from hinomi.benchmark.write import write_set
from hinomi.records.tracks import CONFIRMED, MODE_COAST, MODES, NO_GRADE, TENTATIVE, Tracks

NOISE_M2_S3 = 100.0  # white acceleration on each axis
GATE = 16.3  # 99.9 % of three numbers
H = np.eye(3, 6)


def follow(plots, *, settings, picture):
    """Track one body; see hinomi.track.tracker.Tracker for what goes in and out."""
    rows, x, p, t, hits, ready = [], None, None, 0.0, 0, 0.0
    for i in np.argsort(plots.t_s, kind="stable"):
        if np.isnan(plots.range_m[i]):
            continue  # infrared
        los, range_m = plots.los[i], plots.range_m[i]
        z = plots.site_m[i] + range_m * los
        along, across = plots.sigma_range_m[i] ** 2, (plots.sigma_los_rad[i] * range_m) ** 2
        r = across * np.eye(3) + (along - across) * np.outer(los, los)
        if x is None or plots.t_s[i] - t > settings.drop_after_s:
            if hits >= settings.confirm_hits:
                break  # the one body is gone
            x, p, hits = np.r_[z, np.zeros(3)], np.diag([0.0] * 3 + [3000.0**2] * 3), 0
            p[:3, :3] = r
        else:
            dt = plots.t_s[i] - t
            f, q = np.eye(6), np.array([[dt**3 / 3, dt**2 / 2], [dt**2 / 2, dt]])
            f[:3, 3:] = dt * np.eye(3)
            ahead, cov = f @ x, f @ p @ f.T + NOISE_M2_S3 * np.kron(q, np.eye(3))
            s = H @ cov @ H.T + r
            miss = z - H @ ahead
            if miss @ np.linalg.solve(s, miss) > GATE:
                continue
            gain = np.linalg.solve(s, H @ cov).T
            x, p = ahead + gain @ miss, (np.eye(6) - gain @ H) @ cov
            p = (p + p.T) / 2
        t, hits, ready = plots.t_s[i], hits + 1, max(ready, plots.t_available_s[i])
        status = CONFIRMED if hits >= settings.confirm_hits else TENTATIVE
        rows.append((t, ready, status, i, x, p))
    k = len(rows)
    mean, cov = np.zeros((k, 9)), np.zeros((k, 9, 9))  # specific force is not estimated
    for n, row in enumerate(rows):
        mean[n, :6], cov[n, :6, :6] = row[4], row[5]
    return Tracks(
        picture=picture,
        t_s=np.array([row[0] for row in rows]),
        t_available_s=np.array([row[1] for row in rows]),
        track=np.zeros(k, int),
        mean=mean,
        cov=cov,
        mode=np.tile(np.eye(len(MODES))[MODE_COAST], (k, 1)),
        status=np.array([row[2] for row in rows], int),
        grade=np.full(k, NO_GRADE),
        plot=np.array([row[3] for row in rows], int),
        plots=len(plots.t_s),
    )


def main(folder):
    write_set(folder / "set", cases=["ballistic-radar"], seeds=3)
    given = open_set(folder / "set")
    for chosen in (follow, "hinomi"):
        name = chosen if isinstance(chosen, str) else chosen.__name__
        run_tracker(given, chosen, folder / name)
        print(f"\n{name}")
        print("\n".join(lines(score(given, folder / name))))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as place:
            main(Path(place))
