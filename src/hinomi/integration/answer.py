"""Everything that was found, as one strict JSON object: null where a figure is infinite or not defined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hinomi.integration import ladder as rungs
from hinomi.integration.compare import LADDER_FOLDER, Answered
from hinomi.integration.coordination import FIGURES, READY, told_name
from hinomi.integration.flags import FLAGS, NEEDS, SINGLE_AUTHORITY_S, WORDS, terms_of
from hinomi.integration.measures import MEASURES
from hinomi.integration.price import Band, price
from hinomi.integration.reading import Figure, Pair, Split, figure, finite_rows
from hinomi.integration.reasons import Worse, worse_alerts, worse_leaks
from hinomi.integration.resample import mean_intervals
from hinomi.integration.worlds import AS_IT_IS, contrasts
from hinomi.records.columns import Floats
from hinomi.study.answer_files import finite, told
from hinomi.study.results import Results
from hinomi.study.statistics import Interval
from hinomi.study.summary import Measured, measured

FORMAT: Final = "hinomi/integration/1"
Told = dict[str, Any]


def answer(found: Answered, figures: Sequence[str]) -> Told:
    """Content of `integration.json`."""
    asked = found.question
    by_world = {w.name: measured(found.studies[w.name].table("metrics")) for w in asked.worlds}
    base = by_world[AS_IT_IS]
    study = found.studies[AS_IT_IS]
    return {
        "format": FORMAT,
        "scenario": asked.scenario.name,
        "title": asked.scenario.title,
        "content_hash": asked.scenario.content_hash,
        "replicates": len(base.replicates),
        "seed": study.plan.seed,
        "confidence": 0.95,
        "figures": {
            name: {"unit": MEASURES[name].unit, "words": MEASURES[name].words,
                   "better": "higher" if MEASURES[name].better > 0 else "lower"}
            for name in figures
        },
        "flags": {f: {"words": WORDS[f], "presupposes": NEEDS.get(f)} for f in FLAGS},
        "single_authority_s": list(_authority(asked.pairs[0])),
        "pairs": [_pair(base, study, p, figures, asked.scenario.threats) for p in asked.pairs],
        "worlds": _worlds(by_world, found, figures),
        "coordination": coordination_told(base, asked.pairs[0]),
        "ladder": _ladder(found.studies.get(LADDER_FOLDER), asked.pairs[0], figures),
    }  # fmt: skip


def _authority(pair: Pair) -> tuple[float, float, float]:
    top, bottom = pair.top.decide_s, pair.bottom.decide_s
    return top if top != bottom else SINGLE_AUTHORITY_S


def _pair(
    base: Measured, study: Results, pair: Pair, figures: Sequence[str], threats: Sequence[Any]
) -> Told:
    found = {name: figure(base, pair, name) for name in (*figures, "leakers", "cost_musd")}
    events = study.table("events")
    same: Told = {
        "bottom": pair.bottom.name,
        "top": pair.top.name,
        "threats": [t.body for t in threats],
        "replicates": base.replicates,
    }
    leaks = worse_leaks(study.table("engagements"), events, **same)
    return {
        "from": _written(pair.bottom.name, pair.bottom.label, pair.bottom.network_cost_musd),
        "to": _written(pair.top.name, pair.top.label, pair.top.network_cost_musd),
        "flags": list(pair.players),
        "terms": terms_of(pair.bottom, pair.top) or "same link",
        "decide_s": list(pair.bottom.decide_s),
        "relay_s": {"from": list(pair.bottom.relay_s), "to": list(pair.top.relay_s)},
        "figures": {name: figure_told(found[name]) for name in figures},
        "worse": {"leakers": _worse(leaks), "alerts": _worse(worse_alerts(events, **same))},
        "price": _price(pair, found),
    }


def coordination_told(base: Measured, pair: Pair) -> Told:
    """Plans that know the whole raid, with all ready rounds and with those that were fired."""
    out: Told = {}
    for stock in (READY, pair.top.name, pair.bottom.name):
        plan = {n: base.of(told_name(stock), n) for n in ("rounds", *FIGURES)}
        shooter = pair.top.name if stock == READY else stock
        reached = plan["threats"] - base.of(shooter, "leakers")
        columns = {n: plan[n] for n in ("rounds", "reachable", "joint", "national")}
        columns |= {
            "reached": reached,
            "joint_minus_national": plan["joint"] - plan["national"],
            "joint_minus_reached": plan["joint"] - reached,
        }
        whole = finite_rows(columns.values())
        if not whole.any():
            continue
        out[stock] = {
            "architecture": shooter,
            "violations": int(plan["violated"][whole].sum()),
            "largest_gap": float((plan["bound"] - plan["joint"])[whole].max()),
            **{
                n: told(x)
                for n, x in mean_intervals({n: c[whole] for n, c in columns.items()}).items()
            },
        }
    return {"picture": pair.top.name, "with": out} if out else {}


def _written(name: str, label: str, cost: Band) -> Told:
    return {"name": name, "label": label, "network_cost_musd_per_year": list(cost)}


def figure_told(found: Figure) -> Told:
    """One figure as JSON."""
    return {
        "n": found.n,
        "left_out": found.left_out,
        "unchanged": found.unchanged,
        "from": told(found.bottom),
        "to": told(found.top),
        "change": told(found.change),
        "p_sign_flip": finite(found.p_sign_flip),
        "link": told(found.link),
        "equal_times": _split(found.equal),
        "single_authority": {"change": told(found.change_faster), **_split(found.faster)},
    }


def _split(found: Split) -> Told:
    return {
        "total": told(found.total),
        "shares": {
            p: {
                **told(x),
                "alone": told(found.alone[p]),
                "last": told(found.last[p]),
            }
            for p, x in found.shares.items()
        },
        "pairs": [{"flags": list(two), **told(x)} for two, x in found.pairs.items()],
    }


def _worse(found: Worse) -> Told:
    return {
        "cases": found.cases,
        "worse": found.worse,
        "better": found.better,
        "raids": found.raids,
        "raids_worse": found.raids_worse,
        "share": found.worse / found.cases if found.cases else None,
        "unexplained_share": found.by_reason.get("unexplained", 0) / found.cases
        if found.cases
        else None,
        "by_reason": dict(found.by_reason),
        "median_later_s": finite(found.median_later_s),
    }


def _price(pair: Pair, found: Mapping[str, Figure]) -> Told:
    gain = better(found["leakers"].change, "leakers")
    bottom, top = pair.bottom.network_cost_musd, pair.top.network_cost_musd
    bill = price(bottom, top, gain)
    saved = better(found["cost_musd"].change, "cost_musd")
    return {
        "extra_musd_per_year": list(bill.extra_musd),
        "leakers_fewer": {
            **told(gain),
            "p_sign_flip": finite(found["leakers"].p_sign_flip),
        },
        "musd_per_year_per_leaker_fewer": [finite(x) for x in bill.per_unit_musd],
        "rounds_saved_musd": told(saved),
    }


def better(change: Interval, name: str) -> Interval:
    """A change as a gain: above zero is better."""
    if MEASURES[name].better > 0:
        return change
    return Interval(
        value=0.0 - change.value, low=0.0 - change.high, high=0.0 - change.low,
        n=change.n, method=change.method, statistic=change.statistic,
    )  # fmt: skip


def _worlds(by_world: Mapping[str, Measured], found: Answered, figures: Sequence[str]) -> Told:
    """What sharing changes in each world, what each variant changes, and their interaction."""
    asked = found.question
    pair = asked.pairs[0]
    names = [w.variants[0] for w in asked.worlds if len(w.variants) == 1]
    if not names:
        return {"variants": [], "worlds": [], "effects": {}, "interactions": {}}
    return {
        "variants": names,
        "worlds": [
            {
                "name": w.name,
                "variants": list(w.variants),
                "figures": {n: figure_told(figure(by_world[w.name], pair, n)) for n in figures},
            }
            for w in asked.worlds
        ],
        "effects": {n: _effects(by_world, found, pair, n, names) for n in figures},
        "interactions": {n: _interactions(by_world, found, pair, n, names) for n in figures},
    }


def _grid(
    by_world: Mapping[str, Measured], found: Answered, pair: Pair, name: str
) -> dict[tuple[tuple[str, ...], str], Floats]:
    """Values by world and architecture in the replicates in which all of them are finite."""
    sides = (pair.bottom.name, pair.top.name)
    columns = {
        (w.variants, a): by_world[w.name].of(a, name) for w in found.question.worlds for a in sides
    }
    whole = finite_rows(columns.values())
    return {key: column[whole] for key, column in columns.items()}


def _effects(
    by_world: Mapping[str, Measured], found: Answered, pair: Pair, name: str, names: Sequence[str]
) -> list[Told]:
    """Rows: what a variant changes, under each architecture, in each state of the other variants."""
    grid = _grid(by_world, found, pair, name)
    columns: dict[tuple[str, tuple[str, ...], str], Floats] = {}
    for variant in names:
        for world, side in grid:
            if variant not in world:
                to = tuple(n for n in names if n in (*world, variant))
                columns[variant, world, side] = grid[to, side] - grid[world, side]
    return [
        {"variant": variant, "with": list(world), "architecture": side, **told(x)}
        for (variant, world, side), x in mean_intervals(columns).items()
    ]


def _interactions(
    by_world: Mapping[str, Measured], found: Answered, pair: Pair, name: str, names: Sequence[str]
) -> list[Told]:
    grid = _grid(by_world, found, pair, name)
    gains = {
        world: grid[world, pair.top.name] - low
        for (world, side), low in grid.items()
        if side == pair.bottom.name
    }
    return [
        {"with": list(of), **told(x)} for of, x in mean_intervals(contrasts(gains, names)).items()
    ]


def _ladder(study: Results | None, pair: Pair, figures: Sequence[str]) -> Told:
    """Gain on each rung, and where its interval first includes zero."""
    if study is None:
        return {}
    base = measured(study.table("metrics"))
    return {
        name: {kind: _climb(base, pair, name, kind) for kind in rungs.FACTORS} for name in figures
    }


def _climb(base: Measured, pair: Pair, name: str, kind: str) -> Told:
    factors = rungs.FACTORS[kind]
    columns = {f: base.of(rungs.rung_name(kind, f), name) for f in factors}
    low = base.of(pair.bottom.name, name)
    whole = finite_rows([low, *columns.values()])
    sign = MEASURES[name].better
    found = mean_intervals({f: sign * (c[whole] - low[whole]) for f, c in columns.items()})
    mode = (pair.top.decide_s if kind == rungs.DECISION else pair.top.relay_s)[1]
    tip = rungs.tipping(factors, list(found.values()))
    return {
        "mode_s": mode,
        "rungs": [{"factor": f, "mode_s": f * mode, "gain": told(x)} for f, x in found.items()],
        "tipping": {
            "reached": tip.reached,
            "at_start": tip.at_start,
            "factor": finite(tip.factor),
            "mode_s": finite(tip.factor * mode),
            "between": [finite(tip.low), finite(tip.high)],
        },
    }
