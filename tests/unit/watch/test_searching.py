"""When a radar looks: searching, holding, cues."""

import math
from dataclasses import replace

import numpy as np

from hinomi.records.plots import Cue
from hinomi.watch.observe import cued_from, observe

KM = 1e3


def overhead(cases, height_m, seconds=40, **options):
    return cases.flights(cases.hover(26.0, 128.0, height_m), seconds=seconds, **options)


def test_a_radar_searches_at_its_frame_and_then_looks_at_its_revisit(cases):
    radar = replace(cases.RADAR, frame_s=10, revisit_s=3, reference_range_m=9000 * KM)
    body = overhead(cases, 300 * KM, seconds=60, first=4, rcs_m2=1000.0)
    plots = observe(body, cases.sensors(radar), draws=cases.Chance())
    assert plots.t_s.tolist() == list(np.arange(10.0, 60.0, 3.0))


def test_after_five_misses_a_radar_searches_again(cases):
    """The body shrinks to nothing at 20 s: four misses are forgiven, five are not."""
    radar = replace(cases.RADAR, frame_s=10, reference_range_m=9000 * KM)
    body = overhead(cases, 300 * KM, seconds=50)
    for back, again in ((24, 24.0), (25, 30.0)):
        rcs = np.full((1, 50), 1000.0)
        rcs[0, 20:back] = 0.0
        plots = observe(replace(body, rcs_m2=rcs), cases.sensors(radar), draws=cases.Chance())
        assert plots.t_s[plots.t_s >= 20.0][0] == again


def test_a_cue_halves_the_frame_from_its_time_on_for_bodies_that_started_near(cases):
    radar = replace(cases.RADAR, frame_s=9, reference_range_m=9000 * KM)
    body = overhead(cases, 300 * KM, seconds=60)
    rcs = np.zeros((1, 60))
    rcs[0, 38:] = 1000.0  # visible from 38 s on: frames at 45, cued at multiples of 4
    body = replace(body, rcs_m2=rcs)
    start = tuple(body.r_m[0, 0])
    cases_of = {
        "none": ((), 45.0),
        "near": ((Cue(t_s=5.0, r_m=start, radius_m=1.0),), 40.0),
        "late": ((Cue(t_s=41.0, r_m=start, radius_m=1.0),), 44.0),
        "too late": ((Cue(t_s=44.5, r_m=start, radius_m=1.0),), 45.0),
        "elsewhere": (
            (Cue(t_s=5.0, r_m=(start[0], start[1], start[2] + 2e5), radius_m=1e5),),
            45.0,
        ),
    }
    for name, (cues, first) in cases_of.items():
        expected = 48.0 if name == "too late" else first
        plots = observe(body, cases.sensors(radar), draws=cases.Chance(), cues=cues)
        assert plots.t_s[0] == expected, name


def test_several_cues_count_from_the_earliest_that_points_at_the_body(cases):
    body = cases.raid(2, seconds=100)
    near, far = (tuple(body.r_m[b, 0]) for b in (0, 1))
    cues = [Cue(t_s=t, r_m=r, radius_m=10e3) for t, r in ((50.0, near), (30.0, near), (40.0, far))]
    assert cued_from(body, cues).tolist() == [30.0, 40.0]
    assert cued_from(body, ()).tolist() == [math.inf, math.inf]


def test_a_cue_brings_first_detections_forward_on_average_and_never_back_at_even_frames(cases):
    radar = replace(cases.RADAR, frame_s=10, reference_range_m=900 * KM, lat_deg=34.0)
    body = cases.raid(3)
    start = tuple(body.r_m[1, 0])
    gained = []
    for replicate in range(40):
        plain, cued = (
            observe(body, cases.sensors(radar), draws=cases.Chance(replicate=replicate), cues=cues)
            for cues in ((), (Cue(t_s=0.0, r_m=start, radius_m=200 * KM),))
        )
        gained += [plain.t_s[plain.body == b][0] - cued.t_s[cued.body == b][0] for b in range(3)]
    assert min(gained) >= 0.0
    assert np.mean(gained) > 1.0
