"""Supply and money in a scenario's text: mistakes in words, and a run's content left as it was."""

import math
import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from hinomi.errors import ScenarioError
from hinomi.scenario import build_supply
from hinomi.scenario.catalogue import catalogue
from hinomi.scenario.check import check_text
from hinomi.scenario.load import load, load_text
from hinomi.sustain.money import network_span

SMALL = (Path(__file__).parent / "small_scenario.toml").read_text(encoding="utf-8")


def read(text):
    return build_supply.supply(check_text(SMALL + text, "mine"))


MISTAKES = [
    (
        "[catalogue.supplier.pac3_motors]\nneeds = { pac3_seekers = 1 }\n"
        "[catalogue.supplier.pac3_seekers]\nneeds = { pac3_motors = 1 }\n",
        "closes a circle: pac3_seekers -> pac3_motors -> pac3_seekers",
    ),
    (
        "[catalogue.line.pac3_us]\nneeds = { pac3_seeker = 1 }\n",
        r"pac3_us.needs.pac3_seeker: is no supplier.*did you mean 'pac3_seekers'",
    ),
    (
        "[catalogue.supplier.pac3_motors]\nneeds = { plastic = 1 }\n",
        "pac3_motors.needs.plastic: is no supplier of the catalogue",
    ),
    (
        "[catalogue.supplier.pac3_motors]\nrate_per_year = -1\n",
        "rate_per_year: is outside its limits .given: -1; limit: at least 0; unit: per year",
    ),
    ("[catalogue.supplier.pac3_motors]\nspeed = 1\n", "speed: unknown key"),
    (
        '[catalogue.budget.tomahawk_japan]\ncurrency = "EUR"\n',
        "tomahawk_japan.currency: has no exchange rate; state money.per_usd.EUR",
    ),
    ("[money]\nprice_year = 1900\n", "money.price_year: is outside its limits"),
    ('[money]\ncurrency = "JPY"\n', "money.currency: is not what prices are stated in"),
    ("[money]\noutlay_profile = [0.5, 0.4]\n", "outlay_profile: adds up to 0.9"),
    ('[supply]\nlines = ["pac3_u"]\n', r"supply.lines: is no line.*did you mean 'pac3_us'"),
    ('[supply]\ntransfers = ["x"]\n', "supply.transfers: is no transfer of the catalogue"),
    ('[catalogue.network.x]\ntitle = "x"\nflag = "y"\nprice_musd_per_year = 1\n', "network.x.flag"),
]


@pytest.mark.parametrize(("text", "words"), MISTAKES)
def test_a_mistake_is_told_with_its_key_and_the_way_out(text, words):
    with pytest.raises(ScenarioError, match=re.compile(words, re.DOTALL)):
        check_text(SMALL + "\n" + text, "mine")


def test_a_stock_of_a_nation_that_is_not_there_is_refused():
    stocks = '\n[[supply.stocks]]\nowner = "Mars"\nproduct = "PAC-3"\nheld = 1\nrequired = 2\n'
    with pytest.raises(ScenarioError, match=r"supply.stocks\[0\].owner is 'Mars'"):
        read(stocks)


def test_a_stated_stock_takes_the_place_of_what_batteries_carry():
    before = {(h.owner, h.product): h for h in read("").holdings}
    (owner, product), _ = next(iter(before.items()))
    told = read(
        f'\n[[supply.stocks]]\nowner = "{owner}"\nproduct = "{product}"\nheld = 300\nrequired = 900\n'
    )
    after = {(h.owner, h.product): h for h in told.holdings}
    assert (after[owner, product].held, after[owner, product].required) == (300.0, 900.0)
    assert set(after) == set(before)


def test_only_suppliers_that_a_listed_line_draws_on_are_taken():
    told = read('\n[supply]\nlines = ["pac3_japan"]\n')
    assert {s.name for s in told.suppliers} == {"pac3_seekers", "pac3_motors"}
    assert [p.name for p in told.plants] == ["pac3_japan"]


def test_what_a_run_is_made_of_knows_nothing_of_supply():
    """Another price of sharing, supplier or exchange rate leaves a run's content hash as it is.

    Of the money a run knows what brings its prices to one year, and nothing else.
    """
    text = (
        "\n[money.per_usd]\nJPY = 140\n[supply]\nraid_share = 0.5\n"
        "[catalogue.supplier.pac3_seekers]\nrate_per_year = 100\n"
        "[catalogue.line.pac3_us]\nlearning_slope = 0.9\n"
    )
    plain, told = load_text(SMALL, "mine"), load_text(SMALL + text, "mine")
    assert told.content_hash == plain.content_hash
    assert "supply" not in told.document
    assert set(told.document["money"]) == {"currency", "price_year", "inflation_per_year"}
    assert "supplier" not in told.document["catalogue"]
    assert not any("supplier" in p.key or "needs" in p.key for p in told.assumptions)


def test_an_architecture_costs_what_its_flags_cost():
    """Each stated yearly price is the sum of its flags' prices: low, value and high."""
    scenario = load("okinawa-2025")
    items = build_supply.supply(check_text(scenario.text, "okinawa-2025")).network
    for name in ("national", "shared_warning", "shared_track", "integrated"):
        architecture = scenario.architectures[name]
        assert network_span(items, architecture) == pytest.approx(architecture.network_cost_musd)
    assert {i.flag for i in items if i.flag} == {
        "share_warning", "share_track", "one_picture", "engage_on_remote", "one_assignment",
    }  # fmt: skip
    assert all(i.musd_per_year[0] > 0.0 for i in items)


def facts():
    file = resources.files("hinomi") / "data" / "industry_facts.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))["fact"]


def test_every_public_figure_has_a_source_a_grade_and_a_period():
    found = facts()
    assert len(found) > 60
    for name, fact in found.items():
        assert fact["source"], name
        assert fact["grade"] in ("published", "literature"), name
        assert "system" in fact, name
        assert "metric" in fact, name
        assert fact["read"].year >= 2026, name
        if "value" in fact:
            assert math.isfinite(fact["value"]), name
            assert fact["unit"], name
            assert fact.get("high", fact["value"]) >= fact["value"], name


def test_what_the_model_uses_is_what_was_published():
    """Values of the catalogue beside the public figures that they cite."""
    found, used = facts(), catalogue()

    def value(name):
        return found[name]["value"]

    lines = used["line"]
    assert lines["pac3_us"]["rate_per_year"]["value"] == value("pac_3_mse_capacity")
    assert lines["pac3_us"]["target_per_year"]["value"] == value("pac_3_mse_capacity_target")
    assert lines["pac3_japan"]["rate_per_year"]["value"] == value("pac_3_japan_licensed_output")
    assert lines["thaad_us"]["rate_per_year"]["value"] == value("thaad_output")
    assert lines["thaad_us"]["target_per_year"]["value"] == value("thaad_capacity_target")
    for key, name in (
        ("rate_per_year", "sm_6_output"),
        ("target_per_year", "sm_6_capacity_target"),
    ):
        assert sum(lines[n][key]["value"] for n in ("sm6_us", "sm6_japan")) == value(name)
    deliveries = value("pac_3_mse_deliveries_to_the_united_states")
    parts = used["supplier"]["pac3_seekers"]
    assert parts["rate_per_year"]["value"] == deliveries + value("pac_3_japan_licensed_output")
    assert parts["target_per_year"]["value"] == 750
    assert used["budget"]["tomahawk_japan"]["amount_million"]["value"] * 1e6 == value(
        "tomahawk_japan_contract"
    )
    assert used["supply"]["raid_share"]["value"] * 100 == value("thaad_expended_share_of_stock")


def test_the_glide_phase_line_makes_nothing_before_2031():
    """The epoch of the catalogue's ramps is September 2025: month 64 is January 2031."""
    line = catalogue()["line"]["gpi_us"]
    assert line["rate_per_year"]["high"] == 0.0
    assert (line["ramp_from_month"]["low"], line["ramp_from_month"]["high"]) == (64.0, 123.0)
    assert "gpi_us" in catalogue()["industry"]["lines"]  # so that a run refills what it spends


def test_a_run_knows_every_line_of_a_production_study():
    """A product that some line makes is not "never" made good in a run."""
    used = catalogue()
    assert set(used["industry"]["lines"]) == set(used["supply"]["lines"]) == set(used["line"])


def test_prices_of_a_run_are_in_the_money_of_one_year():
    """PAC-3: 4.0 million of 2024 are 4.1 of 2025 at 2.5 % a year; a price of 2025 stays."""
    industry = load("okinawa-2025", variant="glide_phase").industry
    assert {p.price_year for p in industry.prices} == {2025}
    price = {p.product: p.unit_musd for p in industry.prices}
    assert price["PAC-3"] == pytest.approx(4.1)
    assert price["GPI"] == 30.0


def test_a_run_follows_the_price_year_and_inflation_of_its_scenario():
    """4.0 million of 2024 in money of 2026 at 10 % a year: 4.84."""
    told = load_text(SMALL + "\n[money]\nprice_year = 2026\ninflation_per_year = 0.1\n", "mine")
    assert [(p.price_year, p.unit_musd) for p in told.industry.prices] == [
        (2026, pytest.approx(4.84))
    ]


def test_no_network_item_stands_beside_the_flags():
    """What strikes at a distance is a budget line: it is no price of sharing."""
    used = catalogue()
    assert all(x["flag"] for x in used["network"].values())
    assert "budget line only" in used["budget"]["constellation"]["note"]
