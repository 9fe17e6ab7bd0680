"""Keys of groups and classes of every kind: what is needed, what is refused, what comes out."""

import math
from pathlib import Path

import pytest

from hinomi.errors import FenceError, ScenarioError
from hinomi.flight.body import pack
from hinomi.flight.path import launch
from hinomi.flight.reach import reach
from hinomi.records.flights import CLASS_SPREAD, KINDS
from hinomi.scenario.build import threat_class
from hinomi.scenario.catalogue import KINDS as ENTRIES
from hinomi.scenario.catalogue import catalogue
from hinomi.scenario.catalogue_schema import Catalogue
from hinomi.scenario.check import check_text
from hinomi.scenario.load import load_text
from hinomi.scenario.plausible import doubts

SMALL = Path(__file__).with_name("small_scenario.toml").read_text(encoding="utf-8")
CHECKED = Catalogue.model_validate({k: v for k, v in catalogue().items() if k in ENTRIES})
CLASSES = {name: threat_class(name, given) for name, given in CHECKED.threat.items()}

AIM = 'aims = [{ name = "Naha", lat_deg = 26.2, lon_deg = 127.7 }]'
ARC = "arc = { distance_low_km = 700, distance_high_km = 700, bearing_low_deg = 350, bearing_high_deg = 10 }"
SITE = 'site = { name = "west", lat_deg = 39.7, lon_deg = 124.7, source = "maps" }'
APOGEE = "apogee_low_km = 50\napogee_high_km = 60"
TOLD = "azimuth_deg = 180\nkick_deg = 0.5"


def scenario(name, *lines):
    """The small scenario with one group of another class."""
    begin, end = SMALL.index("[[threats]]"), SMALL.index("[[radars]]")
    group = ["[[threats]]", 'name = "body"', f'class = "{name}"', *lines]
    return "\n".join(
        [SMALL[:begin], *group, "start_low_s = 0", "start_high_s = 0", "", SMALL[end:]]
    )


def loaded(name, *lines):
    return load_text(scenario(name, *lines), "mine")


def refused(name, *lines):
    with pytest.raises(ScenarioError) as error:
        loaded(name, *lines)
    return str(error.value)


def test_every_kind_has_a_class_in_the_catalogue():
    assert {c.kind for c in CLASSES.values()} == set(KINDS)


def test_every_number_of_a_body_class_has_a_low_and_a_high():
    for name, given in CHECKED.threat.items():
        for part in (given, *given.stages):
            for key in part.model_fields_set:
                number = getattr(part, key)
                if hasattr(number, "triangle"):
                    assert number.low is not None, (name, key)
                    assert number.high is not None, (name, key)


def test_a_bank_schedule_becomes_seconds_and_radians():
    steps = "bank_schedule = [{ from_s = 20, angle_deg = -20 }, { from_s = 60, angle_deg = 10 }]"
    (threat,) = loaded("quasi_mrbm", AIM, APOGEE, ARC, steps).threats
    assert threat.bank_schedule == ((20.0, math.radians(-20)), (60.0, math.radians(10)))


def test_a_single_bank_ends_after_its_time():
    bank = "bank = { from_s = 100, for_s = 50, angle_deg = 30 }"
    (threat,) = loaded("glider_regional", AIM, APOGEE, ARC, bank).threats
    assert threat.bank_schedule == ((100.0, math.radians(30)), (150.0, 0.0))
    (level,) = loaded("glider_regional", AIM, APOGEE, ARC, bank.replace("50", "0")).threats
    assert level.bank_schedule == ()


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("bank_schedule = [{ from_s = 9, angle_deg = 61 }]", r"angle_deg: is outside its limits"),
        (
            "bank_schedule = [{ from_s = 9, angle_deg = 1 }, { from_s = 9, angle_deg = 2 }]",
            "not in order of from_s",
        ),
        (
            "bank_schedule = [{ from_s = 9, angle_deg = 1 }]\n"
            "bank = { from_s = 1, for_s = 1, angle_deg = 3 }",
            "has both bank and bank_schedule",
        ),
    ],
)
def test_wrong_banks_are_refused(lines, words):
    assert words in refused("quasi_mrbm", AIM, APOGEE, ARC, lines)


def test_a_launcher_needs_no_aim_and_is_flown_as_told():
    fails = "fails_at_low_s = 130\nfails_at_high_s = 200\nspent_stages = true"
    (threat,) = loaded("slv3", TOLD, SITE, fails).threats
    assert threat.azimuth_rad == pytest.approx(math.pi)
    assert threat.kick_rad == pytest.approx(math.radians(0.5))
    assert (threat.fails_at_low_s, threat.fails_at_high_s) == (130.0, 200.0)
    assert threat.spent_stages
    assert math.isnan(threat.aim_lat_deg)
    assert math.isnan(threat.apogee_low_m)
    (whole,) = loaded("slv3", TOLD, SITE).threats
    assert math.isinf(whole.fails_at_low_s)


def test_a_cruise_group_flies_through_its_waypoints():
    way = 'waypoints = [{ name = "w", lat_deg = 31.0, lon_deg = 125.5 }]'
    (threat,) = loaded("cruise_supersonic", AIM, ARC, way).threats
    assert threat.waypoints_deg == ((31.0, 125.5),)
    cruise = CLASSES["cruise_supersonic"]
    assert (cruise.cruise_height_m, cruise.cruise_speed_mps) == (200.0, 700.0)
    assert cruise.cruise_turn_mps2 == pytest.approx(19.6133)
    assert cruise.stages == ()


def test_waypoints_are_as_coarse_as_aims():
    way = 'waypoints = [{ name = "w", lat_deg = 31.05, lon_deg = 125.5 }]'
    with pytest.raises(FenceError, match=r"waypoints\[w\]\.lat_deg.*rounded to 0\.1 deg"):
        loaded("cruise_supersonic", AIM, ARC, way)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((TOLD.replace("0.5", "0.51"), SITE), r"kick_deg: .* rounded to 0\.1 deg.*given: 0\.51"),
        (
            (TOLD, SITE, "fails_at_low_s = 131\nfails_at_high_s = 145"),
            r"fails_at_low_s: .*told to 5 s.*given: 131",
        ),
        (
            (TOLD, SITE, "fails_at_low_s = 130\nfails_at_high_s = 130"),
            r"an end point is drawn, not chosen \(given: 0; limit: 10 s apart or more",
        ),
        (
            (TOLD, SITE, "fails_at_low_s = 130\nfails_at_high_s = 135"),
            r"an end point is drawn, not chosen \(given: 5; limit: 10 s apart or more",
        ),
    ],
)
def test_no_tilt_and_no_failure_chooses_an_end_finer_than_the_fence(lines, words):
    with pytest.raises(FenceError, match=words):
        loaded("slv3", *lines)


def test_a_step_of_tilt_or_failure_moves_an_end_by_as_much_as_a_step_of_an_aim():
    """An end one step further lies about 0.1 degree of ground (11 km) away; finer steps choose."""

    def end_m(kick_deg=0.5, fails_at_s=130.0):
        path = launch(
            pack(CLASSES["slv3"]),
            lat_rad=math.radians(39.7),
            lon_rad=math.radians(124.7),
            azimuth_rad=math.pi,
            kick_rad=math.radians(kick_deg),
            cutoff_s=fails_at_s,
        )
        assert path.landed
        return path.end_r_m

    at = end_m()
    assert math.dist(at, end_m(kick_deg=0.6)) > 10e3
    assert math.dist(at, end_m(fails_at_s=135.0)) > 10e3
    assert math.dist(end_m(fails_at_s=330.0), end_m(fails_at_s=335.0)) > 10e3
    assert math.dist(at, end_m(kick_deg=0.51)) < 5e3
    assert math.dist(at, end_m(fails_at_s=131.0)) < 5e3


@pytest.mark.parametrize(
    ("name", "lines", "words"),
    [
        ("slv3", (AIM, TOLD, SITE), "threats[body].aims: is not used here"),
        ("slv3", (SITE,), "threats[body].azimuth_deg: is missing"),
        (
            "slv3",
            (TOLD, SITE, "fails_at_low_s = 10"),
            "needs both fails_at_low_s and fails_at_high",
        ),
        ("mrbm_liquid", (AIM, ARC), "threats[body].apogee_low_km: is missing"),
        ("mrbm_liquid", (APOGEE, ARC), "threats[body].aims: is missing"),
        ("mrbm_liquid", (AIM, APOGEE, ARC, TOLD), "threats[body].kick_deg: is not used here"),
        (
            "mrbm_liquid",
            (AIM, APOGEE, ARC, "bank = { from_s = 1, for_s = 1, angle_deg = 3 }"),
            "threats[body].bank: is not used here: a body of class mrbm_liquid (ballistic)",
        ),
        ("cruise_subsonic", (AIM, ARC, APOGEE), "threats[body].apogee_low_km: is not used here"),
        ("cruise_subsonic", (AIM, ARC, "spent_stages = true"), "spent_stages: is not used here"),
        ("cruise_subsonic", (AIM, ARC, 'disperse = "class"'), "disperse: is not used here"),
        ("mrbm_liquid", (AIM, APOGEE, ARC, 'disperse = "all"'), "disperse: is none of the names"),
    ],
)
def test_keys_that_do_not_suit_the_kind_are_named_with_the_reason(name, lines, words):
    assert words in refused(name, *lines)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ('kind = "cruise"', "has no cruise_height_km, cruise_speed_km_s, cruise_turn_g"),
        ("cruise_turn_g = 2", "has cruise_turn_g, which a class of kind ballistic does not use"),
        ('kind = "glide"', "has no lift_to_drag above 0"),
        ('kind = "quasi_ballistic"', "has no lift_floor_km"),
        ("stages = []", "has no stages; a class of kind ballistic needs them"),
        ('kind = "balistic"', "did you mean 'ballistic'?"),
        ('lift_law = "hop"', "is none of the names allowed here"),
    ],
)
def test_a_class_without_the_keys_of_its_kind_is_refused(keys, words):
    text = f"{SMALL}\n[catalogue.threat.mrbm_liquid]\n{keys}\n"
    with pytest.raises(ScenarioError) as error:
        load_text(text, "mine")
    assert words in str(error.value)


def test_class_ranges_reach_the_record_and_the_group_says_whether_they_are_drawn():
    scenario = loaded("icbm3_solid", AIM, APOGEE, ARC, 'disperse = "class"')
    assert scenario.threats[0].disperse == CLASS_SPREAD
    ranges = scenario.classes["icbm3_solid"].ranges
    # Payload and ballistic coefficient, then four numbers of each of three stages.
    assert len(ranges) == 2 + 3 * 4
    for given in ranges:
        own = scenario.classes["icbm3_solid"]
        mode = getattr(own if given.stage < 0 else own.stages[given.stage], given.key)
        assert given.low < mode < given.high


@pytest.mark.parametrize(
    "key",
    [
        "threats[*].azimuth_deg",
        "threats[*].kick_deg",
        "threats[*].fails_at_low_s",
        "threats[*].waypoints",
        "threats[*].bank_schedule",
        "threats[*].spent_stages",
        "catalogue.threat.cruise_subsonic.cruise_speed_km_s",
        "catalogue.threat.slv3.stages",
        "catalogue.threat.quasi_mrbm.lift_floor_km",
    ],
)
def test_new_keys_of_what_is_flown_are_closed_to_variation(key):
    with pytest.raises(FenceError, match="outside the scope of this project"):
        load_text(SMALL, "mine", changes={key: 1})


def test_checking_says_what_later_links_simplify():
    words = doubts(check_text(scenario("cruise_subsonic", AIM, ARC), "mine"))
    assert any("threats[body]" in w and "the tracker has no level flight" in w for w in words)
    assert not doubts(check_text(SMALL, "mine"))


# What the public record asks of the classes: bearing about 75 degrees, from the west coast.
@pytest.mark.parametrize(
    ("name", "range_km", "apogee_km"),
    [
        ("irbm_short", 2700, 550),
        ("irbm_short", 787, 2111),
        ("icbm3_solid", 1000, 3000),
        ("quasi_mrbm", 650, 50),
        ("quasi_mrbm", 780, 50),
    ],
)
def test_classes_reach_what_they_are_for(name, range_km, apogee_km):
    from hinomi.earth.geodesic import ellipsoid_direct

    lat, lon = math.radians(39.2), math.radians(125.7)
    there = ellipsoid_direct(lat, lon, math.radians(75), range_km * 1e3)
    found = reach(
        pack(CLASSES[name]),
        lat_a_rad=lat,
        lon_a_rad=lon,
        lat_b_rad=there[0],
        lon_b_rad=there[1],
        apogee_m=apogee_km * 1e3,
    )
    assert found is not None
    assert found.miss_m <= 1000.0


@pytest.mark.parametrize(
    ("name", "ideal_km_s", "burn_s"),
    [
        ("irbm_short", 6.70, (85, 120)),
        ("icbm2_liquid", 10.44, (250, 330)),
        ("icbm3_solid", 10.02, (150, 200)),
        ("slv3", 10.76, (500, 650)),
    ],
)
def test_masses_give_the_ideal_speed_that_their_source_states(name, ideal_km_s, burn_s):
    """Tsiolkovsky, stage by stage; burn times add up within the range of the class."""
    c = CLASSES[name]
    mass = c.payload_kg + sum(s.propellant_kg + s.dry_kg for s in c.stages)
    speed = 0.0
    for s in c.stages:
        speed += s.isp_vacuum_s * 9.80665 * math.log(mass / (mass - s.propellant_kg))
        mass -= s.propellant_kg + s.dry_kg
    assert speed / 1e3 == pytest.approx(ideal_km_s, abs=0.01)
    assert burn_s[0] <= sum(s.burn_s for s in c.stages) <= burn_s[1]


def test_a_start_after_the_end_of_the_computation_is_refused():
    """Such a body flies in some replicates and is missing in others."""
    text = scenario("mrbm_liquid", AIM, ARC, APOGEE)
    end = load_text(text, "mine.toml").t_end_s
    at_end = text.replace("start_high_s = 0", f"start_high_s = {end:g}")
    assert load_text(at_end, "mine.toml").threats[0].start_high_s == end
    late = text.replace("start_high_s = 0", f"start_high_s = {end + 1:g}")
    with pytest.raises(
        ScenarioError, match=r"mine.toml:\d+: threats\[body\].start_high_s: lies after"
    ):
        load_text(late, "mine.toml")
