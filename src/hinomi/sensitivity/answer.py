"""Everything that was found, as one strict JSON object: null where a figure is not defined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hinomi.sensitivity.band import spread
from hinomi.sensitivity.compare import Answered, Question
from hinomi.sensitivity.keys import Key, is_closed
from hinomi.sensitivity.points import point_name, value_of
from hinomi.sensitivity.reading import APPEARS, LOST, TURNS, Effect, Figure
from hinomi.settings import measures
from hinomi.study.answer_files import finite, told

FORMAT: Final = "hinomi/sensitivity/1"
Told = dict[str, Any]


def answer(found: Answered) -> Told:
    """Content of `sensitivity.json`."""
    asked = found.question
    names = [t.name for t in asked.targets]
    return {
        "format": FORMAT,
        "scenario": asked.scenario.name,
        "title": asked.scenario.title,
        "variant": asked.scenario.variant,
        "content_hash": asked.scenario.content_hash,
        "code": dict(asked.plan.code),
        "replicates": len(found.found.replicates),
        "seed": asked.seed,
        "confidence": 0.95,
        "architectures": list(asked.architectures),
        "targets": names,
        "figures": {
            name: {"unit": measures.unit_of(name), "words": measures.words_of(name),
                   "better": measures.better_of(name)}
            for name in asked.figures
        },
        "keys": [_key(k) for k in asked.keys],
        "not_run": dict(found.refused),
        "threats_left_alone": threats_left_alone(asked),
        "hangs_on": _hangs(found),
        "results": {
            target: {name: _figure(found.figures[target, name]) for name in asked.figures}
            for target in names
        },
        "band": _band(found),
    }  # fmt: skip


def threats_left_alone(asked: Question) -> int:
    """How many ranged numbers describe threats: never moved here."""
    return sum(is_closed(p.key) and p.low != p.high for p in asked.scenario.assumptions)


def _key(key: Key) -> Told:
    names = ("value", "low", "high", "unit", "grade", "source", "touches", "drawn")
    return {"key": key.name, **{n: getattr(key, n) for n in names}}


def _figure(found: Figure) -> Told:
    return {
        "base": told(found.base),
        "p_sign_flip": finite(found.p_sign_flip),
        "effects": [_effect(e) for e in found.effects],
    }


def _effect(effect: Effect) -> Told:
    return {
        "key": effect.key.name,
        "grade": effect.key.grade,
        "side": effect.side,
        "setting": effect.setting,
        "change": told(effect.change),
        "there": told(effect.there),
        "p_sign_flip": finite(effect.p_sign_flip),
        "verdict": effect.verdict,
        "sure": effect.sure,
        "left_out": effect.left_out,
    }


def _hangs(found: Answered) -> list[Told]:
    """Where the answer to the difference turns, or is lost or found by more than chance."""
    difference = found.question.targets[0]
    if not difference.bottom:
        return []
    out = []
    for name in found.question.figures:
        here = found.figures[difference.name, name]
        for verdict in (TURNS, LOST, APPEARS):
            out += [
                {
                    "figure": name,
                    "key": e.key.name,
                    "unit": e.key.unit,
                    "grade": e.key.grade,
                    "side": e.side,
                    "setting": e.setting,
                    "verdict": verdict,
                    "base": told(here.base),
                    "there": told(e.there),
                    "p_sign_flip": finite(e.p_sign_flip),
                    "sure": e.sure,
                }
                for e in here.effects
                if e.verdict == verdict and (e.sure or verdict == TURNS)
            ]
    return out


def _band(found: Answered) -> Told | None:
    band, asked = found.band, found.question
    if band is None:
        return None
    return {
        "settings": len(band.points),
        "replicates": len(band.found.replicates),
        "keys": [k.name for k in band.keys],
        "not_run": dict(band.refused),
        "points": [{k: value_of(x) for k, x in p.changes.items()} for p in band.points],
        "results": {
            t.name: {
                name: _spread(found, t.name, name, spread(
                    band.found, band.points, t, name, found.figures[t.name, name].base
                ))
                for name in asked.figures
            }
            for t in asked.targets
        },
    }  # fmt: skip


def _spread(found: Answered, target: str, name: str, of: Any) -> Told:
    return {
        "value": finite(found.figures[target, name].base.value),
        "chance": told(found.figures[target, name].base),
        "assumptions": {"low": finite(of.low), "high": finite(of.high), "quantiles": [0.05, 0.95]},
        "same_sign": of.same_sign,
        "settings": of.settings,
        "raids": of.raids,
    }


def effects_of(content: Mapping[str, Any], target: str, name: str) -> list[tuple[Told, Told]]:
    """Keys in order of their effect: the key, and its effects by side."""
    keys = {k["key"]: k for k in content["keys"]}
    out: dict[str, tuple[Told, Told]] = {}
    for e in content["results"][target][name]["effects"]:
        out.setdefault(e["key"], (keys[e["key"]], {}))[1][e["side"]] = e
    return list(out.values())


def not_run(content: Mapping[str, Any], key: str, side: str) -> str:
    """Why a key was not run at an end, or nothing."""
    return str(content["not_run"].get(point_name(key, side), ""))
