"""What a user asks of one flight: five forms, checked before anything flies."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from hinomi.errors import ScenarioError
from hinomi.export import option_values
from hinomi.export.body_classes import GLIDER, Chosen, Input, choose, plain, replaced, told
from hinomi.export.flight_ground import EARTHS, WGS84, Ground
from hinomi.records.flights import (
    BALLISTIC_KIND,
    CRUISE_KIND,
    EQUILIBRIUM_LAW,
    GLIDE_KIND,
    LAUNCHER_KIND,
    LIFT_LAWS,
    QUASI_BALLISTIC_KIND,
    SKIP_LAW,
    ThreatClass,
)
from hinomi.units import DEG_RAD, KM_M

REACH, LAUNCH, STATE, MINIMUM_ENERGY, CRUISE = (
    "reach",
    "launch",
    "state",
    "minimum_energy",
    "cruise",
)
# What each form must have and may have besides the options of all forms.
MUST: Final = {
    REACH: ("CLASS", "--from", "--to", "--apogee-km"),
    LAUNCH: ("CLASS", "--from", "--azimuth-deg", "--kick-deg"),
    STATE: ("--speed-km-s", "--from", "--azimuth-deg"),
    MINIMUM_ENERGY: ("--minimum-energy-km", "--from", "--azimuth-deg"),
    CRUISE: ("CLASS", "--from", "--to"),
}
MAY: Final = {
    REACH: ("--bank",),
    LAUNCH: ("--cutoff-s", "--fails-at-s", "--bank"),
    STATE: ("CLASS", "--angle-deg", "--height-km", "--beta-kg-m2", "--lift-to-drag", "--law", "--bank"),
    MINIMUM_ENERGY: ("CLASS", "--beta-kg-m2"),
    CRUISE: ("--via",),
}  # fmt: skip
ALWAYS: Final = ("--earth", "--no-atmosphere", "--density-factor")
WAYS: Final = """say what to fly:
  hinomi fly CLASS --from LAT,LON --to LAT,LON --apogee-km H
  hinomi fly CLASS --from LAT,LON --azimuth-deg B --kick-deg K
  hinomi fly [CLASS] --speed-km-s V --angle-deg G --from LAT,LON --azimuth-deg B --beta-kg-m2 C
  hinomi fly --minimum-energy-km D --from LAT,LON --azimuth-deg B --no-atmosphere
  hinomi fly CLASS --from LAT,LON --to LAT,LON [--via LAT,LON]   (cruise classes)
`hinomi fly --classes` lists the classes"""
FARTHEST_KM: Final = 20_000.0  # 15 km short of the antipode, where every direction leads
NEVER_USED: Final = 1.0  # ballistic coefficient of a body without air
LIFTS: Final = (GLIDE_KIND, QUASI_BALLISTIC_KIND)
Place = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One flight to be computed; what a form does not have is NaN or empty."""

    form: str
    title: str
    threat_class: ThreatClass
    of_catalogue: bool
    inputs: tuple[Input, ...]
    ground: Ground
    air: bool
    density_factor: float
    lat_rad: float
    lon_rad: float
    to_rad: Place = (math.nan, math.nan)
    via_rad: tuple[Place, ...] = ()
    apogee_m: float = math.nan
    azimuth_rad: float = math.nan
    kick_rad: float = math.nan
    cutoff_s: float = math.inf
    fails_at_s: float = math.inf
    speed_mps: float = math.nan
    angle_rad: float = math.nan
    height_m: float = math.nan
    range_m: float = math.nan
    bank_schedule: tuple[tuple[float, float], ...] = ()


Given = Mapping[str, str | None]


def ask(class_name: str | None, given: Given, *, via: tuple[str, ...], no_air: bool) -> Asked:
    """Read the options of one flight.

    Parameters
    ----------
    class_name
        a class of the catalogue, or None.
    given
        texts by option (`--from` ...), None where not given.
    via
        `LAT,LON` between start and aim, in order.
    no_air
        `--no-atmosphere`.

    Raises
    ------
    ScenarioError
        when options contradict one another, are missing, or a value cannot be.
    FenceError
        when an aim is finer than 0.1 degree.
    """
    texts = {k: v for k, v in given.items() if v is not None}
    chosen = None if class_name is None else choose(class_name)
    form = _form(texts, chosen)
    here = set(texts) | ({"CLASS"} if chosen else set()) | ({"--via"} if via else set())
    here |= {"--no-atmosphere"} if no_air else set()
    _complete(form, here)
    earth = texts.get("--earth", WGS84)
    if earth not in EARTHS:
        raise ScenarioError(f"--earth is {earth!r}; it is one of {', '.join(EARTHS)}")
    density = 1.0
    if "--density-factor" in texts:
        if no_air:
            raise ScenarioError(
                "--density-factor and --no-atmosphere exclude one another: drop one"
            )
        density = _n(texts, "--density-factor", "", above=0.0, high=10.0)
    lat, lon = option_values.place("--from", texts["--from"])
    azimuth = math.nan
    if "--azimuth-deg" in texts:
        azimuth = _n(texts, "--azimuth-deg", "degrees", low=0.0, high=360.0) * DEG_RAD
    if form in (STATE, MINIMUM_ENERGY):
        chosen_now = _body(texts, chosen)
    else:
        assert chosen is not None  # noqa: S101 - `_complete` has seen to it
        chosen_now = chosen
    asked = Asked(
        form=form,
        title=chosen_now.title,
        threat_class=chosen_now.threat_class,
        of_catalogue=chosen is not None,
        inputs=chosen_now.inputs,
        ground=Ground(earth=earth),
        air=not no_air,
        density_factor=density,
        lat_rad=lat * DEG_RAD,
        lon_rad=lon * DEG_RAD,
        azimuth_rad=azimuth,
        bank_schedule=_banks(texts, chosen_now.threat_class),
    )
    return _with_beta(_of_form(asked, texts, via))


def _form(texts: Given, chosen: Chosen | None) -> str:
    cruises = chosen is not None and chosen.threat_class.kind == CRUISE_KIND
    marks = {
        "--minimum-energy-km": MINIMUM_ENERGY,
        "--speed-km-s": STATE,
        "--kick-deg": LAUNCH,
        "--to": CRUISE if cruises else REACH,
    }
    found = [option for option in marks if option in texts]
    if len(found) > 1:
        raise ScenarioError(
            f"{' and '.join(found)} contradict one another: each asks for another flight; keep one"
        )
    if not found:
        raise ScenarioError(WAYS)
    form = marks[found[0]]
    if cruises and form != CRUISE:
        raise ScenarioError(
            f"{chosen.threat_class.name} cruises along the ground: give --from and --to "  # type: ignore[union-attr]
            f"instead of {found[0]}"
        )
    launcher = chosen is not None and chosen.threat_class.kind == LAUNCHER_KIND
    if launcher and form == REACH:
        raise ScenarioError(
            f"{chosen.threat_class.name} is a space launcher, flown as told and not towards a "  # type: ignore[union-attr]
            "place: give --azimuth-deg and --kick-deg instead of --to"
        )
    return form


def _complete(form: str, here: set[str]) -> None:
    what = f"a flight by {MUST[form][0] if MUST[form][0] != 'CLASS' else MUST[form][-1]}"
    missing = [option for option in MUST[form] if option not in here]
    if missing:
        raise ScenarioError(f"{what} needs {' and '.join(missing)}\n{WAYS}")
    extra = sorted(here - set(MUST[form]) - set(MAY[form]) - set(ALWAYS))
    if extra:
        raise ScenarioError(
            f"{' and '.join(extra)} has no meaning in {what}; it takes "
            f"{', '.join((*MUST[form], *MAY[form], *ALWAYS))}"
        )


def _n(
    texts: Given,
    option: str,
    unit: str,
    *,
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
) -> float:
    text = texts[option]
    assert text is not None  # noqa: S101 - the caller has looked
    return option_values.number(option, text, unit=unit, low=low, high=high, above=above)


def _banks(texts: Given, body: ThreatClass) -> tuple[tuple[float, float], ...]:
    text = texts.get("--bank")
    if text is None:
        return ()
    if body.kind not in LIFTS:
        raise ScenarioError(
            f"--bank is for a body that lifts; {body.name} is {body.kind}: leave it out, "
            "or give --lift-to-drag"
        )
    most_deg = round(body.bank_limit_rad / DEG_RAD, 6)
    return tuple(
        (t, b * DEG_RAD) for t, b in option_values.banks("--bank", text, most_deg=most_deg)
    )


def _body(texts: Given, chosen: Chosen | None) -> Chosen:
    """Body of a flight from a state: of the class, of the options, the options first."""
    base = chosen or Chosen(
        title="A body of given numbers",
        threat_class=plain("body", kind=BALLISTIC_KIND, beta_kg_m2=math.nan),
        inputs=(),
    )
    body = base.threat_class
    inputs = tuple(i for i in base.inputs if ".stages[" not in i.name)  # no booster flies
    if "--lift-to-drag" in texts:
        ratio = _n(texts, "--lift-to-drag", "", above=0.0, high=10.0)
        if body.kind not in LIFTS:
            body, more = _as_glider(body)
            inputs = (*inputs, *more)
        body = replace(body, lift_to_drag=ratio)
        inputs = replaced(inputs, "lift_to_drag", told("--lift-to-drag", ratio, "1"))
    if "--law" in texts:
        law = texts["--law"]
        if law not in LIFT_LAWS:
            raise ScenarioError(f"--law is {law!r}; it is one of {', '.join(LIFT_LAWS)}")
        if body.kind not in LIFTS:
            raise ScenarioError("--law is for a body that lifts: give --lift-to-drag with it")
        body = replace(body, lift_law=SKIP_LAW if law == SKIP_LAW else EQUILIBRIUM_LAW)
    if "--beta-kg-m2" in texts:
        beta = _n(texts, "--beta-kg-m2", "kg/m2", low=1.0, high=1e6)
        body = replace(body, beta_kg_m2=beta)
        inputs = replaced(inputs, "beta_kg_m2", told("--beta-kg-m2", beta, "kg/m2"))
    return Chosen(title=base.title, threat_class=body, inputs=inputs)


def _with_beta(asked: Asked) -> Asked:
    """See to it that a body in air has a ballistic coefficient."""
    if not math.isnan(asked.threat_class.beta_kg_m2):
        return asked
    if asked.air:
        raise ScenarioError(
            "a flight through air needs a ballistic coefficient: give --beta-kg-m2 C or a "
            "CLASS, or fly with --no-atmosphere"
        )
    return replace(asked, threat_class=replace(asked.threat_class, beta_kg_m2=NEVER_USED))


def _as_glider(body: ThreatClass) -> tuple[ThreatClass, tuple[Input, ...]]:
    """Let a body lift: what numbers alone do not say is taken from the catalogue's glider."""
    like = choose(GLIDER)
    names = ("glide_below_m", "terminal_speed_mps", "scale_height_m", "damping_per_s", "bank_limit_rad")  # fmt: skip
    keys = ("glide_below_km", "terminal_speed_km_s", "scale_height_km", "damping_per_s", "bank_limit_deg")  # fmt: skip
    taken = {name: getattr(like.threat_class, name) for name in names}
    inputs = tuple(i for i in like.inputs if i.name.rsplit(".", 1)[-1] in keys)
    return replace(body, kind=GLIDE_KIND, **taken), inputs


def _of_form(asked: Asked, texts: Given, via: tuple[str, ...]) -> Asked:
    """Add what only this form has."""
    if asked.form in (REACH, CRUISE):
        asked = replace(asked, to_rad=_aim("--to", texts["--to"]))
        if asked.form == CRUISE:
            return replace(asked, via_rad=tuple(_aim("--via", v) for v in via))
        apogee_m = _n(texts, "--apogee-km", "km", above=0.0, high=20_000.0) * KM_M
        return replace(asked, apogee_m=apogee_m)
    if asked.form == LAUNCH:
        return _launched(asked, texts)
    if asked.form == MINIMUM_ENERGY:
        range_km = _n(texts, "--minimum-energy-km", "km", low=1.0, high=FARTHEST_KM)
        return replace(asked, range_m=range_km * KM_M, height_m=0.0)
    return _released(asked, texts)


def _aim(option: str, text: str | None) -> Place:
    assert text is not None  # noqa: S101 - `_complete` has seen to it
    lat, lon = option_values.aim(option, text)
    return lat * DEG_RAD, lon * DEG_RAD


def _launched(asked: Asked, texts: Given) -> Asked:
    total_s = sum(s.burn_s for s in asked.threat_class.stages)
    ends = [o for o in ("--cutoff-s", "--fails-at-s") if o in texts]
    if len(ends) > 1:
        raise ScenarioError(
            "--cutoff-s and --fails-at-s contradict one another: thrust ends once; keep one"
        )
    found = {o: _n(texts, o, "s", above=0.0) for o in ends}
    for option, value in found.items():
        if value > total_s:
            raise ScenarioError(
                f"{option} is {value:g} s; the stages of {asked.threat_class.name} burn "
                f"{total_s:g} s in all: give less, or leave it out"
            )
    return replace(
        asked,
        kick_rad=_n(texts, "--kick-deg", "degrees", low=0.0, high=60.0) * DEG_RAD,
        cutoff_s=found.get("--cutoff-s", math.inf),
        fails_at_s=found.get("--fails-at-s", math.inf),
    )


def _released(asked: Asked, texts: Given) -> Asked:
    glides = asked.threat_class.kind == GLIDE_KIND and asked.air
    if "--angle-deg" not in texts and not glides:
        raise ScenarioError(
            "a flight by --speed-km-s needs --angle-deg (above the horizon); only a glider "
            "starts level without it"
        )
    angle = 0.0
    if "--angle-deg" in texts:
        angle = _n(texts, "--angle-deg", "degrees", low=-90.0, high=90.0) * DEG_RAD
    height = math.nan if glides else 0.0
    if "--height-km" in texts:
        height = _n(texts, "--height-km", "km", low=0.0, high=2000.0) * KM_M
    if height == 0.0 and angle <= 0.0:
        raise ScenarioError(
            f"--angle-deg is {angle / DEG_RAD:g} degrees at height 0: that flies into the ground "
            "at once; give an angle above 0 or a --height-km"
        )
    return replace(
        asked,
        speed_mps=_n(texts, "--speed-km-s", "km/s", above=0.0, high=20.0) * KM_M,
        angle_rad=angle,
        height_m=height,
    )
