"""The set: what is written, that it is the same each time, and that plots never tell the truth."""

import hashlib
import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from hinomi.benchmark.cases import CLUTTER, case, case_names, case_text, realise
from hinomi.benchmark.columns import COVARIANCE, PLOT_COLUMNS, TRACK_COLUMNS
from hinomi.benchmark.folder import open_set
from hinomi.benchmark.write import write_set
from hinomi.errors import FolderError, ScenarioError
from hinomi.scenario.catalogue import catalogue


def content(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_there_are_six_to_ten_cases():
    assert 6 <= len(case_names()) <= 10


@pytest.mark.parametrize("name", case_names())
def test_every_case_has_bodies_of_the_catalogue_that_somebody_sees(name):
    one = case(name)
    assert {t.threat_class for t in one.scenario.threats} <= set(catalogue()["threat"])
    flights, plots = realise(one, 0)
    seen = np.bincount(plots.body[plots.body >= 0], minlength=len(flights.bodies))
    assert (seen > 30).all()
    for threat in one.scenario.threats:  # the fence: places are no finer than a tenth of a degree
        for degrees in (threat.aim_lat_deg, threat.aim_lon_deg):
            assert abs(degrees * 10 - round(degrees * 10)) < 1e-9


@pytest.mark.parametrize("name", case_names())
def test_realisations_of_a_case_differ_and_each_can_be_made_again(name):
    one = case(name)
    first, again, other = realise(one, 0)[1], realise(one, 0)[1], realise(one, 1)[1]
    assert np.array_equal(first.los, again.los)
    assert len(first.los) != len(other.los) or not np.array_equal(first.los, other.los)


def test_the_same_set_has_the_same_bytes(small_folder, tmp_path):
    write_set(tmp_path / "again", cases=("ballistic-radar", "quasi-ballistic"), seeds=2)
    assert content(tmp_path / "again") == content(small_folder)


def test_the_manifest_states_the_hash_of_every_file_but_its_own(small_folder):
    told = json.loads((small_folder / "manifest.json").read_text())["files"]
    found = content(small_folder)
    found.pop("manifest.json")
    assert {name: facts["sha256"] for name, facts in told.items()} == found


def test_no_column_of_the_plots_tells_the_truth(small_folder):
    for path in (small_folder / "plots").glob("*.parquet"):
        assert tuple(pq.read_schema(path).names) == PLOT_COLUMNS
    assert not {"body", "kind", "phase"} & set(PLOT_COLUMNS)


def test_plots_and_truth_come_back_as_they_were_made(small_set):
    flights, made = realise(case("ballistic-radar"), 1)
    read, truth = small_set.plots("ballistic-radar")[1], small_set.truth("ballistic-radar")[1]
    for name in ("t_s", "t_available_s", "sensor", "site_m", "los", "range_m", "sigma_range_m",
                 "sigma_los_rad", "snr_db", "range_rate_mps"):  # fmt: skip
        assert np.array_equal(getattr(read, name), getattr(made, name), equal_nan=True), name
    assert (read.sensors, read.owners) == (made.sensors, made.owners)
    assert set(read.body) == {-1}
    assert np.array_equal(truth.plot_body, made.body)
    second = truth.t_s.astype(int)
    assert np.array_equal(truth.state[:, :3], flights.r_m[truth.body, second])
    assert np.array_equal(truth.state[:, 3:], flights.v_mps[truth.body, second])
    assert len(truth.t_s) == np.isfinite(flights.r_m[:, :, 0]).sum()


def test_settings_are_those_of_the_scenario(small_set):
    assert small_set.settings("quasi-ballistic") == case("quasi-ballistic").scenario.tracking


def test_the_card_names_every_case_and_column(small_folder):
    text = (small_folder / "README.md").read_text(encoding="utf-8")
    for word in (*PLOT_COLUMNS, *TRACK_COLUMNS, "ballistic-radar", "quasi-ballistic"):
        assert word in text, word
    assert COVARIANCE[0] in text
    assert COVARIANCE[-1] in text
    assert "Apache-2.0" in text


def test_heavy_clutter_has_fifty_false_plots_a_frame():
    (radar,) = case("heavy-clutter").sensors.radars
    _, plots = realise(case("heavy-clutter"), 0)
    frames = case("heavy-clutter").scenario.t_end_s / radar.frame_s
    assert (plots.body < 0).sum() / frames == pytest.approx(CLUTTER["heavy-clutter"], rel=0.05)


def test_plots_of_another_nation_come_late_by_one_relay_delay():
    one = case("two-nations")
    _, plots = realise(one, 0)
    west = np.array(plots.owners)[plots.sensor] == "West"
    low, _, high = one.scenario.architectures["integrated"].relay_s
    latency = {s.name: s.latency_s for s in one.sensors.radars}
    assert west.any()
    assert not west.all()
    late = (plots.t_available_s - plots.t_s)[west]
    least = min(latency[plots.sensors[s]][0] for s in np.unique(plots.sensor[west]))
    most = max(latency[plots.sensors[s]][2] for s in np.unique(plots.sensor[west]))
    assert (late >= least + low).all()
    assert (late <= most + high).all()


def test_an_unknown_case_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(ScenarioError, match="did you mean 'glide-bank'"):
        case_text("glide-banks")
    with pytest.raises(ScenarioError, match="no case 'x'"):
        write_set(tmp_path / "set", cases=["x"])
    assert list(tmp_path.iterdir()) == []


def test_a_complete_set_and_foreign_files_are_not_touched(small_folder, tmp_path):
    before = content(small_folder)
    with pytest.raises(FolderError, match="holds a complete set"):
        write_set(small_folder, cases=["quasi-ballistic"], seeds=1)
    assert content(small_folder) == before
    (tmp_path / "diary.txt").write_text("mine")
    with pytest.raises(FolderError, match=r"diary\.txt"):
        write_set(tmp_path, cases=["quasi-ballistic"], seeds=1)
    assert [p.name for p in tmp_path.iterdir()] == ["diary.txt"]


def test_an_interrupted_set_is_none_until_it_is_finished(small_folder, tmp_path):
    calls = []

    def stop(words):
        calls.append(words)
        if len(calls) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_set(tmp_path, cases=("ballistic-radar", "quasi-ballistic"), seeds=2, tell=stop)
    assert (tmp_path / "plots" / "ballistic-radar.parquet").is_file()
    with pytest.raises(FolderError, match=r"no manifest\.json"):
        open_set(tmp_path)
    write_set(tmp_path, cases=("ballistic-radar", "quasi-ballistic"), seeds=2)
    assert content(tmp_path) == content(small_folder)


@pytest.mark.parametrize(
    ("name", "words"),
    [("plots/ballistic-radar.parquet", "SHA-256 differs"), ("manifest.json", "damaged")],
)
def test_an_altered_file_is_noticed(small_set, small_folder, tmp_path, name, words):
    for path in small_folder.rglob("*"):
        if path.is_file():
            (tmp_path / path.relative_to(small_folder)).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path.relative_to(small_folder)).write_bytes(path.read_bytes())
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-10])
    with pytest.raises(FolderError, match=words):
        open_set(tmp_path).plots("ballistic-radar")


def test_a_set_of_another_format_is_refused(tmp_path):
    (tmp_path / "manifest.json").write_text('{"format": "other/9"}')
    with pytest.raises(FolderError, match="other/9"):
        open_set(tmp_path)
