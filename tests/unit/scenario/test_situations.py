"""The bundled situations say what the public record says, and keep to neutral origins."""

import pytest

from hinomi.scenario.check import check_text, variant_mistakes
from hinomi.scenario.load import load, scenario_text

SITUATIONS = (
    "glide-phase-2023",
    "depressed-2022",
    "launch-may-2023",
    "launch-november-2023",
    "command-2024",
    "okinawa-2025",
)
NOTIONAL = ("glide-phase-2023", "command-2024", "okinawa-2025")
RECORDED = tuple(n for n in SITUATIONS if n not in NOTIONAL)


@pytest.fixture(scope="module")
def loaded():
    return {name: load(name) for name in SITUATIONS}


@pytest.mark.parametrize("name", SITUATIONS)
def test_every_variant_of_a_situation_is_without_mistakes(name):
    assert variant_mistakes(check_text(scenario_text(name)[0], name)) == []


def test_every_number_has_a_source(loaded):
    for name, scenario in loaded.items():
        bare = [p.key for p in scenario.assumptions if "without a source" in p.source]
        assert bare == [], name


def test_notional_bodies_start_on_arcs_in_the_neutral_sector(loaded):
    for name in NOTIONAL:
        for group in loaded[name].document["threats"]:
            assert group["site"] is None, (name, group["name"])
            arc = group["arc"]
            assert arc["bearing_low_deg"]["value"] >= 300.0
            assert arc["bearing_high_deg"]["value"] in (330.0, 20.0)


def test_only_the_public_record_starts_from_a_place_of_its_own(loaded):
    for name in RECORDED:
        sites = {g["site"]["name"] for g in loaded[name].document["threats"]}
        assert sites <= {"Jagang", "Sohae"}, name


def test_variants_change_of_threats_the_number_of_bodies_alone(loaded):
    for name, scenario in loaded.items():
        keys = [k for v in scenario.variants for k in v.changes if k.startswith("threats")]
        assert all(k.endswith(".count") for k in keys), (name, keys)


def test_raids_are_of_one_to_eight_gliders_and_of_up_to_24_bodies():
    sizes = [
        len(load("glide-phase-2023", variant=v).threats)
        for v in ("raid_1", "raid_2", None, "raid_8")
    ]
    assert sizes == [1, 2, 4, 8]
    assert [len(load("command-2024", variant=v).threats) for v in (None, "raid_16", "raid_24")] == [
        8,
        16,
        24,
    ]


@pytest.mark.parametrize(
    ("name", "satellites"),
    [("depressed-2022", 0), ("glide-phase-2023", 4), ("launch-may-2023", 0), ("command-2024", 8)],
)
def test_satellites_in_low_orbit_are_those_of_the_year(loaded, name, satellites):
    low = [s for s in loaded[name].sensors.infrared if s.name.startswith("LEO")]
    assert sum(s.availability > 0.0 for s in low) == satellites


def test_numbers_of_satellites_that_are_only_planned_are_called_so(loaded):
    for name, scenario in loaded.items():
        planned = [
            value
            for v in scenario.variants
            for k, value in v.changes.items()
            if k == "infrared[LEO].satellites" and value["value"] in (28, 54)
        ]
        planned += [
            p for p in scenario.document["infrared"]
            if p["name"] == "LEO" and p["satellites"]["value"] in (28, 54) for p in [p["satellites"]]
        ]  # fmt: skip
        for value in planned:
            assert "planned" in value["note"], name


def test_japan_and_the_third_nation_keep_launch_events_apart_until_three_share(loaded):
    scenario = loaded["launch-may-2023"]
    assert scenario.nations == ("Japan", "US", "ROK")
    kept = {
        (r.sender, r.receiver, r.category) for r in scenario.architectures["bilateral"].refusals
    }
    assert kept == {("ROK", "Japan", "warning"), ("Japan", "ROK", "warning")}
    assert scenario.architectures["trilateral"].refusals == ()
    low, high = (
        scenario.architectures[n].network_cost_musd[1] for n in ("bilateral", "trilateral")
    )
    assert high > low  # sharing with one more is not free


def test_decisions_take_as_long_in_every_architecture_of_the_command_situation(loaded):
    times = {a.decide_s for a in loaded["command-2024"].architectures.values()}
    assert len(times) == 1


def test_the_forward_radar_is_there_in_its_variant_only():
    for variant, there in ((None, 0.0), ("radar_forward", 1.0), ("availability_70", 0.0)):
        scenario = load("glide-phase-2023", variant=variant)
        radar = next(r for r in scenario.sensors.radars if r.name == "forward")
        assert radar.availability == there


def test_the_layer_is_in_no_magazine_but_by_its_variants():
    def rounds(variant):
        return sum(
            m.ready
            for b in load("glide-phase-2023", variant=variant).batteries
            for m in b.magazines
            if m.weapon == "glide_phase"
        )

    counts = {v: rounds(v) for v in (None, "glide_phase", "year_2029", "year_2035", "leo_28")}
    assert counts == {None: 0, "glide_phase": 24, "year_2029": 12, "year_2035": 24, "leo_28": 0}


def test_lines_of_the_command_situation_are_those_reported_in_july_2024(loaded):
    lines = {(x.product, x.owner): x for x in loaded["command-2024"].industry.lines}
    us, japan = lines["PAC-3", "US"], lines["PAC-3", "Japan"]
    assert (us.rate_per_year, us.target_per_year) == (500.0, 650.0)
    assert (japan.rate_per_year, japan.target_per_year) == (30.0, 60.0)
