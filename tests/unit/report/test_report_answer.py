"""The first screen: what is said of a summary, in both languages, and what the pictures show."""

import re
from importlib import resources
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pyarrow as pa
import pytest

from hinomi.report import answer, answer_figures, brief, sections
from hinomi.report.figures import style_of
from hinomi.report.tongue import ENGLISH, JAPANESE
from hinomi.report.words import reads
from hinomi.scenario.load import load
from hinomi.study.statistics import SAME, skew_interval
from hinomi.study.summary import HEADLINES

LABELS = {"old": "old way", "new": "new way"}
PAIR = ("new", "old")


def entry(value, low=None, high=None, unit="s", n=30, **more):
    return {"value": value, "low": low, "high": high, "n": n, "unit": unit,
            "holds": "chance only", "statistic": "median"} | more  # fmt: skip


def figures(**changed):
    base = {name: entry(10.0, 8.0, 13.0, unit) for name, (_, unit) in HEADLINES.items()}
    base["warned_in_time_share"] = entry(0.91, 0.85, 0.96, "1")
    price = {"holds": "assumed range of the price"}
    base["network_cost_musd"] = entry(20.0, 5.0, 50.0, "million USD", **price)
    return base | changed


@pytest.fixture
def scenario():
    return SimpleNamespace(batteries=("b",), threats=(1, 2), study=SimpleNamespace(headline=PAIR), assumptions=())  # fmt: skip


def summary(difference=None, **changed):
    gap = figures(first_alert_s=entry(-7.5, -9.0, -6.0), lead_s=entry(5.0, -1.0, 11.0))
    gap["network_cost_musd"] |= {"value": 130.0, "low": 45.0, "high": 350.0}
    return {
        "architectures": {"new": figures(**changed), "old": figures()},
        "differences": {"new-old": gap | (difference or {})},
    }


def numbers(text):
    return re.findall(r"−?\d[\d,.]*\d|−?\d", text)


def test_both_languages_say_the_same_numbers(scenario):
    for english, japanese in answer.sentences(scenario, summary(), PAIR, LABELS):
        if "against each other" not in english:  # a raid is "1" raid in Japanese
            assert numbers(english) == numbers(japanese.replace("襲来1回", "襲来")), english


def test_the_word_carries_the_sign_of_a_difference_and_of_its_interval(scenario):
    said = [e for e, _ in answer.sentences(scenario, summary(), PAIR, LABELS)]
    (line,) = [s for s in said if s.startswith("New way minus old way")]
    assert "the alert 7.5 s earlier (6 to 9)" in line
    assert "in the middle raid the lead 5 s longer (1 shorter to 11 longer)" in line


def test_the_price_of_the_network_stands_beside_the_gain_with_its_range(scenario):
    said = " ".join(e for e, _ in answer.sentences(scenario, summary(), PAIR, LABELS))
    assert "the network costs +130 million USD a year (45 to 350, the assumed range)" in said
    assert "are not to be set off against each other" in said
    scenario.batteries = ()
    said = " ".join(e for e, _ in answer.sentences(scenario, summary(), PAIR, LABELS))
    assert "+130 million USD" in said
    assert "rounds" not in said


def test_a_median_that_never_came_is_told_by_the_share_of_threats(scenario):
    never = entry(None, note="value is plus infinity: never came", never_share=0.62)
    english, japanese = answer.sentences(scenario, summary(first_alert_s=never), PAIR, LABELS)[0]
    assert "no alert for 62\u00a0% of the threats" in english
    assert "62%" in japanese


def test_an_interval_that_is_open_or_missing_says_so():
    assert answer.span_words(entry(4.0)) == "no interval"
    assert answer.span_words(entry(4.0, low=2.0)) == "2 to never"
    assert answer.span_words(entry(4.0, high=9.0)) == "up to 9"
    assert answer.span_words(entry(None)) == ""
    assert answer.value_words(entry(None, note="value is minus infinity: x")) == "never warned"


ALIKE = {"method": SAME}


@pytest.mark.parametrize(("unit", "value"), [("s", 4.0), ("1", 1.0), ("people", 0.0)])
def test_raids_that_all_agree_have_words_instead_of_an_interval(unit, value):
    told = entry(value, value, value, unit, n=24, **ALIKE)
    assert answer.span_words(told) == brief.difference_span(told) == "the same in all 24 raids"
    assert str(sections.figure_cell(told, JAPANESE)).count("24回の襲来すべてで同じ") == 1


def test_no_difference_names_the_number_of_raids():
    none = entry(0.0, 0.0, 0.0, n=24, **ALIKE)
    assert str(brief.verdict("lead_s", none, ENGLISH)) == "no difference in 24 raids"
    assert str(brief.verdict("lead_s", none, JAPANESE)) == "24回の襲来すべてで差なし"


@pytest.mark.parametrize(("n", "word"), [(4, ""), (5, ""), (6, "better"), (24, "better")])
def test_a_difference_that_is_the_same_in_few_raids_is_no_verdict(n, word):
    """Six equal signs are the fewest with a two-sided p below 5 % (sign test): 2 / 2^6 = 0.031."""
    assert reads("lead_s", entry(3.0, 3.0, 3.0, n=n, **ALIKE)) == word


def test_a_change_that_is_the_same_in_all_raids_says_so_in_the_sentence(scenario):
    gap = {"first_alert_s": entry(-3.0, -3.0, -3.0, **ALIKE)}
    english, japanese = next(
        s
        for s in answer.sentences(scenario, summary(gap), PAIR, LABELS)
        if s[0].startswith("New way minus old way")
    )
    assert "the alert 3 s earlier (the same in all 30 raids)" in english
    assert "警報は3秒早くなる（30回の襲来すべてで同じ）" in japanese


def test_planned_satellites_are_said_first_and_in_the_difference(scenario):
    scenario.assumptions = load("okinawa-2025").assumptions
    (first, ja_first), *rest = answer.sentences(scenario, summary(), PAIR, LABELS)
    assert "28 planned low-orbit satellites (8 in orbit)" in first
    assert "Space Development Agency" in first
    assert "計画中の低軌道衛星28機を含む（軌道上は8機）" in ja_first
    assert "Space Development Agency" in ja_first
    (gap, ja_gap) = next(s for s in rest if s[0].startswith("New way minus old way"))
    assert (
        "raid by raid on the same draws, with 28 planned low-orbit satellites (8 in orbit): " in gap
    )
    assert "計画中の低軌道衛星28機を含む" in ja_gap


def test_a_range_that_is_assumed_is_never_read_as_chance():
    price = {"holds": "assumed range of the price", "unit": "million USD"}
    assert reads("network_cost_musd", entry(130.0, 45.0, 350.0) | price) == "more"
    assert reads("network_cost_musd", entry(40.0, -30.0, 145.0) | price) == "more or fewer"
    assert reads("network_cost_musd", entry(130.0, 0.0, 395.0) | price) == "more, or none"
    assert reads("lead_s", entry(4.0, -1.0, 9.0)) == "not told apart from zero"


@pytest.mark.parametrize("say", [ENGLISH, JAPANESE])
def test_every_key_figure_stands_with_interval_n_and_what_it_holds(scenario, say):
    told = summary()
    html = brief.key_table(scenario, told, PAIR, LABELS, say)
    shown = brief.key_names(scenario, told["architectures"]["new"])
    assert html.count('<th scope="row"') == len(shown) == 10
    assert html.count("<td>30</td>") == len(shown) - 1  # no raid adds to an assumed range
    assert html.count("<td>–</td>") == 1
    held = str(say("chance only"))
    assert html.count(f">{held}</td>") == len(shown) - 1
    assert html.count(f">{say('assumed range of the price')}</td>") == 1


def test_gain_and_price_are_two_lists_and_shares_are_points(scenario):
    told = summary({"warned_in_time_share": entry(0.021, 0.004, 0.038, "1")})
    gain, price = brief.cards(scenario, told, PAIR, ENGLISH)
    row = next(r for r in gain["rows"] if r["name"].startswith("warned in time"))
    assert (row["value"], row["interval"], row["n"]) == ("+2.1 <small>points</small>", "0.4 to 3.8", "30")  # fmt: skip
    assert next(r["name"] for r in price["rows"]) == "yearly price of the shared network"


def test_the_picture_draws_every_interval_where_it_is():
    mpl.use("agg")
    from matplotlib import pyplot as plt

    told = summary()["architectures"]
    drawn = answer_figures.key_panels(told, list(LABELS), LABELS, defended=True)
    try:
        axes = [a for a in drawn.axes if a.get_visible()]
        assert len(axes) == 6
        assert list(axes[0].lines[0].get_xdata()) == [8.0, 13.0]
        assert list(axes[2].lines[0].get_xdata()) == pytest.approx([85.0, 96.0])
    finally:
        plt.close(drawn)
    assert answer_figures.key_panels(
        {"old": {n: entry(None) for n in HEADLINES}}, ["old"], LABELS, defended=True
    ) is None  # fmt: skip


def luminance(colour):
    """Relative luminance of WCAG 2.1, of #rgb or #rrggbb."""
    digits = colour.lstrip("#")
    digits = "".join(2 * c for c in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255.0 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_words_stand_out_from_their_ground_in_light_and_in_dark():
    """Contrast 4.5:1 and more for words, on the page and on its washed parts (WCAG 2.1, 1.4.3)."""
    css = (resources.files("hinomi") / "data" / "templates" / "report.css").read_text("utf-8")
    palettes = re.findall(r":root \{([^}]*)\}", css)[:2]
    assert len(palettes) == 2
    for text in palettes:
        colour = dict(re.findall(r"--([\w-]+):(#[0-9a-f]+)", text))
        for ink in ("ink", "soft", "accent"):
            for ground in ("paper", "wash"):
                bright, dark = sorted((luminance(colour[ink]), luminance(colour[ground])))[::-1]
                assert (bright + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)
        for ground in ("guess", "good"):
            bright, dark = sorted((luminance(colour["ink"]), luminance(colour[ground])))[::-1]
            assert (bright + 0.05) / (dark + 0.05) >= 4.5, ground


@pytest.mark.parametrize(
    ("low", "high", "words", "japanese"),
    [(8.0, None, "8 to never", "8以上"), (None, 13.0, "up to 13", "13以下"), (None, None, "no interval", "区間なし")],
)  # fmt: skip
def test_an_interval_with_one_end_says_that_end_everywhere(scenario, low, high, words, japanese):
    told = entry(10.0, low, high)
    assert answer.span_words(told) == brief.difference_span(told) == words
    assert words in sections.figure_cell(told, ENGLISH)
    gap = summary({"first_alert_s": told})
    (pair,) = sections.pair_tables(
        {**gap, "architectures": {"new": {}, "old": {}}, "differences": gap["differences"]},
        SimpleNamespace(architectures={}, study=scenario.study), LABELS, ENGLISH,
    )  # fmt: skip
    assert words in pair["table"]
    (line,) = [s for s in answer.sentences(scenario, gap, PAIR, LABELS) if "minus old way" in s[0]]
    assert words in line[0].partition("in the middle raid the lead")[0]
    assert japanese in line[1].partition("余裕")[0]


@pytest.mark.parametrize(("ratio", "words"), [(0.05, "95 %"), (1.2, "-20 %"), (None, "–")])
def test_a_difference_says_what_the_same_draws_saved(scenario, ratio, words):
    """One minus paired over unpaired variance; dearer draws are told too."""
    gap = summary({"first_alert_s": {**entry(10.0, 8.0, 12.0), "variance_ratio": ratio}})
    for say, head in ((ENGLISH, "saved"), (JAPANESE, "節約")):
        (pair,) = sections.pair_tables(
            {**gap, "architectures": {"new": {}, "old": {}}, "differences": gap["differences"]},
            SimpleNamespace(architectures={}, study=scenario.study), LABELS, say,
        )  # fmt: skip
        assert f">{words}<" in pair["table"]
        assert head in pair["table"]


def test_an_open_interval_of_a_share_is_in_the_unit_of_its_table():
    share = entry(0.4, None, 0.5, "1")
    assert brief.difference_span(share) == "up to 50"
    assert "up to 0.5" in sections.figure_cell(share, ENGLISH)
    assert JAPANESE.cell("up to 50") == "50以下"


@pytest.mark.parametrize("named", [["new", "old"], ["old", "new"]])
def test_the_answer_speaks_of_the_pair_that_the_run_compares(scenario, named):
    assert answer.compared(scenario, named, ["new-old"]) == ("new", "old")
    assert answer.compared(scenario, named, ["old-new"]) == ("old", "new")  # asked for so
    assert answer.compared(scenario, named) == PAIR


def test_a_launch_at_which_nobody_fires_has_no_sentence_on_leakers(scenario):
    quiet = entry(0.0, 0.0, 0.0, "rounds", method=SAME)
    told = summary(shots=quiet, lead_s=entry(None, note="not defined in any replicate"))
    told["architectures"]["old"]["shots"] = quiet
    said = [e for e, _ in answer.sentences(scenario, told, PAIR, LABELS)]
    assert not any("shot down" in line or "leakers" in line for line in said)
    assert "alerted without need: 10\u00a0people" in said[0]
    names = brief.key_names(scenario, told["architectures"]["new"])
    assert {"first_detection_s", "over_warned_people"} <= set(names)
    assert not {"leakers", "missed_people", "refill_months"} & set(names)


def test_a_share_shows_the_decimals_that_its_difference_needs():
    share = entry(0.9641, 0.945, 0.9765, "1")
    assert answer.value_words(share) == "96\u00a0%"
    assert answer.value_words(share, beside=entry(0.0017, 0.0007, 0.0047, "1")) == "96.4\u00a0%"


def test_an_architecture_has_one_colour_wherever_it_is_drawn():
    four = style_of(["national", "shared_warning", "shared_track", "integrated"])
    two = style_of(["integrated", "shared_warning", "mine"])
    assert two["integrated"] == four["integrated"]
    assert two["shared_warning"] == four["shared_warning"]
    assert len(set(two.values())) == 3


def test_both_sides_of_a_small_difference_show_it_in_the_sentences(scenario):
    gap = {"warned_in_time_share": entry(0.0017, 0.0007, 0.0047, "1")}
    told = summary(gap, warned_in_time_share=entry(0.9641, 0.945, 0.9765, "1"))
    said = [e for e, _ in answer.sentences(scenario, told, PAIR, LABELS)]
    assert "96.4\u00a0% (94.5 to 97.7\u00a0%) of them" in said[0]
    assert any("91.0\u00a0% (85.0 to 96.0\u00a0%) of them" in line for line in said[1:])


def test_people_are_whole_and_a_share_that_never_varies_has_no_false_decimal():
    assert answer.value_words(entry(27.3, unit="people")) == "27\u00a0people"
    assert answer.span_words(entry(27.3, 12.4, 40.6, "people")) == "12 to 41"
    assert answer.value_words(entry(0.4, unit="people")) == "0.4\u00a0people"
    assert answer.value_words(entry(1.62, unit="bodies")) == "1.62"
    assert answer.value_words(entry(1.0, 1.0, 1.0, "1", **ALIKE)) == "100\u00a0%"


def test_a_figure_that_few_raids_carry_says_so_beside_it(scenario):
    few = entry(0.00165, -0.0002, 0.004, "1", n=24, carried_by=3)
    told = summary({"warned_in_time_share": few})
    words = "3 of 24 raids carry this figure"
    assert brief.key_table(scenario, told, PAIR, LABELS, ENGLISH).count(words) == 1
    gain, _ = brief.cards(scenario, told, PAIR, JAPANESE)
    (row,) = [r for r in gain["rows"] if r["few"]]
    assert row["few"] == "24回の襲来のうち3回による値"
    assert str(sections.figure_cell(few, ENGLISH)).count(words) == 1


def test_the_table_of_island_groups_has_the_intervals_of_the_summary():
    """Means over all raids where nobody there was concerned in some; medians over those concerned."""
    more = {
        "lead_s.kume": entry(500.0, 420.0, 580.0, n=6),
        "warned_in_time_share.kume": entry(0.8, 0.6, 1.0, "1", n=6),
    }
    metrics = pa.table(
        {
            "replicate": list(range(6)), "architecture": ["old"] * 6,
            "metric": ["people_in_need.kume"] * 6, "value": [80.0, 90.0, 100.0, 90.0, 60.0, 60.0],
        }
    )  # fmt: skip
    study = SimpleNamespace(
        summary=lambda: {"more": {"old": more, "new": {}}, "replicates": 8},
        table={"metrics": metrics}.get,
    )
    for say, words in ((ENGLISH, ("420 to 580", "60 to 100")), (JAPANESE, ("420～580", "60～100"))):
        html = str(sections.group_table(["kume"], study, LABELS, say))
        for part in ("<td>6</td>", "500\u00a0s", "80\u00a0%", "<td>–</td>", *words):
            assert part in html
        assert "<td>60<span" in html  # 480 people over eight raids
    expected = skew_interval(np.array([80.0, 90.0, 100.0, 90.0, 60.0, 60.0, 0.0, 0.0]))
    assert f"{expected.low:.0f} to {expected.high:.0f}" in str(
        sections.group_table(["kume"], study, LABELS, ENGLISH)
    )
