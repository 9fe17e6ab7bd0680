"""Scoring a track against the truth."""

import numpy as np
import pytest

from hinomi.errors import HinomiError
from hinomi.score.attribution import attribute, nees
from hinomi.track.follow import follow


def test_each_track_gets_the_body_of_most_of_its_plots(coasting, radar_plots, settings):
    paths = [coasting(20), coasting(20, lat=37.0)]
    plots = radar_plots(paths, np.random.default_rng(1))
    tracks = follow(plots, settings=settings, picture="p")
    assert sorted(attribute(tracks, plots)) == [0, 1]
    first = attribute(tracks, plots)[tracks.track[0]]
    assert plots.body[tracks.plot[0]] == first


def test_no_tracks_score_nothing(radar_plots, settings):
    plots = radar_plots([[]], np.random.default_rng(1))
    assert len(attribute(follow(plots, settings=settings, picture="p"), plots)) == 0


def test_tracks_of_other_plots_are_refused(coasting, radar_plots, settings):
    plots = radar_plots([coasting(20)], np.random.default_rng(1))
    other = radar_plots([coasting(10)], np.random.default_rng(1))
    with pytest.raises(HinomiError, match="21 plots, these are 11"):
        attribute(follow(plots, settings=settings, picture="p"), other)


def test_nees_by_hand():
    got = nees(np.array([[3.0, 4.0]]), np.array([[[9.0, 0.0], [0.0, 4.0]]]), np.array([[0.0, 0.0]]))
    assert got == pytest.approx([5.0])
