"""Why a replay misses a published time, in plain words; a reading of the run, never a correction."""

from __future__ import annotations

import math

from hinomi.history.scores import MISS, Row
from hinomi.records.flights import LAUNCHER_KIND
from hinomi.scenario.model import Scenario


def cause_of(row: Row, scenario: Scenario, *, alerted_share: float) -> str:
    """Likely cause of a miss; empty where there is none.

    Parameters
    ----------
    alerted_share
        of the replicates, in which an alert was issued at all.
    """
    if row.verdict != MISS:
        return ""
    threat = scenario.threats[0]
    kind = scenario.classes[threat.threat_class].kind
    failed = math.isfinite(threat.fails_at_low_s)
    if row.name == "alert":
        return _alert(
            row, failed=failed, launcher=kind == LAUNCHER_KIND, on_event=scenario.policy.on_event
        )
    if row.name in ("alert_lifted", "passed_message", "alert_to_lift_s"):
        return _lift(row, alerted_share)
    if row.name == "lost":
        return _lost(row, failed=failed)
    if row.name.startswith("overflight") and math.isfinite(row.median_s):
        return (
            "the crossing of land is shorter in the simulation than between the published minutes: "
            "the path is laid to a published end point rounded to 0.1 degree, and lasts seconds over "
            "a narrow shore"
        )
    if kind == LAUNCHER_KIND:
        return (
            "no apogee was published, and the class climbs by its own nominal path, more steeply "
            "than the vehicle did, so it comes down later"
            if row.difference_s > 0
            else "the class climbs by its own nominal path, flatter than the vehicle did"
        )
    if not math.isfinite(row.median_s):
        return "the simulated flight does not cross this land: the end point as published is too coarse"
    return (
        "the class burns longer than the vehicle did, or the launch minute is a first detection "
        "30-60 s after ignition"
        if row.difference_s > 0
        else "the class burns shorter than the vehicle did, or the published apogee is too low"
    )


def _alert(row: Row, *, failed: bool, launcher: bool, on_event: bool) -> str:
    if not math.isfinite(row.median_s) and failed and not on_event:
        return (
            "thrust has failed before the simulated radars hold a firm track and people have "
            "decided; the forecast then ends at sea and the rule alerts nobody. The real alert "
            "rested on the detected launch and its announcement, not on a forecast"
        )
    if not math.isfinite(row.median_s):
        return "the forecast of most replicates reaches no threshold of the alerted area"
    if row.difference_s > 0 and on_event:
        return (
            "the launch event was classified and decided on faster that day than on the day of the "
            "freeze" + ("; a launch window had been announced" if launcher else "")
        )
    if row.difference_s > 0:
        return (
            "in the chain a nation decides on a track of its own radars, which see the body only "
            "above their horizon; the real alert could rest on satellite data"
            + (", and a launch window had been announced" if launcher else "")
        )
    return "that day it took longer to classify and decide than on the day of the freeze"


def _lift(row: Row, alerted_share: float) -> str:
    if alerted_share < 0.5:  # of most
        return "most replicates alert nobody, so there is nothing to lift"
    if row.difference_s > 0:
        return (
            "the chain waits for the end of the predicted flight or for a reported loss, then for a "
            "person (median 900 s, assumed), and an alert on a launch event stands until the latest "
            "end that was predicted then; that day the lift came with what was seen of the flight"
        )
    return "the delay before an all-clear is a wide assumption; that day it took longer"


def _lost(row: Row, *, failed: bool) -> str:
    if row.difference_s > 0 and failed:
        return (
            "what is left flies on as one body and the simulated radars follow it to their "
            "horizon; break-up into fragments is not simulated"
        )
    if row.difference_s > 0:
        return "the simulated radars see further than those of that day, or the loss was told late"
    return "the simulated radars lose the body earlier: notional sites, or sensors left out"
