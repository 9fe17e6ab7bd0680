"""Every row of the table of closed forms, and the checks of forms with dependence."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from hinomi.defend.leakage import (
    kill_needed,
    leak_distribution,
    no_leak_common,
    no_leak_each,
    salvo_kill,
    shoot_look_shoot,
    shots_needed,
)

TABLE = Path(__file__).parent / "leakage.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


def computed(row):
    name, policy = row["quantity"], row["policy"]
    p = float(row["kill_probability"] or "nan")
    if name == "kill probability of a salvo":
        return salvo_kill(p, int(policy))
    if name == "leak probability, shoot-look-shoot":
        return shoot_look_shoot(p, [int(n) for n in policy.split("+")])[0]
    if name == "expected shots per target, shoot-look-shoot":
        return shoot_look_shoot(p, [int(n) for n in policy.split("+")])[1]
    if name == "kill probability needed per warhead for P(no leak) = 0.8":
        return kill_needed(0.8, int(row["warheads"]))
    if name == "shots needed per warhead for P(no leak) = 0.8":
        return shots_needed(0.8, int(row["warheads"]), p)
    raise AssertionError(f"row {name!r} is not tested")


def test_every_row_of_the_table_is_reproduced_to_its_last_digit():
    assert len(ROWS) == 85
    for row in ROWS:
        digits = len(row["value"].partition(".")[2])
        assert computed(row) == pytest.approx(float(row["value"]), abs=0.5001 * 10**-digits), row


def test_raid_of_ten_with_two_shots_each():
    """P(no leak) and expected leakers, two independent shots at each of ten."""
    for p, none, expected in (
        (0.5, 0.056, 2.5),
        (0.7, 0.389, 0.9),
        (0.8, 0.665, 0.4),
        (0.9, 0.904, 0.1),
    ):
        kill = salvo_kill(p, 2)
        assert leak_distribution(kill, 10)[0] == pytest.approx(none, abs=5e-4)
        assert leak_distribution(kill, 10) @ np.arange(11) == pytest.approx(expected, abs=1e-9)


def test_distribution_of_leakers_of_a_raid_of_eight():
    leak = leak_distribution(0.96, 8)
    assert leak[:3] == pytest.approx([0.721, 0.240, 0.035], abs=5e-4)
    assert leak.sum() == pytest.approx(1.0)


def test_two_kinds_of_dependence_differ_as_published():
    """W = 10, K = 0.96, value 0.95: 0.398 per threat against 0.632 for a common function."""
    assert no_leak_each(0.96, 10, tracked=0.95) == pytest.approx(0.398, abs=5e-4)
    assert no_leak_common(0.96, 10, works=0.95) == pytest.approx(0.632, abs=5e-4)


def test_shots_needed_with_a_track_probability():
    """P0 0.8, W 10: 8.89, 5.12, 3.83, 2.68 shots at tracking 0.98; impossible at 0.95."""
    for p, shots in ((0.5, 8.89), (0.7, 5.12), (0.8, 3.83), (0.9, 2.68)):
        assert shots_needed(0.8, 10, p, tracked=0.98) == pytest.approx(shots, abs=5e-3)
        assert shots_needed(0.8, 10, p, tracked=0.95) == math.inf
