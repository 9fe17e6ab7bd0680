"""A strong change of an assumed number shows at its own link and further on, never before."""

import pytest

ARCHITECTURES = ("shared_warning", "integrated")
UPSTREAM = ("flights", "plots", "tracks", "forecasts", "alerts", "warned")
DEFENCE = ("engagements", "ledger")


def case(key, value, first, *, defence=None):
    """A change, the first table that it must change, and whether the engagement must stay the same."""
    return pytest.param({key: value}, first, defence, id=key)


CASES = [
    # flight
    case("threats[*].burn_spread", 0.3, "flights"),
    case("threats[*].density_spread", 0.5, "flights"),
    # watch
    case("catalogue.infrared.leo_wide.intensity_ref_kw_sr", 5.0, "plots"),
    case("catalogue.infrared.leo_wide.angle_floor_urad", 200.0, "plots"),
    case("catalogue.infrared.geo_scan.latency_s", 60.0, "plots"),
    case("catalogue.infrared.geo_scan.bias_urad", 200.0, "plots"),
    case("catalogue.radar.sband_ship_new.reference_range_km", 400.0, "plots"),
    case("catalogue.radar.early_warning.frame_s", 60.0, "plots"),
    case("catalogue.radar.xband_forward.min_el_deg", 10.0, "plots"),
    case("catalogue.threat.glider_regional.view_factor", 0.05, "plots"),
    case("catalogue.threat.mrbm_liquid.rcs_body_m2", 0.0005, "plots"),
    # track
    case("tracking.warning_position_km", 0.2, "tracks"),
    case("tracking.engage_position_km", 0.05, "tracks"),
    case("tracking.drop_after_s", 5.0, "tracks"),
    # warn
    case("warning.kernel_km", 1.0, "forecasts", defence=False),
    case("warning.forecast_first_s", 60, "forecasts", defence=False),
    case("warning.class_known", False, "forecasts", defence=False),
    case("warning.predicted_threshold", 0.1, "warned", defence=False),
    case("warning.classify_s", 120.0, "alerts", defence=False),
    case("warning.over_threshold", 0.9, "alerts", defence=False),
    case("warning.clear_median_s", 60.0, "alerts", defence=False),
    case("warning.deliver_s", 120.0, "warned", defence=False),
    case("warning.relay_failure", 0.5, "warned", defence=False),
    case("warning.compliance", 0.17, "warned", defence=False),
    case("warning.channels[*].broadcast_per_min", 0.02, "warned", defence=False),
    case("warning.outdoor_median_s", 1500.0, "warned", defence=False),
    case("warning.needed_s", 500.0, "warned", defence=False),
    # defend
    case("engagement.assess_s", 120.0, "engagements"),
    case("engagement.weapon_delay_s", 60.0, "engagements"),
    case("catalogue.interceptor.midcourse_B.kill_ballistic", 0.05, "engagements"),
    case("catalogue.interceptor.area_endo.kill_glide", 0.01, "engagements"),
    case("catalogue.interceptor.terminal_low.range_high_km", 5.0, "engagements"),
    case("batteries[*].channels", 1, "engagements"),
    case("architectures[integrated].decide_s", 200.0, "engagements"),
    # sustain
    case("catalogue.line.sm3_japan.rate_per_year", 0.5, "ledger"),
    case("catalogue.line.sm3_japan.lead_months", 99.0, "metrics", defence=False),
    case("architectures[integrated].network_cost_musd_per_year", 999.0, "metrics", defence=False),
]


@pytest.mark.parametrize(("changes", "first", "defence"), CASES)
def test_an_assumption_shows_where_it_enters_and_not_before(play, same, changes, first, defence):
    base = play(architectures=ARCHITECTURES).tables
    changed = play(changes, architectures=ARCHITECTURES).tables
    assert not same(base[first], changed[first])
    order = (*UPSTREAM, *DEFENCE)
    before = order[: order.index(first)] if first in order else UPSTREAM
    for table in before:
        assert same(base[table], changed[table]), table
    if defence is False:
        for table in DEFENCE:
            assert same(base[table], changed[table]), table


@pytest.mark.parametrize(("changes", "first", "defence"), CASES)
def test_an_assumption_is_listed_with_its_grade(play, changes, first, defence):
    """What is varied here is what the report lists as assumptions: nothing hides in the code."""
    run = play(changes, architectures=ARCHITECTURES)
    (key,) = changes
    listed = {p.key: p for p in run.scenario.assumptions}
    parts = key.split("[*]")
    found = [p for k, p in listed.items() if k.startswith(parts[0]) and k.endswith(parts[-1])]
    if key == "warning.class_known":
        assert not found  # a rule, no number
        return
    assert found
    assert {p.value for p in found} == set(changes.values())
    assert {p.grade for p in found} == {"assumed"}
