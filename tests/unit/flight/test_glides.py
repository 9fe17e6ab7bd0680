"""Many glides followed together are the glides followed one by one."""

import math
import runpy
from pathlib import Path

import numpy as np
import pytest

from hinomi.earth.geodesic import sphere_inverse
from hinomi.flight.glides import LANES, SIZE, glide_all, place
from hinomi.warn.points import POINTS, TRACKED

glide_end = runpy.run_path(str(Path(__file__).with_name("one_glide.py")))["glide_end"]

SCALE_M, BETA, DAMPING = 6_470.0, 6_300.0, 0.2
COUNT = 61


def plans():
    """Start (longitude), speed, lift-to-drag, end speed, early end, switches, banks of many glides."""
    rng = np.random.default_rng(7)
    early = np.where(rng.random(COUNT) < 0.3, rng.uniform(0, 300, COUNT), 1e9)
    return [
        (
            2.0 + 0.01 * k, rng.uniform(1_500, 4_500), rng.uniform(2, 3), rng.uniform(800, 1600), early[k],
            np.sort(rng.uniform(0, 300, k % 3)), rng.uniform(-1, 1, k % 3 + 1),
        )
        for k in range(COUNT)
    ]  # fmt: skip


def together(chosen):
    """Ends (N, 3) and ground tracks of plans, by one call."""
    table, count = np.full(SIZE, np.nan), len(chosen)
    banks, switches = np.zeros((count, 3)), np.zeros((count, 2))
    changes = np.zeros(count, np.int64)
    for k, (lon, speed, lift, end, early, when, bank) in enumerate(chosen):
        up = math.cos(0.6) * math.cos(lon), math.cos(0.6) * math.sin(lon), math.sin(0.6)
        north = -math.sin(0.6) * math.cos(lon), -math.sin(0.6) * math.sin(lon), math.cos(0.6)
        place(
            table, k, k, *up, *north, speed, -0.02, 42e3, lift, BETA, SCALE_M, DAMPING, end, early
        )
        changes[k], banks[k, : bank.size], switches[k, : when.size] = when.size, bank, when
    slots = np.arange(count)
    ends, paths, nodes = np.zeros((count, 3)), np.zeros((count, 64, 2)), np.zeros(count, np.int64)
    glide_all(table, count, SCALE_M, 7.3e-5, banks, switches, changes, slots, 0, ends, paths, nodes)
    return ends, paths, nodes


def test_a_glide_does_not_depend_on_those_beside_it():
    """Within a kilometre: a rounding may make one step of a tenth of a second more."""
    ends, paths, nodes = together(plans())
    apart = []
    for k, (lon, speed, lift, end, early, when, bank) in enumerate(plans()):
        path = np.zeros((64, 2))
        lat, east, seconds, written = glide_end(
            0.6, lon, 42e3, speed, -0.02, 0.0, lift, BETA, SCALE_M, DAMPING, end, early, bank, when,
            7.3e-5, path,
        )  # fmt: skip
        apart.append(sphere_inverse(lat, east, ends[k, 0], ends[k, 1])[0])
        assert seconds == pytest.approx(ends[k, 2], abs=1.0)
        assert written == pytest.approx(nodes[k], abs=1)
        assert path[1] == pytest.approx(paths[k, 1], abs=1e-4)
    assert np.median(apart) < 1.0
    assert max(apart) < 1e3


def test_order_changes_nothing_but_the_place():
    ends, _, _ = together(plans())
    turned, _, _ = together(plans()[::-1])
    apart = [sphere_inverse(*a[:2], *b[:2])[0] for a, b in zip(ends, turned[::-1], strict=True)]
    assert np.median(apart) < 1.0
    assert max(apart) < 1e3


def test_every_glide_leaves_a_track_from_its_start_to_its_end():
    ends, paths, nodes = together(plans())
    for k, n in enumerate(nodes):
        assert paths[k, 0] == pytest.approx([0.6, 2.0 + 0.01 * k])
        assert paths[k, n - 1] == pytest.approx(ends[k, :2])


def test_all_samples_of_a_forecast_find_a_place():
    assert TRACKED <= POINTS <= LANES
