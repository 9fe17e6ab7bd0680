"""Trackers by name: registered by packages, never trusted, never shown the truth."""

import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest

from hinomi.benchmark.cases import case, realise
from hinomi.benchmark.run import run_tracker
from hinomi.errors import FolderError, HinomiError, ScenarioError
from hinomi.records.tracks import MODES, Tracks
from hinomi.scenario.trackers import GROUP, OWN, TrackerError, checked, tracker, trackers
from hinomi.track.tracker import without_truth

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def plots():
    return realise(case("quasi-ballistic"), 0)[1]


@pytest.fixture(scope="module")
def numbers():
    return case("quasi-ballistic").scenario.tracking


def rows(given, k=3, **changed):
    """Tracks of k rows that nothing is wrong with."""
    good = {
        "picture": "p", "t_s": np.arange(k) + 1.0, "t_available_s": np.arange(k) + 2.0,
        "track": np.zeros(k, int), "mean": np.ones((k, 9)), "cov": np.tile(np.eye(9), (k, 1, 1)),
        "mode": np.tile(np.eye(len(MODES))[1], (k, 1)), "status": np.ones(k, int),
        "grade": np.zeros(k, int), "plot": np.arange(k), "plots": len(given.t_s),
    }  # fmt: skip
    return Tracks(**good | changed)


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """Function: install a package of one module that registers entry points."""

    def install(name, source, points):
        folder = tmp_path / name
        info = folder / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (folder / f"{name}_module.py").write_text(source)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        lines = [f"{key} = {target}" for key, target in points.items()]
        (info / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines]) + "\n")
        monkeypatch.syspath_prepend(folder)
        monkeypatch.delitem(sys.modules, f"{name}_module", raising=False)

    return install


def test_the_projects_own_trackers_are_those_of_its_metadata():
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert metadata["project"]["entry-points"][GROUP] == OWN
    for name, target in OWN.items():
        assert trackers()[name].target == target


def test_every_own_tracker_can_be_called():
    for name, target in OWN.items():
        assert callable(EntryPoint(name, target, GROUP).load())


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ScenarioError, match="hinomi, stonesoup-cv; did you mean 'hinomi'"):
        tracker("hinomo")


def test_a_tracker_of_another_package_is_found_and_run(packages, plots, numbers):
    packages("alpha", "def follow(plots, *, settings, picture):\n    raise ZeroDivisionError('by me')\n",
             {"alpha": "alpha_module:follow"})  # fmt: skip
    assert trackers()["alpha"].package == "alpha"
    with pytest.raises(TrackerError, match=r"'alpha' failed.*ZeroDivisionError: by me.*line 2"):
        tracker("alpha")(plots, settings=numbers, picture="p")


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("import a_module_that_is_not_there\n", "beta_module:follow", "a_module_that_is_not_there"),
        ("1 / 0\n", "beta_module:follow", "ZeroDivisionError"),
        ("", "beta_module:follow", "AttributeError"),
        ("follow = 3\n", "beta_module:follow", "is a int, which cannot be called"),
    ],
)
def test_a_broken_entry_point_says_which_and_why(packages, source, target, words):
    packages("beta", source, {"beta": target})
    with pytest.raises(TrackerError, match=words) as found:
        tracker("beta")
    assert "'beta'" in str(found.value)
    assert found.value.exit_code == 2


def test_two_packages_with_one_name_are_told_apart(packages):
    packages("gamma", "", {"hinomi": "gamma_module:follow"})
    with pytest.raises(ScenarioError, match=r"two trackers are called 'hinomi'.*gamma"):
        trackers()


def test_the_truth_is_blank_and_all_else_is_as_it_was(plots, numbers):
    seen = []

    def spy(given, *, settings, picture):
        seen.append(given)
        return rows(given, picture=picture)

    checked(spy)(plots, settings=numbers, picture="p")
    assert set(seen[0].body) == {-1}
    assert len(set(plots.body)) >= 1
    assert set(plots.body) != {-1}
    blank = without_truth(plots)
    for name in ("t_s", "los", "range_m", "sensor", "t_available_s", "snr_db"):
        assert np.array_equal(getattr(blank, name), getattr(plots, name), equal_nan=True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: None, "returned a NoneType"),
        (lambda p: {"t_s": 1}, "returned a dict"),
        (lambda p: rows(p, plots=1), "say that 1 plots were offered"),
        (lambda p: rows(p, mean=np.full((3, 9), np.nan)), "mean of 3 rows is not finite, first in row 0"),
        (lambda p: rows(p, t_s=np.array([1, np.inf, 3])), "t_s of 1 rows is not finite, first in row 1"),
        (lambda p: rows(p, cov=np.tile(-np.eye(9), (3, 1, 1))), "variance of position or velocity is negative"),
        (lambda p: rows(p, track=np.array([0, -1, 0])), "track of row 1 is -1"),
        (lambda p: rows(p, plot=np.array([0, 1, 10**6])), "plot of row 2 is 1000000"),
        (lambda p: rows(p, status=np.array([1, 9, 1])), "status of row 1 is 9"),
    ],
)  # fmt: skip
def test_what_are_no_tracks_is_refused(plots, numbers, change, words):
    def follow(given, *, settings, picture):
        return change(given)

    with pytest.raises(TrackerError, match=words):
        checked(follow)(plots, settings=numbers, picture="p")


def test_good_and_empty_tracks_pass(plots, numbers):
    for k in (0, 3):
        made = rows(plots, k)
        found = checked(lambda given, made=made, **_: made)(plots, settings=numbers, picture="p")
        assert found is made


def test_errors_meant_for_the_user_and_interruptions_pass_through(plots, numbers):
    def needs(given, **_):
        raise HinomiError("install it")

    def stopped(given, **_):
        raise SystemError("kernel") from KeyboardInterrupt()

    with pytest.raises(HinomiError, match=r"^install it$"):
        checked(needs)(plots, settings=numbers, picture="p")
    with pytest.raises(KeyboardInterrupt):
        checked(stopped)(plots, settings=numbers, picture="p")


def test_a_run_gives_plots_and_settings_of_each_case(small_set, tmp_path):
    calls = []

    def spy(given, *, settings, picture):
        calls.append((picture, len(given.t_s), settings))
        return rows(given, picture=picture)

    told = run_tracker(small_set, spy, tmp_path / "out", case="quasi-ballistic")
    full = [(p, n) for p, n, _ in calls if p != "quasi-ballistic"]  # one call more warms it up
    assert [p for p, _ in full] == ["quasi-ballistic 0", "quasi-ballistic 1"]
    assert [n for _, n in full] == [len(p.t_s) for p in small_set.plots("quasi-ballistic")]
    assert {s == small_set.settings("quasi-ballistic") for _, _, s in calls} == {True}
    assert told["cases"]["quasi-ballistic"]["rows"] == 6
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "quasi-ballistic.parquet",
        "run.json",
    ]


def test_tracks_are_never_written_over_anything(small_set, tmp_path):
    def good(given, *, settings, picture):
        return rows(given)

    run_tracker(small_set, good, tmp_path / "out", case="quasi-ballistic")
    with pytest.raises(FolderError, match="is not empty"):
        run_tracker(small_set, good, tmp_path / "out", case="quasi-ballistic")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(FolderError, match="is a file"):
        run_tracker(small_set, good, tmp_path / "file")


def test_a_tracker_that_fails_leaves_no_file_of_its_case(small_set, tmp_path):
    def late(given, *, settings, picture):
        if picture == "quasi-ballistic 1":
            raise ValueError("no")
        return rows(given)

    with pytest.raises(TrackerError, match="quasi-ballistic 1"):
        run_tracker(small_set, late, tmp_path / "out")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["ballistic-radar.parquet"]


@pytest.mark.parametrize("seeds", [0, 3])
def test_more_realisations_than_there_are_cannot_be_asked_for(small_set, tmp_path, seeds):
    with pytest.raises(FolderError, match=f"--seeds is {seeds}; the set has 1 to 2"):
        run_tracker(small_set, "hinomi", tmp_path / "out", seeds=seeds)
