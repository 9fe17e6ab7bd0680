"""What each stage of a raid depends on, as hashes: equal hashes mean that nothing is computed again.

The parts are read from the loaded scenario, not from the names of keys, so a key that is set to the
value it has anyway costs nothing either.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, is_dataclass, replace
from typing import Any, Final

from hinomi.records.engagements import Architecture
from hinomi.scenario.model import Scenario
from hinomi.scenario.trackers import DEFAULT
from hinomi.study.plan import digest, plain
from hinomi.study.provenance import code_fingerprint, data_hashes, installed, machine

LIBRARIES: Final = ("scipy", "sgp4")  # beside those of the code's own fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """Hashes of one scenario: truth with looks and pictures, forecasts, warning, defence."""

    pictures: str
    areas: str  # places and alerted units
    forecasts: str
    warning: str
    defence: str
    kept: bool  # whether pictures may be kept on disk: a tracker of one's own has unknown code


def stages_of(scenario: Scenario) -> Stages:
    """Hash what `study.chain.begin`, `forecasts_of`, `judge` and `defended` read of a scenario."""
    pictures = _hash(
        scenario.epoch, scenario.threats, scenario.classes, scenario.t_end_s, scenario.nations,
        scenario.sensors, scenario.carried_by, [(b.name, b.availability) for b in scenario.batteries],
        scenario.tracking, scenario.tracker,
    )  # fmt: skip
    areas = _hash(
        scenario.places and scenario.places.label, scenario.unit, scenario.buffer_m,
        scenario.kernel_m, scenario.blocks,
    )  # fmt: skip
    policy = scenario.policy
    forecasts = _hash(
        pictures, areas, policy.forecast_first_s, policy.forecast_later_s,
        scenario.predictor_classes,
    )  # fmt: skip
    return Stages(
        pictures=pictures,
        areas=areas,
        forecasts=forecasts,
        warning=_hash(forecasts, policy),
        defence=_hash(
            scenario.batteries, scenario.weapons, scenario.engagement, scenario.industry,
        ),
        kept=scenario.tracker == DEFAULT,
    )  # fmt: skip


def architecture_hash(architecture: Architecture) -> str:
    """Hash of an architecture without its name and label."""
    return _hash(replace(architecture, name="", label=""))


def entry_key(stages: Stages, *, seed: int, replicate: int) -> str:
    """Address of the pictures of one raid in the cache.

    Another version of a library, or another kind of machine, may round otherwise: another address.
    """
    libraries = {name: installed(name) for name in LIBRARIES}
    return _hash(
        "pictures", stages.pictures, seed, replicate, code_fingerprint(), data_hashes(), libraries,
        machine(),
    )  # fmt: skip


def _hash(*parts: object) -> str:
    return digest([_open(part) for part in parts])


def _open(part: Any) -> Any:
    if is_dataclass(part) and not isinstance(part, type):
        return [type(part).__name__, plain(asdict(part))]
    if isinstance(part, (tuple, list)):
        return [_open(v) for v in part]
    if hasattr(part, "items"):
        return {str(k): _open(v) for k, v in part.items()}
    return plain(part)
