"""Who is warned and how early, place by place: what `GET /api/runs/{id}/people` tells."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from hinomi.report.data import columns
from hinomi.scenario.load import load_text
from hinomi.scenario.places_region import places_of
from hinomi.study.results import Results
from hinomi.study.statistics import share_interval
from hinomi.web import provenance
from hinomi.web.problems import missing

# Stage as pages call it -> event of the run that marks it.
STAGES: Final = {
    "detected": "first detection",
    "tracked": "firm track",
    "predicted": "forecast used",
    "decided": "launch message",
    "issued": "alert",
    "received": "received",
}
QUANTILES: Final = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
MOST: Final = 2_000  # places
WORDS: Final = {
    "band": "10, 50 and 90 % over the raids in which the place needed a warning; null: never",
    "times": "seconds after ignition of the body that arrives there first",
    "never": "an alert that never came counts as later than any; a lead of it as shorter than any",
    "decided": "the launch message of the decision centre",
    "share": "warned in time: the lead is at least the time that people need",
}


def people_object(study: Results, architecture: str | None) -> dict[str, Any]:
    """Rows of places with bands of their times, over all raids of a run."""
    plan = study.plan
    chosen = architecture or plan.architectures[-1]
    if chosen not in plan.architectures:
        raise missing("architecture", chosen, f"this run has {', '.join(plan.architectures)}")
    scenario = load_text(plan.text, plan.scenario, changes=plan.changes, variant=plan.variant)
    needed_s = scenario.policy.needed_s
    found = _first_rows(study, chosen)
    stages, every = _stage_times(study, chosen)
    places = places_of(scenario.places)
    at = {code: i for i, code in enumerate(places.code)}
    rows: list[dict[str, Any]] = []
    for code in np.unique(found["code"]) if len(found["code"]) else ():
        mine = np.flatnonzero(found["code"] == code)
        i = at.get(str(code))
        names = ("", "", 0.0) if i is None else (
            places.name_ja[i], places.name_en[i], float(places.population[i])
        )  # fmt: skip
        rows.append(
            {"code": str(code), "ja": names[0], "en": names[1], "population": names[2]}
            | _row({k: v[mine] for k, v in found.items()}, stages, needed_s)
        )
    rows.sort(key=lambda r: (-r["population"], r["code"]))
    return {
        "banner": provenance.of_plan(plan),
        "architecture": chosen,
        "replicates": study.finished,
        "needed_s": needed_s,
        "words": WORDS,
        "stages": list(STAGES),
        "total": len(rows),
        "places": rows[:MOST],
        "stages_all": {name: band(times) for name, times in every.items()},
    }


def band(values: Any) -> dict[str, float | None]:
    """10, 50 and 90 % of values of which some may never come; null where that one never does."""
    values = np.sort(np.where(np.isnan(values), np.inf, values))
    out: dict[str, float | None] = {}
    for name, share in QUANTILES.items():
        # Order statistics, never between a number and never.
        x = (
            values[min(int(np.ceil(share * len(values))) - 1, len(values) - 1)]
            if len(values)
            else np.inf
        )
        out[name] = round(float(x), 1) if np.isfinite(x) else None
    never = float(np.isinf(values).mean()) if len(values) else 1.0
    return {**out, "never_share": round(never, 4)}


def _lead_band(lead_s: Any) -> dict[str, float | None]:
    """Bands of leads: what was never warned is shorter than any."""
    told = band(-np.where(np.isfinite(lead_s), lead_s, -np.inf))
    turned = {"p10": told["p90"], "p50": told["p50"], "p90": told["p10"]}
    out = {name: None if x is None else -x for name, x in turned.items()}
    return {**out, "never_share": told["never_share"]}


def _first_rows(study: Results, architecture: str) -> dict[str, Any]:
    """The first arrival at each place in each raid, with the body's ignition."""
    names = (
        "replicate", "architecture", "body", "place_code", "t_arrive_s", "t_received_s", "lead_s",
        "knew", "sheltered", "moved",
    )  # fmt: skip
    replicate, arch, body, code, arrive, received, lead, knew, sheltered, moved = columns(
        study.table("warned"), *names
    )
    order = np.lexsort((arrive, code.astype(str), replicate))
    order = order[arch[order] == architecture]
    new = np.ones(len(order), bool)
    new[1:] = (replicate[order][1:] != replicate[order][:-1]) | (
        code[order][1:] != code[order][:-1]
    )
    rows = order[new]
    started = _ignitions(study, architecture)
    start = np.array(
        [
            started.get((int(r), str(b)), 0.0)
            for r, b in zip(replicate[rows], body[rows], strict=True)
        ]
    )
    return {
        "replicate": replicate[rows], "body": body[rows].astype(str), "code": code[rows].astype(str),
        "arrive": arrive[rows] - start, "received": received[rows] - start, "lead": lead[rows],
        "knew": knew[rows], "sheltered": sheltered[rows], "moved": moved[rows],
    }  # fmt: skip


def _events(study: Results, architecture: str) -> tuple[Any, Any, Any, Any]:
    arch, replicate, t, kind, subject = columns(
        study.table("events"), "architecture", "replicate", "t_s", "kind", "subject"
    )
    mine = arch == architecture
    return replicate[mine], t[mine], kind[mine], subject[mine]


def _ignitions(study: Results, architecture: str) -> dict[tuple[int, str], float]:
    replicate, t, kind, subject = _events(study, architecture)
    at = np.flatnonzero(kind == "launch")
    return {(int(replicate[i]), str(subject[i])): float(t[i]) for i in at}


def _stage_times(
    study: Results, architecture: str
) -> tuple[dict[str, dict[tuple[int, str], float]], dict[str, Any]]:
    """(raid, body) -> seconds after ignition of each stage; and the same over all bodies."""
    replicate, t, kind, subject = _events(study, architecture)
    launch = _ignitions(study, architecture)
    out: dict[str, dict[tuple[int, str], float]] = {}
    for name, event in STAGES.items():
        at = np.flatnonzero(kind == event)
        keys = [(int(replicate[i]), str(subject[i])) for i in at]
        out[name] = {k: float(t[i]) - launch.get(k, 0.0) for k, i in zip(keys, at, strict=True)}
    if "clock" in study.tables:
        arch, number, body, stage, after = columns(
            study.table("clock"), "architecture", "replicate", "body", "stage", "after_ignition_s"
        )
        at = np.flatnonzero((arch == architecture) & (stage == "received"))
        out["received"] = {(int(number[i]), str(body[i])): float(after[i]) for i in at}
    bodies = sorted(launch)
    every = {n: np.array([times.get(k, np.inf) for k in bodies]) for n, times in out.items()}
    return out, every


def _row(
    mine: dict[str, Any], stages: dict[str, dict[tuple[int, str], float]], needed_s: float
) -> dict[str, Any]:
    """Bands of one place."""
    raids = len(mine["code"])
    in_time = (np.nan_to_num(mine["lead"], nan=-np.inf) >= needed_s).astype(np.float64)
    share = share_interval(in_time)
    keys = list(zip((int(r) for r in mine["replicate"]), mine["body"].tolist(), strict=True))
    here = {
        name: band(np.array([times.get(k, np.inf) for k in keys]))
        for name, times in stages.items()
        if name != "received"
    }
    received = np.where(np.isfinite(mine["received"]), mine["received"], np.inf)
    return {
        "raids": raids,
        "alert_t_s": band(received),
        "arrival_t_s": band(mine["arrive"]),
        "lead_s": _lead_band(mine["lead"]),
        "warned_in_time_share": {
            "value": share.value, "low": share.low, "high": share.high, "n": share.n,
            "method": share.method,
        },
        "warned_share": float(np.isfinite(received).mean()),
        "knew_people": round(float(mine["knew"].mean()), 1),
        "sheltered_people": round(float(mine["sheltered"].mean()), 1),
        "moved_people": round(float(mine["moved"].mean()), 1),
        "stages": {**here, "received": band(received)},
    }  # fmt: skip
