"""Fly-out tables of one's own: what is read, what is refused, and that a run needs the file no more."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path

import pytest

from hinomi.errors import ScenarioError
from hinomi.scenario.flyout_table import MOST_BYTES, read_table
from hinomi.scenario.load import load, load_text
from hinomi.study import batch
from hinomi.study.plan import from_json, make_plan

TEXT = Path(__file__).with_name("small_scenario.toml").read_text(encoding="utf-8")
OWN = """
[catalogue.interceptor.own]
title = "One's own"
product = "PAC-3"
provider = "table"
table_file = "own.csv"
prepare_s = 1
height_low_km = 1
height_high_km = 20
range_low_km = 0
range_high_km = 30
kill_ballistic = 0.6
kill_glide = 0.2
salvo = 1
"""
HEAD = "range_km,height_km,time_s"


def rows(ranges=(0, 15, 30), heights=(0, 10, 20), without=(), **cells):
    """Lines of a table of 1 km/s, without some points, with others changed (`r15_h10='x'`)."""
    return [
        f"{r},{h},{cells.get(f'r{r}_h{h}', math.hypot(r, h))}"
        for r in ranges
        for h in heights
        if (r, h) not in without
    ]


def csv(*lines, head=HEAD):
    return "\n".join([head, *lines, ""])


def scenario(**replaced):
    text = TEXT.replace("terminal_low = { ready = 16 }", "own = { ready = 16 }") + OWN
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.fixture
def folder(tmp_path):
    """Write a table and a scenario beside it; the path of the scenario."""

    def make(table, text=None):
        (tmp_path / "own.csv").write_text(table, encoding="utf-8")
        path = tmp_path / "mine.toml"
        path.write_text(scenario() if text is None else text, encoding="utf-8")
        return path

    return make


def told(table, folder):
    with pytest.raises(ScenarioError) as caught:
        load(folder(table))
    return str(caught.value)


def test_rows_in_any_order_columns_in_any_place_and_comments_give_one_table():
    lines = rows()
    shuffled = lines.copy()
    random.Random(4).shuffle(shuffled)
    plain = read_table(csv(*lines), "x")
    assert plain.ranges_m == (0.0, 15e3, 30e3)
    assert plain.heights_m == (0.0, 10e3, 20e3)
    assert plain.times_s[1][2] == pytest.approx(25.0)
    assert read_table(csv(*shuffled), "x") == plain
    turned = [",".join([*line.split(",")[::-1], "a note"]) for line in lines]
    assert read_table(csv("# mine", *turned, head="time_s,height_km,range_km,note"), "x") == plain


def test_the_table_is_what_the_weapon_has(folder):
    weapon = load(folder(csv(*rows()))).weapons["own"]
    assert weapon.provider == "table"
    assert weapon.table == read_table(csv(*rows()), "x")


def test_inf_says_out_of_reach_and_stays_so_further_away(folder):
    table = load(folder(csv(*rows(r30_h20="inf")))).weapons["own"].table
    assert table.times_s[2][2] == math.inf


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (csv(*rows(without=[(15, 10)])), "no row for range 15 km, height 10 km"),
        (csv(*rows(r15_h10="")), "line 6: time_s is empty; write inf where the point is out of"),
        (csv(*rows(), "15,10,99"), "line 11: range 15 km, height 10 km is there twice, first in"),
        (csv(*rows(r30_h10="9")), "line 9: at height 10 km the time falls from 18.0278 s at range"),
        (csv(*rows(r0_h0="inf")), "a least range is said by range_low_km, not by inf"),
        (csv(*rows(r15_h0="-2")), "line 5: time_s is -2; it must be 0 or more"),
        (csv(*rows(r15_h0="fast")), "line 5: time_s is 'fast'; it must be a number"),
        (csv(*rows(r15_h0="nan")), "line 5: time_s is 'nan'; it must be a number"),
        (csv("inf,0,1", *rows()), "line 2: range_km is 'inf'; it must be a number"),
        (csv(*rows(), head="range_km,height_km,time"), "needs each once: time_s"),
        (csv(*rows(), "1,2"), "line 11: has 2 cells; the first line has 3"),
        (csv(*rows(ranges=(0,))), "has 1 ranges; it must be 2 to 200: add some"),
        (csv(*rows(ranges=range(201), heights=(0, 20))), "has 201 ranges; it must be 2 to 200"),
        (csv(*rows(ranges=(0, 25))), "range runs from 0 to 25 km, and the class is used from"),
        (csv(*rows(heights=(5, 20))), "height runs from 5 to 20 km"),
        (csv(*(f"{r},{h},inf" for r in (0, 30) for h in (0, 20))), "reaches no point at all"),
        ("\n\n", "is empty; its first line is range_km,height_km,time_s"),
        ("x" * (MOST_BYTES + 1), f"at most {MOST_BYTES:,}"),
    ],
)
def test_a_table_with_a_fault_is_refused_with_file_cell_and_way_out(folder, table, words):
    found = told(table, folder)
    assert words in found
    assert "own.csv" in found


def test_every_fault_of_a_table_is_told_at_once(folder):
    found = told(csv(*rows(r15_h10="", r30_h0="-1", r0_h20="x")), folder)
    assert len(found.splitlines()) == 3
    many = told(csv(*(f"{r},{h},x" for r in range(10) for h in range(10))), folder)
    assert "and 80 more" in many


@pytest.mark.parametrize("file", ["/etc/own.csv", "../own.csv", "C:own.csv"])
def test_a_table_elsewhere_is_refused(folder, file):
    path = folder(csv(*rows()), scenario(**{'"own.csv"': f'"{file}"'}))
    with pytest.raises(ScenarioError, match="must stand beside or below the scenario"):
        load(path)


def test_a_missing_table_and_a_scenario_without_a_folder_are_told(folder, tmp_path):
    path = folder(csv(*rows()))
    (tmp_path / "own.csv").unlink()
    with pytest.raises(ScenarioError, match=r"own\.csv: no such file"):
        load(path)
    with pytest.raises(ScenarioError, match="given as text; load it by its path"):
        load_text(scenario(), "mine")


def test_a_table_may_stand_in_the_scenario_itself():
    lines = "\\n".join([HEAD, *rows()])
    text = scenario(**{'table_file = "own.csv"': f'table = "{lines}"'})
    assert load_text(text, "mine").weapons["own"].table == read_table(csv(*rows()), "x")


def test_a_run_carries_its_table_and_needs_the_file_no_more(folder, tmp_path):
    loaded = load(folder(csv(*rows())))
    plan = from_json(json.loads(json.dumps(make_plan(loaded).to_json())))
    (tmp_path / "own.csv").unlink()
    again = batch.scenario_of(plan)
    assert again.content_hash == loaded.content_hash
    assert again.weapons == loaded.weapons
    other = load(folder(csv(*rows(r30_h20="40"))))
    assert make_plan(other).identity != make_plan(loaded).identity


def test_a_class_that_no_battery_holds_needs_no_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(TEXT + OWN, encoding="utf-8")
    assert "own" not in load(path).weapons


def test_numbers_of_the_doctrine_and_of_reload_reach_the_weapon():
    own = "[catalogue.interceptor.terminal_low]\n"
    text = TEXT + f'\n{own}doctrine = "shoot_shoot_look"\nlooks = 3\nreload_s = 600\n'
    weapon = load_text(text, "mine").weapons["terminal_low"]
    assert (weapon.doctrine, weapon.looks, weapon.reload_s) == ("shoot_shoot_look", 3, 600.0)
    plain = load_text(TEXT, "mine").weapons["terminal_low"]
    assert (plain.doctrine, plain.looks, plain.reload_s) == ("shoot_look_shoot", 64, 1800.0)
    ships = load("okinawa-2025").weapons["midcourse_B"]
    assert math.isinf(ships.reload_s)
