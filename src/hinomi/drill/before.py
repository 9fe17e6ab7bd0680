"""Before an exercise: everything its planner has to see, as one JSON-ready object."""

from __future__ import annotations

from typing import Any

from hinomi import __version__
from hinomi.cap.compose import EXPIRES_S
from hinomi.cap.times import JST
from hinomi.drill import injects, objectives
from hinomi.drill.enrolled import codes_of
from hinomi.drill.expected import Told
from hinomi.drill.plan import Plan
from hinomi.drill.reach import place_rows, reach
from hinomi.drill.texts import bytes_of, chain, texts_of
from hinomi.scenario.places import load_places

FORMAT = "hinomi/drill-before/1"


def before(plan: Plan, expected: Told) -> Told:
    """What will happen, who gets it, in which words, who may release it, and what is missing.

    The recipients are those of one alert for every municipality that the scenario's messages name.
    """
    alerted = sorted(
        {c for m in expected["messages"] if m["kind"] == "shelter" for c in m["codes"]}
    )
    last = {area["body"]: area["inside"] for area in expected["areas"]}  # the narrowest of each
    predicted = sorted({c for inside in last.values() for c in inside})
    first = min(
        (m["t_issue_s"] for m in expected["messages"] if m["kind"] == "shelter"), default=0.0
    )
    texts: list[Told] = []
    found, size = None, 0
    if alerted:
        messages = chain(plan, tuple(alerted), t_s=first)
        texts = texts_of(messages)
        size = max(bytes_of(m) for m in messages)
        found = reach(messages[0], places=load_places(), enrolled=plan.codes, predicted=predicted)
    rows = [] if found is None else place_rows(
        sorted(set(alerted) | set(plan.codes)), found, needs=expected["needs"],
        shelter_s=plan.shelter_of(), otherwise_s=plan.shelter_s,
    )  # fmt: skip
    told = {
        "format": FORMAT,
        "version": __version__,
        **_facts(plan, expected),
        "messages": [_message(m, plan) for m in expected["messages"] if m["codes"]],
        "notices": sum(not m["codes"] for m in expected["messages"]),
        "texts": texts,
        "largest_message_bytes": size,
        "recipients": found,
        "places": rows,
        "participants": _participants(plan),
        "people": [{"name": p.name, "roles": list(p.roles)} for p in plan.text.people],
        "gates": [_gate(g) for g in plan.text.gates],
        "injects": injects.rows(plan),
        "objectives": [
            {
                "objective": o.name,
                "capability": o.capability,
                "measure": objectives.MEASURES[o.measure].english,
                "rule": objectives.rule(o),
            }
            for o in plan.text.objectives
        ],
    }
    return told | {"findings": findings(plan, told)}


def _facts(plan: Plan, expected: Told) -> Told:
    clock = plan.text.clock
    return {
        "name": plan.name,
        "title": plan.text.title,
        "summary": plan.text.summary,
        "status": plan.text.exercise.status,
        "release": plan.text.exercise.release,
        "scenario": expected["scenario"],
        "scenario_hash": expected["scenario_hash"],
        "architecture": expected["architecture"],
        "seed": expected["seed"],
        "replicate": expected["replicate"],
        "starts": plan.starts.astimezone(JST).isoformat(),
        "end_s": plan.end_s,
        "speed": clock.speed.value,
        "wall_s": plan.end_s / clock.speed.value,
        "limit_s": 60.0 * clock.limit_min.value,
        "languages": list(plan.languages),
        "sender": plan.text.exercise.sender,
        "expires_s": EXPIRES_S,
        "shelter_s": plan.shelter_s,
    }


def _message(m: Told, plan: Plan) -> Told:
    mine = set(plan.codes)
    return {
        "t_issue_s": m["t_issue_s"],
        "kind": m["kind"],
        "body": m["body"],
        "units": m["units"],
        "municipalities": len(m["codes"]),
        "taking_part": len(mine & set(m["codes"])),
    }


def _participants(plan: Plan) -> list[Told]:
    return [
        {
            "name": p.name,
            "contact": p.contact,
            "receivers": len(codes_of(p.places, p.prefectures)),
            "where": [*p.prefectures, *p.places],
        }
        for p in plan.text.participants
    ]


def _gate(gate: Any) -> Told:
    return {
        "output": gate.output,
        "open": gate.open,
        "where": list(gate.places) or ["all participants"],
        "simulator": gate.simulator,
    }


def findings(plan: Plan, told: Told) -> list[Told]:
    """What a planner should mend or know, the serious ones first."""
    found: list[tuple[str, str]] = []
    roles = {role: [p.name for p in plan.text.people if role in p.roles]
             for role in ("composer", "releaser", "director")}  # fmt: skip
    if not any(c != r for c in roles["composer"] for r in roles["releaser"]):
        found.append(("mend", "no two different persons are composer and releaser"))
    if not roles["director"]:
        found.append(("mend", "nobody is director: name who may stop the exercise"))
    found += [
        ("mend", f"gate {g['output']} is open: a test message would leave the exercise there")
        for g in told["gates"] if g["open"]
    ]  # fmt: skip
    if not told["messages"]:
        found.append(("mend", "the scenario alerts nobody: no message would go out"))
    if told["wall_s"] > told["limit_s"]:
        found.append((
            "mend", f"{told['wall_s'] / 60:.0f} min at this speed; clock.limit_min ends it after "
            f"{told['limit_s'] / 60:.0f}: raise one of them",
        ))  # fmt: skip
    found += [
        ("mend", f"inject {i['name']} at {i['at_s']:g} s comes after the end at {told['end_s']:g} s")
        for i in told["injects"] if i["at_s"] >= told["end_s"]
    ]  # fmt: skip
    found += _of_measures(plan) + _of_reach(told)
    if plan.text.exercise.release == "auto":
        found.append(("know", "the rule releases by itself: no person's decision is exercised"))
    order = {"mend": 0, "know": 1}
    return [{"level": lv, "text": t} for lv, t in sorted(found, key=lambda f: order[f[0]])]


def _of_measures(plan: Plan) -> list[tuple[str, str]]:
    kinds = {i.kind for i in plan.text.injects}
    needs = {
        "cancel_s": {"false-alarm"},
        "forged_shown": {"forged-alert"},
        "silent_listed_s": {"receiver-down", "link-cut"},
    }
    return [
        ("mend", f"objective {o.name!r} measures {o.measure}, and no inject of kind "
                 f"{' or '.join(sorted(needs[o.measure]))} gives it something to measure")
        for o in plan.text.objectives if o.measure in needs and not kinds & needs[o.measure]
    ]  # fmt: skip


def _of_reach(told: Told) -> list[tuple[str, str]]:
    found = told["recipients"]
    if found is None:
        return []
    out = []
    for key, words in {
        "not_enrolled": "municipalities are alerted and have no receiver in this exercise",
        "not_alerted": "receivers are enrolled and are never alerted by this scenario",
        "bystanders": "municipalities lie inside the polygons and are not named: phones there would sound",
        "uncovered": "municipalities are named and not wholly inside the polygons",
        "outside_predicted": "municipalities are alerted outside the predicted end areas "
        "(overflown, or of the same alert unit)",
        "predicted_only": "municipalities lie in a predicted end area and are not alerted "
        "(90 % areas of early tracks are wide)",
    }.items():  # fmt: skip
        if found[key]:
            out.append(("know", f"{len(found[key])} {words}"))
    return out
