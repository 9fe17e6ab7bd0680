"""Batteries, interceptors and architectures that cannot be meant: what, key, limit, way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from hinomi.errors import ScenarioError
from hinomi.scenario.ashore import MARGIN_KM, land_near, sea_near
from hinomi.scenario.check import check_text
from hinomi.scenario.load import load, load_text, scenario_names, scenario_text
from hinomi.scenario.plausible import doubts

TEXT = Path(__file__).with_name("small_scenario.toml").read_text(encoding="utf-8")
SITE = "lat_deg = 26.2\nlon_deg = 127.7\nchannels"
LOW = "\n[catalogue.interceptor.terminal_low]\n"
OWN = '\n[[architectures]]\nname = "national"\n'


def edited(old="", new="", more=""):
    assert not old or TEXT.count(old) == 1, old
    return (TEXT.replace(old, new) if old else TEXT) + more


def told(text):
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "mine")
    return str(caught.value)


def at(lat, lon, more=""):
    return edited(SITE, f"lat_deg = {lat}\nlon_deg = {lon}\n{more}channels")


CASES = {
    "battery in the sea": (
        at(30.0, 134.0),
        "batteries[unit].at_sea: is missing: no land lies within 20 km of 30 N 134 E; a ship says"
        " at_sea = true",
    ),
    "ship on land": (
        at(36.2, 138.5, "at_sea = true\n"),
        "batteries[unit].at_sea: is wrong: no sea lies within 20 km of 36.2 N 138.5 E; leave it out",
    ),
    "no ready round": (
        edited("ready = 16", "ready = 0, reserve = 8"),
        "batteries[unit].magazines: holds no ready round, so this battery never fires; give ready",
    ),
    "no magazine": (
        edited("magazines = { terminal_low = { ready = 16 } }", "magazines = {}"),
        "batteries[unit].magazines: holds no ready round",
    ),
    "unknown weapon": (
        edited("terminal_low = {", "terminal_lo = {"),
        "is no interceptor class",
    ),
    "heights swapped": (
        edited(more=f"{LOW}height_low_km = 30\n"),
        "terminal_low.height_low_km: leaves no window below height_high_km; swap or correct the two"
        " (given: 30; limit: less than 25; unit: km)",
    ),
    "ranges swapped": (
        edited(more=f"{LOW}range_low_km = 50\n"),
        "terminal_low.range_low_km: leaves no window below range_high_km",
    ),
    "keep-out above the top": (
        edited(more="\n[engagement]\nkeep_out_height_km = 26\n"),
        "engagement.keep_out_height_km: leaves no window to terminal_low, whose height_high_km is 25",
    ),
    "kill probability in per cent": (
        edited(more=f"{LOW}kill_ballistic = 70\n"),
        "kill_ballistic: is outside its limits (given: 70; limit: at least 0, at most 1)",
    ),
    "negative kill probability": (
        edited(more=f"{LOW}kill_glide = -0.1\n"),
        "kill_glide: is outside its limits (given: -0.1; limit: at least 0, at most 1)",
    ),
    "system that works more than surely": (
        edited(more="\n[engagement]\np_system_raid = 1.2\n"),
        "engagement.p_system_raid: is outside its limits (given: 1.2; limit: at least 0, at most 1)",
    ),
    "no speed": (
        edited(more=f"{LOW}burnout_speed_km_s = 0\n"),
        "burnout_speed_km_s: is needed by provider boost_coast (given: 0; limit: more than 0",
    ),
    "speed left out": (
        edited(
            "terminal_low = { ready = 16 }",
            "own = { ready = 16 }",
            "\n[catalogue.interceptor.own]\ntitle = 'x'\nproduct = 'PAC-3'\nprovider = 'parametric'\n"
            "prepare_s = 0\nheight_low_km = 1\nheight_high_km = 20\nrange_low_km = 0\n"
            "range_high_km = 30\nkill_ballistic = 0.5\nkill_glide = 0.5\nsalvo = 1\n",
        ),
        "interceptor.own.average_speed_km_s: is missing; provider parametric needs it",
    ),
    "no table": (
        edited(more=f'{LOW}provider = "table"\n'),
        "terminal_low.table_file: is missing; provider table reads range_km,height_km,time_s",
    ),
    "a table that nobody reads": (
        edited(more=f'{LOW}table_file = "x.csv"\n'),
        'table_file: is not used by provider boost_coast; leave it out, or set provider = "table"',
    ),
    "no such provider": (
        edited(more=f'{LOW}provider = "tabel"\n'),
        "did you mean 'table'",
    ),
    "no such doctrine": (
        edited(more=f'{LOW}doctrine = "shoot_look"\n'),
        "doctrine: is none of the names allowed here",
    ),
    "looks of one salvo": (
        edited(more=f'{LOW}doctrine = "salvo"\nlooks = 3\n'),
        "looks: is not used by doctrine salvo, which looks once",
    ),
    "one picture of nothing": (
        edited(more=f"{OWN}one_picture = true\n"),
        "architectures[national].one_picture: presupposes share_track, which is false; set"
        " share_track = true, or one_picture = false",
    ),
    "tracks without launch events": (
        edited(more=f"{OWN}share_track = true\n"),
        "architectures[national].share_track: presupposes share_warning",
    ),
    "shots on tracks that nobody has": (
        edited(more=f"{OWN}engage_on_remote = true\n"),
        "architectures[national].engage_on_remote: presupposes share_track",
    ),
    "one assignment over tracks that nobody has": (
        edited(more=f"{OWN}one_assignment = true\n"),
        "architectures[national].one_assignment: presupposes share_track",
    ),
    "a refusal of what nobody passes on": (
        edited(
            more=f'{OWN}refusals = [{{ sender = "US", receiver = "Japan", category = "track" }}]\n'
        ),
        "refusals[0].category: keeps back what nobody passes on: share_track is false",
    ),
}


@pytest.mark.parametrize(("text", "words"), CASES.values(), ids=CASES)
def test_each_mistake_is_told_with_its_key_and_the_way_out(text, words):
    assert words in told(text)


def test_all_mistakes_are_told_at_once_with_their_lines():
    text = at(30.0, 134.0).replace("ready = 16", "ready = 0")
    found = told(text + f"{OWN}one_picture = true\n{LOW}height_low_km = 30\n").splitlines()
    assert len(found) == 5
    assert found[-1] == "mine: 4 mistakes"
    assert all(line.startswith("mine:") for line in found)
    line = 1 + text.splitlines().index("magazines = { terminal_low = { ready = 0 } }")
    assert any(f"mine:{line}: batteries[unit].magazines" in words for words in found)


def test_a_variant_is_held_to_the_same_and_may_empty_a_battery():
    with pytest.raises(ScenarioError, match="leaves no window"):
        load_text(TEXT, "mine", changes={"catalogue.interceptor.terminal_low.height_low_km": 30})
    with pytest.raises(ScenarioError, match="presupposes share_track"):
        load_text(TEXT, "mine", changes={"architectures[national].one_assignment": True})
    empty = load_text(TEXT, "mine", changes={"batteries[unit].magazines.terminal_low.ready": 0})
    assert empty.batteries[0].magazines[0].ready == 0


@pytest.mark.parametrize("name", scenario_names())
def test_bundled_scenarios_make_none_of_these_mistakes(name):
    check_text(*scenario_text(name))


def test_ships_of_the_bundled_scenario_say_that_they_are_at_sea():
    sections = {b["name"]: b["at_sea"] for b in load("okinawa-2025").document["batteries"]}
    assert {name for name, at_sea in sections.items() if at_sea} == {
        "ship south-east", "ship west", "ship north-east",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lat", "lon", "land", "sea"),
    [
        (35.7, 139.7, True, True),  # Tokyo, on its bay
        (36.2, 138.5, True, False),  # the mountains of Nagano, 100 km from any coast
        (39.9, 116.4, True, False),  # Beijing
        (24.5, 123.0, True, True),  # Yonaguni, 10 km long
        (13.5, 144.8, True, True),  # Guam
        (24.5, 131.2, True, True),  # Okidaito, one square kilometre
        (24.0, 130.0, False, True),  # 130 km from it
        (30.0, 160.0, False, True),  # nothing far and wide
        (0.0, 179.9, False, True),
    ],
)
def test_land_and_sea_are_where_the_atlas_has_them(lat, lon, land, sea):
    assert (land_near(lat, lon), sea_near(lat, lon)) == (land, sea)


def test_the_margin_at_coasts_is_what_is_said():
    """South of Okinawa's southernmost point, Kyan at 26.08 N 127.67 E: land within 20 km, or not."""
    assert MARGIN_KM == 20.0
    assert land_near(26.08 - 14.0 / 111.2, 127.67)
    assert not land_near(26.08 - 26.0 / 111.2, 127.67)


def test_reserves_that_never_come_and_flags_without_effect_are_doubted():
    text = edited(
        "magazines = { terminal_low = { ready = 16 } }",
        "magazines = { terminal_high = { ready = 8, reserve = 4 } }",
        more='\n[[architectures]]\nname = "mine"\nlabel = "x"\nlike = "shared_track"\n'
        "engage_on_remote = true\n",
    )
    found = "\n".join(doubts(check_text(text, "mine")))
    assert "batteries[unit].magazines.terminal_high.reserve = 4: never comes forward" in found
    assert "architectures[mine].engage_on_remote has no effect without one_assignment" in found
    assert "never comes forward" not in "\n".join(doubts(check_text(TEXT, "mine")))
