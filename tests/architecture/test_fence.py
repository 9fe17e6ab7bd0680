"""The scope fence: what this project does not do, kept by tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hinomi.errors import FenceError, ScenarioError
from hinomi.records.alerts import Alerts
from hinomi.scenario.load import load, load_text

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "hinomi"
SMALL = (ROOT / "tests" / "unit" / "scenario" / "small_scenario.toml").read_text(encoding="utf-8")


def edited(old: str, new: str) -> str:
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


# --- what a scenario may say ---------------------------------------------------------------------


@pytest.mark.parametrize("finer", ["26.21", "26.15", "{ value = 26.2001 }"])
def test_aims_finer_than_a_tenth_of_a_degree_are_refused(finer):
    with pytest.raises(FenceError, match=r"rounded to 0\.1 deg"):
        load_text(edited("lat_deg = 26.2, lon_deg", f"lat_deg = {finer}, lon_deg"), "mine")


def test_no_solver_tolerance_below_a_kilometre():
    text = edited("apogee_low_km = 300", "tolerance_km = 0.5\napogee_low_km = 300")
    with pytest.raises(ScenarioError, match=r"tolerance_km.*given: 0\.5; limit: at least 1"):
        load_text(text, "mine")


@pytest.mark.parametrize("status", ["Actual", "actual", "ACTUAL", "System", ""])
def test_only_exercise_and_test_messages_exist(status):
    with pytest.raises(FenceError, match="only Exercise and Test"):
        load_text(SMALL + f'\n[warning]\nstatus = "{status}"\n', "mine")
    with pytest.raises(FenceError, match="only Exercise and Test"):
        load("okinawa-2025", changes={"warning.status": status})
    with pytest.raises(ValueError, match="only Exercise or Test"):
        Alerts(
            status=status,
            units=(),
            track=[],
            kind=[],
            route=[],
            t_ready_s=[],
            t_issue_s=[],
            covers=[[]],
        )


@pytest.mark.parametrize("status", ["Exercise", "Test"])
def test_exercise_and_test_pass(status):
    assert load_text(SMALL + f'\n[warning]\nstatus = "{status}"\n', "mine").policy.status == status


@pytest.mark.parametrize(
    "key",
    ["guidance", "seeker", "autopilot", "fuze", "warhead", "miss_distance_m", "navigation_gain"],
)
def test_batteries_and_interceptors_know_no_inner_workings(key):
    with pytest.raises(ScenarioError, match=f"{key}: unknown key"):
        load_text(edited("channels = 4", f"channels = 4\n{key} = 1"), "mine")
    with pytest.raises(ScenarioError, match=f"{key}: unknown key"):
        load_text(SMALL + f"\n[catalogue.interceptor.terminal_low]\n{key} = 1\n", "mine")


@pytest.mark.parametrize(
    "key", ["yield_kt", "warhead", "decoys", "accuracy_m", "objective", "avoid"]
)
def test_threats_know_no_effect_and_no_purpose(key):
    with pytest.raises(ScenarioError, match=f"{key}: unknown key"):
        load_text(edited("apogee_low_km = 300", f"{key} = 1\napogee_low_km = 300"), "mine")


# --- what a study may vary -----------------------------------------------------------------------

CLOSED = [
    "threats[glider].apogee_low_km",
    "threats[glider].arc.distance_low_km",
    "threats[glider].arc.bearing_high_deg",
    "threats[glider].bank.angle_deg",
    "threats[*].class",
    "threats[glider].aims",
    "threats[glider].aims[Ishigaki].lat_deg",
    "threats[0].arc",
    "threats",
    "threats[glider]",
    "area.centre_lat_deg",
    "catalogue.threat.glider_regional.lift_to_drag",
    "catalogue.threat.glider_regional.stages",
    "catalogue.threat[glider_regional].beta_kg_m2",
    "catalogue.threat",
    "catalogue[*].glider_regional",
    "catalogue[*][*].title",
]


@pytest.mark.parametrize("key", CLOSED)
def test_what_is_flown_cannot_be_varied_and_the_reason_is_given(key):
    with pytest.raises(
        FenceError, match=r"outside the scope of this project.*no result ranks them"
    ):
        load("okinawa-2025", changes={key: 1})


@pytest.mark.parametrize("key", CLOSED)
def test_nor_by_a_variant_of_ones_own(key):
    variant = f'\n[[variants]]\nname = "v"\ntitle = "t"\n[variants.changes]\n"{key}" = 1\n'
    with pytest.raises(FenceError, match="outside the scope of this project"):
        load_text(SMALL + variant, "mine")


@pytest.mark.parametrize(
    "changes",
    [
        {"threats[glider].count": 2},
        {"threats[*].start_low_s": 10, "threats[*].start_high_s": 100},
        {"threats[*].burn_spread": 0.2},
        {"catalogue.threat.glider_regional.view_factor": 0.8},
        {"catalogue.threat[*].rcs_body_m2": 0.2},
    ],
)
def test_raid_size_timing_uncertainty_and_signature_stay_open(changes):
    assert load("okinawa-2025", changes=changes).content_hash != load("okinawa-2025").content_hash


def test_a_scenarios_own_text_may_say_what_is_flown():
    assert (
        load_text(edited("apogee_low_km = 300", "apogee_low_km = 290"), "mine")
        .threats[0]
        .apogee_low_m
        == 290e3
    )


# --- what the code may hold ----------------------------------------------------------------------

# Names and types of what comes out of a study, and of what goes into a flight.
_METRIC = re.compile(
    r"leak|outcome|warned|alert|detect|shelter|lead_s|metric|engage|objective|reward|score|loss_|fitness|Callable"
    r"|\b(Plots|Tracks|Forecasts|Alerts|Warned|Engagements|Ledger)\b",
    re.IGNORECASE,
)
_THREAT = re.compile(
    r"\b(Threat|ThreatClass|ThreatGroup|BodyClass|Reach)\b|\b(kick|apogee|bank|aim)_"
)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def turns_metrics_into_threats(function: ast.FunctionDef) -> bool:
    """Whether a signature takes a result of a study and gives parameters of a threat."""
    if function.returns is None:
        return False
    gives = f"{ast.unparse(function.returns)} {function.name}"
    args = function.args
    takes = [*args.posonlyargs, *args.args, *args.kwonlyargs]
    words = " ".join(
        a.arg + " " + (ast.unparse(a.annotation) if a.annotation else "") for a in takes
    )
    return bool(_THREAT.search(gives)) and bool(_METRIC.search(words))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def worst(plots: Plots) -> Threat: ...", True),
        ("def best(leakage: float) -> tuple[ThreatClass, ...]: ...", True),
        ("def search(f: Callable[[Threat], float]) -> list[Threat]: ...", True),
        ("def apogee_for(lead_s: float) -> float: ...", True),
        ("def fly(threats: Sequence[Threat], *, draws: Draws) -> Flights: ...", False),
        ("def reach(body: Floats, *, apogee_m: float) -> Reach: ...", False),
    ],
)
def test_the_search_for_signatures_finds_what_it_should(text, found):
    (function,) = functions(ast.parse(text))
    assert turns_metrics_into_threats(function) is found


def test_no_public_function_turns_a_result_into_threat_parameters():
    seen, wrong = 0, []
    for file in sorted(SOURCE.rglob("*.py")):
        for function in functions(ast.parse(file.read_text(encoding="utf-8"))):
            seen += 1
            if turns_metrics_into_threats(function):
                wrong.append(f"{file.relative_to(ROOT)}: {function.name}")
    assert seen > 50
    assert wrong == []


@pytest.mark.parametrize("folder", ["threat", "flight"])
def test_flight_offers_no_callback_and_imports_no_optimiser_or_later_link(folder):
    files = sorted((SOURCE / folder).glob("*.py"))
    assert len(files) > 1
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom | ast.Import):
                names = ast.unparse(node)
                assert not re.search(
                    r"scipy\.optimize|differential_evolution|minimize|Callable", names
                ), (file, names)
                assert not re.search(r"hinomi\.(watch|track|warn|defend|sustain|study)", names), (
                    file,
                    names,
                )


# Ideas outside the fence, as phrases of text and as parts of names in code.
BANNED_PHRASES = (
    "proportional navigation",
    "augmented navigation",
    "zero effort miss",
    "zero-effort miss",
    "divert thruster",
    "divert motor",
    "fuze delay",
    "proximity fuze",
    "seeker gain",
    "seeker model",
    "autopilot gain",
    "guidance gain",
    "guidance command",
    "lethal radius",
    "lethality model",
    "warhead yield",
    "blast radius",
    "damage radius",
    "circular error probable",
    "penetration aid",
    "optimal attack",
    "attack optimi",
    "best attack",
    "saturate the defen",
    "evasive manoeuvre plan",
    "fire-control message",
    "launch authority code",
)
BANNED_NAMES = re.compile(
    r"(^|_)(seeker|fuze|fuse_delay|warhead|autopilot|guidance|lethality|lethal|yield_kt)(_|$)"
    r"|(^|_)(cep_m|divert|decoy|penaid)(_|$)"
    r"|proportional_navigation|(optimi[sz]e|maximi[sz]e|minimi[sz]e|rank|sort)_(raid|attack|threat|leak|penetration)",
    re.IGNORECASE,
)


def test_no_text_speaks_of_what_lies_outside_the_fence():
    files = [
        *SOURCE.rglob("*.py"),
        *SOURCE.rglob("*.toml"),
        *SOURCE.rglob("*.j2"),
        *SOURCE.rglob("*.html"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "examples").rglob("*.py"),
        ROOT / "README.md",
    ]
    assert len(files) > 50
    for file in files:
        text = " ".join(file.read_text(encoding="utf-8").lower().split())
        found = [p for p in BANNED_PHRASES if p in text]
        assert not found, (file, found)


def test_no_name_in_the_code_lies_outside_the_fence():
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names = [node.name]
            elif isinstance(node, ast.arg):
                names = [node.arg]
            elif isinstance(node, ast.Name):
                names = [node.id]
            elif isinstance(node, ast.Attribute):
                names = [node.attr]
            for name in names:
                assert not BANNED_NAMES.search(name), (file, name)


def test_the_list_of_names_is_alive():
    for name in ("seeker_gain", "warhead", "optimise_raid", "rank_threats", "minimize_leak"):
        assert BANNED_NAMES.search(name), name


def test_no_code_can_say_actual():
    """The status of a real message is no string of the package."""
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value != "Actual", file
