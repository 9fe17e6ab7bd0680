"""Everything that the template of the report shows, gathered from a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from markupsafe import Markup

from hinomi import __version__
from hinomi.report import answer, beside, brief, named, scores, sections
from hinomi.report import data as report_data
from hinomi.report.calibration import calibration_section
from hinomi.report.data import number
from hinomi.report.people import people_section
from hinomi.report.pictures import band_picture, picture, pictures
from hinomi.report.tongue import Tongue
from hinomi.report.tracking import tracking_section
from hinomi.report.words import CAPTIONS, LIMITS, WORDS, meaning
from hinomi.scenario.load import load_text
from hinomi.scenario.model import Scenario
from hinomi.scenario.places_region import places_of
from hinomi.study import unlanded
from hinomi.study.banner import banner, vintage_lines
from hinomi.study.results import Results
from hinomi.units import KM_M

LEAST_PEOPLE_SHARE: Final = (
    0.0005  # groups with fewer of the people in need are left to the table of places
)
Told = dict[str, Any]


def page_content(study: Results, say: Tongue) -> Told:
    """Texts, tables and pictures of a run's report in the languages asked for."""
    plan, summary = study.plan, study.summary()
    scenario = load_text(plan.text, plan.scenario, changes=plan.changes, variant=plan.variant)
    labels = {name: name.replace("_", " ") for name in plan.architectures}
    shown = banner("study", reconstruction=bool(scenario.facts))
    content = {
        "t": say,
        "language": say.language,
        "version": __version__,
        "banner": shown,
        "scenario": scenario,
        "variant": plan.variant,
        "n": int(summary["replicates"]),
        "stopped": summary.get("stopped", {}).get("words", ""),
        "seed": summary["seed"],
        "epoch": f"{scenario.epoch:%Y-%m-%d %H:%M} UTC",
        "architectures": list(labels),
        "captions": {name: say(text) for name, text in CAPTIONS.items()},
        "words": {name: say(text) for name, text in WORDS.items()},
        "limits": [say(line) for line in LIMITS],
        "buffer_km": number(scenario.buffer_m / KM_M),
        **_first_screen(study, scenario, summary, labels, say, shown.text),
        **_evidence(study, scenario, summary, labels, say, shown.text),
    }
    content["sections"] = [(key, say(name)) for key, name in _sections(content)]
    return content


def _first_screen(
    study: Results,
    scenario: Scenario,
    summary: Mapping[str, Any],
    labels: Mapping[str, str],
    say: Tongue,
    banner_text: str,
) -> Told:
    pair = answer.compared(scenario, list(labels), list(summary["differences"]))
    moved = beside.sensitivity_beside(study, pair)
    about_bands, unreadable = None, False
    try:
        about_bands = _bands(moved, say, banner_text) if moved else None
        carrying = named.assumption_table(scenario, moved, say, pair=pair)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        # The file lies beside the run and may be anybody's: the report is whole without it.
        about_bands, unreadable = None, True
        carrying = named.assumption_table(scenario, None, say, pair=pair)
    return {
        "sentences": [
            say.pair(*s)
            for s in (*answer.sentences(scenario, summary, pair, labels), *_cut_short(summary))
        ],
        "cards": brief.cards(scenario, summary, pair, say),
        "compared": [say(labels[a]) for a in dict.fromkeys(pair)],
        "differs": f"{pair[0]}-{pair[1]}" in summary["differences"],
        "key_table": brief.key_table(scenario, summary, pair, labels, say),
        "named": carrying,
        "bands": about_bands,
        "unreadable": unreadable,
        "meanings": [
            (say(label), say(meaning(scenario.architectures[a]))) for a, label in labels.items()
        ],
    }


def _cut_short(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Whether the computation ended before every body landed, in both languages."""
    mean = unlanded.bodies_a_raid(summary)
    if mean <= 0.0:
        return []
    japanese = (
        f"計算の打ち切り：終了時刻（study.t_end_s）に、1回の襲来につき{mean:.3g}体がまだ飛翔中だった。"
        "これらは「迎撃されなかった数」に入り、その後の射撃は計算されていない。"
        "数を引用する前にstudy.t_end_sを延ばすこと。"
    )
    return [(unlanded.words(summary), japanese)]


def _bands(moved: Mapping[str, Any], say: Tongue, banner_text: str) -> Told:
    rows = beside.bands(moved)
    return {
        "hangs": beside.hanging(moved, say),
        "table": beside.band_table(moved, say) if rows else Markup(""),
        "picture": band_picture(rows, banner_text),
        "n": moved["replicates"],
    }


def _evidence(
    study: Results,
    scenario: Scenario,
    summary: Mapping[str, Any],
    labels: Mapping[str, str],
    say: Tongue,
    banner_text: str,
) -> Told:
    n = study.plan.replicates
    places = places_of(scenario.places)
    leads, groups = report_data.leads_by_group(study.table("warned"), places, list(labels))
    people = {g: float(leads[g, next(iter(labels))][1].sum()) for g in groups}
    wide = [g for g in groups if people[g] >= LEAST_PEOPLE_SHARE * sum(people.values())]
    reasons = report_data.reasons(study.table("engagements"), list(labels), n)
    tracking = tracking_section(summary, list(labels), labels, say)
    checks = report_data.check_rows(summary, labels)
    calibration = calibration_section(say=say)
    return {
        "figures": pictures(study, scenario, leads, wide, labels, banner_text),
        "replay": sections.replay_table(study, scenario, say) if scenario.facts else None,
        "replay_source": " ".join(sorted({f"{f.source}." for f in scenario.facts if f.source})),
        "groups": sections.group_table(groups, study, labels, say) if groups else None,
        "people": _people(study, scenario, labels, say, banner_text),
        "reasons": sections.reason_table(reasons, say) if scenario.batteries else None,
        "tracking": tracking
        | ({} if tracking["absent"] else scores.tracking_tables(tracking, say)),
        "calibration": calibration | {"table": scores.calibration_table(calibration, say)},
        "headlines": sections.headline_table(summary, labels, say),
        "checks": sections.check_table(checks, say) if checks else None,
        "checks_why": checks[0]["why"] if checks else "",
        "pairs": sections.pair_tables(summary, scenario, labels, say),
        "companions": sections.companion_table(study, scenario, say),
        "assumptions": sections.assumption_blocks(scenario, say),
        "vintage": vintage_lines(
            places.vintage,
            scenario=scenario.name,
            scenario_hash=scenario.content_hash[:12],
            version=__version__,
        ),
    }


def _people(
    study: Results, scenario: Scenario, labels: Mapping[str, str], say: Tongue, banner_text: str
) -> Told:
    """The section on people, its picture as SVG."""
    import matplotlib as mpl

    from hinomi.report import figures

    mpl.use("Agg")
    with mpl.rc_context(figures.THEME):
        places = places_of(scenario.places)
        told = people_section(study, places, scenario.policy, list(labels), labels, say=say)
        drawn = told["figure"]
        shown = picture(drawn, "people", banner_text) if drawn else Markup("")
    return told | {"figure": shown}


def _sections(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    every = [
        ("answer", "Answer", True),
        ("bands", "Chance and assumptions", content["bands"]),
        ("named", "Assumptions", True),
        ("replay", "Public record", content["replay"]),
        ("map", "Map", True),
        ("timeline", "Timeline", True),
        ("lead", "Lead times", True),
        ("people", "People", True),
        ("defence", "Defence", content["figures"]["leakage"]),
        ("tracking", "Tracking", True),
        ("calibration", "Forecasts", True),
        ("headlines", "Figures", True),
        ("checks", "Check", content["checks"]),
        ("differences", "Integration", content["pairs"]),
        ("companions", "Other assumptions", content["companions"]),
        ("assumptions", "All numbers", True),
        ("limits", "Limits", True),
    ]
    return [(key, name) for key, name, there in every if there]
