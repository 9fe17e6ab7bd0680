"""One raid of a run, ready to be drawn on a map: what `GET /api/runs/{id}/replay` tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hinomi.errors import ScenarioError
from hinomi.exchange.gather import Asked, ask, gather, rows_of
from hinomi.exchange.scene import Show, Site
from hinomi.scenario.places_region import given_before, places_of
from hinomi.study.results import Results
from hinomi.units import KM_M
from hinomi.web import provenance
from hinomi.web.headlines import title_ja
from hinomi.web.problems import MISSING, ProblemError
from hinomi.web.replay_people import alerts, codes_of_units, forecasts, places_of_raid
from hinomi.web.replay_ways import DIGITS, areas, flight, plots, rounded, satellite, track

EVENTS_JA: Final = {
    "launch": "発射",
    "burnout": "燃焼終了",
    "first detection": "最初の探知",
    "firm track": "確実な追尾",
    "relayed": "情報の伝達",
    "launch message": "発射情報の発出",
    "forecast used": "警報の根拠となった予測",
    "alert": "警報",
    "shot": "迎撃弾の発射",
    "intercept": "会合",
    "killed": "撃破",
    "arrival": "到達",
    "all-clear": "解除",
}
NOTES: Final = (
    "Positions of sensors and batteries are rounded to 0.1 degree; all are notional.",
    "Areas assume a normal distribution of the predicted end.",
)
NOTES_JA: Final = (
    "センサーと部隊の位置は0.1度に丸めてあり、すべて仮想のもの。",
    "予測区域は、予測終点が正規分布に従うと仮定して描く。",
)
MOST_EVENTS: Final = 2_000
AFTER_S: Final = 30.0  # shown after the last thing that happens

Told = dict[str, Any]


def asked_of(study: Results, *, architecture: str | None, replicate: int) -> Asked:
    """Check which raid is wanted; one that was not kept is not there.

    Raises
    ------
    ProblemError
        with what the run has.
    """
    try:
        return ask(study, replicate=replicate, architecture=architecture, layers=None)
    except ScenarioError as error:
        kept = min(study.plan.keep, study.finished)
        raise ProblemError(
            MISSING,
            str(error).partition(";")[0].partition(":")[0].replace("--", ""),
            value=replicate if replicate >= kept else str(architecture),
            limit=f"replicates 0 to {kept - 1}; {', '.join(study.plan.architectures)}",
            way_out="choose one of those, or run anew with --keep-tracks",
        ) from None


def replay_object(study: Results, *, architecture: str | None, replicate: int) -> Told:
    """Everything of one raid and architecture."""
    asked = asked_of(study, architecture=architecture, replicate=replicate)
    show = gather(asked)
    plan = study.plan
    places = places_of(given_before(dict(plan.changes)))
    codes = codes_of_units(asked, places)
    events = _events(asked)
    last = max([e["t_s"] for e in events], default=0.0)
    area = plan.document["area"]
    salvos = _shots(show, plan.document)
    return {
        "banner": provenance.of_plan(plan),
        "vintage": provenance.vintage_object(plan),
        "id": study.folder.name,
        "architecture": asked.architecture,
        "replicate": asked.replicate,
        "replicates_kept": min(plan.keep, study.finished),
        "seed": plan.seed,
        "title": show.title,
        "title_ja": title_ja(plan.title),
        "epoch_utc": show.stamp(0.0).replace(".000Z", "Z"),
        "t_start_s": 0.0,
        "t_end_s": round(last + AFTER_S, 1),
        "centre": [_number(area["centre_lon_deg"]), _number(area["centre_lat_deg"])],
        "view": [_number(area[f"{side}_deg"]) for side in ("west", "south", "east", "north")],
        "flights": [flight(w) for w in show.flights],
        "satellites": [satellite(w) for w in show.satellites],
        "sensors": _sensors(show.sites, plan.document),
        "batteries": _batteries(plan.document),
        "plots": plots(asked, show.sites),
        "tracks": [track(w) for w in show.tracks],
        "areas": areas(asked, show.areas),
        "forecasts": forecasts(asked, codes),
        "alerts": alerts(show.alerts, codes),
        "places": places_of_raid(asked, show.alerts, places, codes),
        "shots": salvos,
        "events": events[:MOST_EVENTS],
        "counts": dict(show.counts()),
        "notes": _notes(NOTES, "{n} events left out", len(events) - MOST_EVENTS),
        "notes_ja": _notes(NOTES_JA, "出来事{n}件を省略。", len(events) - MOST_EVENTS),
    }


def _notes(always: Sequence[str], left_out: str, left: int) -> list[str]:
    return [*always, *([left_out.format(n=left)] if left > 0 else [])]


def _number(given: Any) -> float:
    return float(given["value"] if isinstance(given, Mapping) else given)


def notional(name: str) -> str:
    """A name that says what it is."""
    return name if "notional" in name else f"{name} (notional)"


def _sensors(sites: Sequence[Site], document: Mapping[str, Any]) -> list[Told]:
    carried = {f"{b['name']} radar": b["name"] for b in document.get("batteries", ())}
    return [
        {
            "id": s.name,
            "name": notional(s.name),
            "notional": True,
            "nation": s.owner,
            "kind": "radar",
            "lon_deg": round(s.lon_deg, 1),
            "lat_deg": round(s.lat_deg, 1),
            "edge": rounded(s.edge),
            "edge_alt_km": round(s.edge_height_m / KM_M, 1),
            "battery": carried.get(s.name),
        }
        for s in sites
    ]


def _batteries(document: Mapping[str, Any]) -> list[Told]:
    out = []
    for b in document.get("batteries", ()):
        weapons = {
            name: int(_number(m["ready"]) + _number(m.get("reserve") or 0.0))
            for name, m in b["magazines"].items()
        }
        out.append(
            {
                "id": b["name"],
                "name": notional(b["name"]),
                "notional": True,
                "nation": b["owner"],
                "kind": "ship" if b.get("at_sea") else "ground",
                "lon_deg": round(_number(b["lon_deg"]), 1),
                "lat_deg": round(_number(b["lat_deg"]), 1),
                "weapons": weapons,
            }
        )
    return out


def _shots(show: Show, document: Mapping[str, Any]) -> list[Told]:
    home = {b["id"]: [b["lon_deg"], b["lat_deg"], 0.0] for b in _batteries(document)}
    return [
        {
            "battery": s.battery,
            "nation": s.owner,
            "weapon": s.weapon,
            "body": s.body,
            "rounds": s.rounds,
            "t_fire_s": round(s.launch_s, 1),
            "t_intercept_s": round(s.intercept_s, 1),
            "from": home.get(s.battery),
            "to": [
                round(s.lon_deg, DIGITS), round(s.lat_deg, DIGITS), round(s.height_m / KM_M, 2),
            ],
            "outcome": "killed" if s.killed else "missed",
            "p": round(s.probability, 3),
        }
        for s in show.shots
    ]  # fmt: skip


def _events(asked: Asked) -> list[Told]:
    t, kind, subject = rows_of(asked, "events", "t_s", "kind", "subject")
    out = []
    for seconds, word, name in zip(t.tolist(), kind.tolist(), subject.tolist(), strict=True):
        tail = f": {name}" if name else ""
        out.append(
            {
                "t_s": round(seconds, 1),
                "kind": word,
                "subject": name,
                "en": f"{word}{tail}",
                "ja": f"{EVENTS_JA.get(word, word)}{tail}",
            }
        )
    return sorted(out, key=lambda e: float(str(e["t_s"])))
