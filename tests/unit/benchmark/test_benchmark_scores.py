"""Scores: what tracks of known error must give, and what is refused before anything is scored."""

import math

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hinomi.benchmark.columns import COVARIANCE, PAIRS
from hinomi.benchmark.folder import open_set
from hinomi.benchmark.score import answer, csv_text, lines, score
from hinomi.errors import FolderError

CASE = "ballistic-radar"


@pytest.fixture
def scored(small_set, true_tracks, write_tracks, tmp_path):
    """Function: score the true tracks after a change; figures of the case."""

    def run(change=lambda columns: columns, *, cov=None, case=CASE):
        path = write_tracks(change(true_tracks(case)), tmp_path / "tracks.parquet", cov)
        return score(small_set, path)

    return run


@pytest.mark.parametrize("case", [CASE, "quasi-ballistic"])
def test_the_truth_itself_has_a_perfect_score(scored, case):
    told = scored(case=case).cases[case]
    for name in ("rmse_position_m", "rmse_velocity_mps", "spurious", "gospa_m"):
        assert told[name]["mean"] == pytest.approx(0.0, abs=1e-6), name
    for name in ("completeness", "continuity", "ambiguity"):
        assert told[name]["mean"] == 1.0, name
    assert (told["bodies"], told["tracks"], told["realisations"]) == (2, 2, 2)
    assert told["verdict"] == "no covariance"


def test_a_displacement_of_500_m_is_an_error_of_500_m(scored):
    def move(c):
        return c | {"x_m": c["x_m"] + 300.0, "y_m": c["y_m"] - 400.0, "vz_mps": c["vz_mps"] + 7.0}

    told = scored(move).cases[CASE]
    assert told["rmse_position_m"]["mean"] == pytest.approx(500.0)
    assert told["rmse_velocity_mps"]["mean"] == pytest.approx(7.0)
    assert told["gospa_m"]["mean"] == pytest.approx(500.0)


def test_errors_drawn_from_the_covariance_have_a_nees_of_six(scored):
    a = np.random.default_rng(3).normal(size=(6, 6)) @ np.diag([300, 80, 40, 9, 4, 2.0])
    cov = a @ a.T
    factor = np.linalg.cholesky(cov)
    rows = []

    def disturb(c):
        noise = factor @ np.random.default_rng(4).normal(size=(6, len(c["t_s"])))
        rows.append(noise.shape[1])
        names = ("x_m", "y_m", "z_m", "vx_mps", "vy_mps", "vz_mps")
        return c | {n: c[n] + noise[i] for i, n in enumerate(names)}

    told = scored(disturb, cov=cov).cases[CASE]
    spread = math.sqrt(2 * 6 / rows[0])  # of a mean of independent chi-squares of 6
    assert told["nees"]["mean"] == pytest.approx(6.0, abs=4 * spread)
    assert told["inside"]["mean"] == pytest.approx(0.95, abs=4 * math.sqrt(0.05 * 0.95 / rows[0]))
    assert told["verdict"] == "too few tracks to tell (2)"


def test_every_second_of_two_ways_is_half_spurious_when_one_is_far_off(scored):
    def double(c):
        ghost = {n: v.copy() if n != "case" else v for n, v in c.items()}
        ghost["track"] = ghost["track"] + 7
        ghost["x_m"] = ghost["x_m"] + 50e3
        return {n: (c[n] + ghost[n] if n == "case" else np.r_[c[n], ghost[n]]) for n in c}

    told = scored(double).cases[CASE]
    # Both are held for ten seconds after the last row, the ghost counts in these too.
    assert told["spurious"]["mean"] == pytest.approx(0.5, abs=0.02)
    assert told["completeness"]["mean"] == 1.0
    # A false track alone: root of half the squared cut-off.
    assert told["gospa_m"]["mean"] == pytest.approx(10_000 / math.sqrt(2), rel=1e-6)


def keep(c, wanted):
    return {n: ([x for x, w in zip(v, wanted, strict=True) if w] if n == "case" else v[wanted])
            for n, v in c.items()}  # fmt: skip


def test_what_is_not_tracked_is_missed(scored):
    def first_half(c):
        wanted = np.zeros(len(c["t_s"]), bool)
        for seed in (0, 1):
            own = np.flatnonzero(c["seed"] == seed)
            wanted[own[: len(own) // 2]] = True
        return keep(c, wanted)

    told = scored(first_half).cases[CASE]
    assert told["completeness"]["mean"] == pytest.approx(0.5, abs=0.03)  # and ten seconds of hold
    assert told["spurious"]["mean"] == 0.0


def test_a_realisation_without_tracks_counts_as_missed(scored):
    told = scored(lambda c: keep(c, c["seed"] == 1)).cases[CASE]
    assert told["completeness"]["mean"] == pytest.approx(0.5)
    assert told["realisations"] == 2


def test_a_change_of_number_halves_continuity_and_nothing_else(scored):
    def change(c):
        later = np.zeros(len(c["t_s"]), bool)
        for seed in (0, 1):
            own = np.flatnonzero(c["seed"] == seed)
            later[own[len(own) // 2 :]] = True
        return c | {"track": c["track"] + later}

    told = scored(change).cases[CASE]
    assert told["continuity"]["mean"] == pytest.approx(0.5, abs=0.03)
    assert told["completeness"]["mean"] == 1.0
    assert told["tracks"] == 4


def test_order_of_rows_and_numbers_of_tracks_do_not_matter(scored, true_tracks):
    order = np.random.default_rng(0).permutation(len(true_tracks()["t_s"]))

    def shuffle(c):
        return {n: ([v[i] for i in order] if n == "case" else v[order]) for n, v in c.items()} | {
            "track": 900 - c["track"][order]
        }

    assert csv_text(scored(shuffle)) == csv_text(scored())


def test_truth_between_seconds_is_interpolated_to_a_metre(scored):
    def half(c):
        names = ("x_m", "y_m", "z_m", "vx_mps", "vy_mps", "vz_mps")
        move = {}
        for i, n in enumerate(names[:3]):  # half a second on, with the mean of both velocities
            v = c[names[3 + i]]
            nxt = np.r_[v[1:], v[-1]]
            move[n] = c[n] + 0.5 * v + 0.125 * (nxt - v)
        same = np.r_[np.diff(c["t_s"]) == 1.0, False]
        return keep(c | move | {"t_s": c["t_s"] + 0.5}, same)

    # Velocities are left as they were, half a second old: a few metres per second while it brakes.
    told = scored(half).cases[CASE]
    assert told["rmse_position_m"]["mean"] < 1.0


def test_answers_are_strict_json_and_a_row_a_realisation(scored):
    found = scored()
    rows = csv_text(found).splitlines()
    assert len(rows) == 3
    assert rows[0].startswith("case,seed,rmse_position_m")
    told = answer(found)
    assert told["cases"][CASE]["nees"]["mean"] is None
    assert len(told["realisations"]) == 2
    assert [line.split()[0] for line in lines(found)] == ["case", CASE]


def with_nan(c):
    x = c["x_m"].copy()
    x[17] = np.nan
    return c | {"x_m": x}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: {n: v for n, v in c.items() if n != "vy_mps"}, "column vy_mps is missing"),
        (lambda c: {("x_km" if n == "x_m" else n): v for n, v in c.items()}, r"x_m is missing.*'x_km'"),
        (with_nan, "x_m is not finite in 1 rows, first in row 17"),
        (lambda c: c | {"case": ["ballistic-rader"] * len(c["case"])}, "did you mean 'ballistic-radar'"),
        (lambda c: c | {"seed": c["seed"] + 5}, "no seed 5; its seeds are 0 to 1"),
        (lambda c: c | {"seed": c["seed"] - 1}, "no seed -1"),
        (lambda c: c | {"x_m": [f"{v} m" for v in c["x_m"]]}, "x_m is of type string; it must hold numbers"),
        (lambda c: c | {"t_s": [None, *c["t_s"][1:]]}, "t_s has 1 empty rows"),
        (lambda c: c | {"t_s": np.full(len(c["t_s"]), 100.0)}, "two rows at 100 s"),
        (lambda c: keep(c, np.zeros(len(c["t_s"]), bool)), "no row of tracks"),
        (lambda c: c | {COVARIANCE[0]: np.ones(len(c["t_s"]))}, "1 of 21 columns"),
    ],
)  # fmt: skip
def test_tracks_that_are_none_are_refused_in_words(scored, change, words):
    with pytest.raises(FolderError, match=words):
        scored(change)


def test_a_covariance_that_is_none_is_refused(scored):
    with pytest.raises(FolderError, match="not positive definite"):
        scored(cov=np.diag([1.0, 1.0, 1.0, 1.0, 1.0, -1.0]))


def test_files_that_are_no_tracks_are_refused(small_set, tmp_path):
    with pytest.raises(FolderError, match="no such file or folder"):
        score(small_set, tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FolderError, match="holds no Parquet"):
        score(small_set, tmp_path / "empty")
    (tmp_path / "text.parquet").write_text("no Parquet")
    with pytest.raises(FolderError, match="cannot be read as Parquet"):
        score(small_set, tmp_path / "text.parquet")


def test_files_with_and_without_covariance_do_not_mix(small_set, true_tracks, tmp_path):
    columns = true_tracks()
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    full = columns | {n: np.full(len(columns["t_s"]), float(i == j))
                      for n, (i, j) in zip(COVARIANCE, PAIRS, strict=True)}  # fmt: skip
    pq.write_table(pa.table(full), tmp_path / "b.parquet")
    with pytest.raises(FolderError, match="some files have covariances"):
        score(small_set, tmp_path)


def test_a_copy_without_the_truth_can_be_tracked_but_not_scored(
    small_folder, true_tracks, write_tracks, tmp_path
):
    for name in ("manifest.json", f"plots/{CASE}.parquet"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((small_folder / name).read_bytes())
    blind = open_set(tmp_path)
    assert len(blind.plots(CASE)) == 2
    path = write_tracks(true_tracks(), tmp_path / "tracks.parquet")
    with pytest.raises(FolderError, match="the truth is not in this copy"):
        score(blind, path)
