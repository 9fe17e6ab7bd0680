"""Time of both predictors of the end area a track state, and how far they differ.

States are those of raids of `okinawa-2025` as the integrated picture has them, by phase: boosting,
coasting too high to glide, coasting towards a glide, gliding. Processor time of one thread, best of
RUNS, compilation apart. The difference is of the same states: mean end points, unit probabilities.

    python benchmarks/bench_warn.py --raids 1     fewer states
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from hinomi.calibration.held import forecast_rows, forecast_rows_fully
from hinomi.earth.geodesic import sphere_inverse
from hinomi.records.tracks import MODE_BOOST, MODE_COAST
from hinomi.scenario.load import load
from hinomi.study.chain import begin, prepare
from hinomi.study.pictures import deciding, pictures_of
from hinomi.warn.epochs import forecast_epochs

RUNS = 5
FEW = 20  # states of a phase that full sampling is timed on


def best_s(run: Callable[[], Any]) -> float:
    run()
    out = []
    for _ in range(RUNS):
        begin_s = time.thread_time()
        run()
        out.append(time.thread_time() - begin_s)
    return min(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raids", type=int, default=2)
    asked = parser.parse_args()
    scenario = load("okinawa-2025")
    context = prepare(scenario)
    told = {"units": context.units, "classes": scenario.predictor_classes}
    print(
        f"{'phase':<18}{'states':>7}{'fast ms':>9}{'full ms':>9}  km apart 50/90 %   P apart 50/90 %"
    )
    parts: dict[str, list[tuple[Any, Any, int]]] = {}
    for number in range(asked.raids):
        raid = begin(scenario, context, seed=1, number=number)
        pictures = pictures_of(raid.room, scenario.architectures["integrated"], "Japan")
        tracks = deciding(pictures, "Japan").tracks
        rows, _ = forecast_epochs(tracks, first_s=5.0, later_s=15.0)
        for row in rows:
            parts.setdefault(phase_of(tracks.mode[row]), []).append((tracks, raid.draws, int(row)))
    total = 0.0
    for phase, states in sorted(parts.items()):
        spent = 0.0
        for tracks in {id(t): t for t, _, _ in states}.values():
            rows = np.array([r for t, _, r in states if t is tracks])
            times = np.zeros(rows.size)
            spent += best_s(
                lambda t=tracks, r=rows, s=times: forecast_rows(t, rows=r, times=s, **told)
            )
        total += spent
        full, km, p = 0.0, [], []
        for tracks, draws, row in states[:: max(1, len(states) // FEW)]:
            one = {"rows": np.array([row]), "times": np.zeros(1)} | told
            more = one | {"places": context.places, "draws": draws}
            full += best_s(lambda t=tracks, k=more: forecast_rows_fully(t, **k))
            a, b = forecast_rows(tracks, **one)[0], forecast_rows_fully(tracks, **more)[0]
            ends = np.radians(
                [a.end_lat_deg[0], a.end_lon_deg[0], b.end_lat_deg[0], b.end_lon_deg[0]]
            )
            km.append(sphere_inverse(*ends)[0] / 1e3)
            p.append(np.max(np.abs(a.p_hit - b.p_hit)))
        apart = "/".join(f"{v:.1f}" for v in np.quantile(km, (0.5, 0.9)))
        chance = "/".join(f"{v:.3f}" for v in np.quantile(p, (0.5, 0.9)))
        print(
            f"{phase:<18}{len(states):>7}{1e3 * spent / len(states):>9.3f}"
            f"{1e3 * full / len(km):>9.1f}  {apart:<18} {chance}"
        )
    count = sum(len(s) for s in parts.values())
    print(f"{'all':<18}{count:>7}{1e3 * total / count:>9.3f}")


def phase_of(mode: Any) -> str:
    if mode[MODE_BOOST] > 0.5:
        return "boosting"
    if mode[MODE_COAST] >= 0.98:
        return "coasting"
    return "coasting or gliding" if mode[MODE_COAST] > 0.3 else "gliding"


if __name__ == "__main__":
    main()
