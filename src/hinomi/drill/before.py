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
from hinomi.live.exercise import UNREACHABLE_S
from hinomi.scenario.places import load_places

FORMAT = "hinomi/drill-before/1"
SILENCING = ("receiver-down", "link-cut")  # injects that a list of silent receivers shows


def before(plan: Plan, expected: Told) -> Told:
    """What will happen, who gets it, in which words, who may release it, and what is missing.

    The recipients are those of one alert for every municipality that the scenario's messages name.
    """
    shelter = [
        m for m in expected["messages"]
        if m["kind"] == "shelter" and m["t_issue_s"] <= plan.end_s
    ]  # fmt: skip
    alerted = sorted({c for m in shelter for c in m["codes"]})
    last = {area["body"]: area["inside"] for area in expected["areas"]}  # the narrowest of each
    predicted = sorted({c for inside in last.values() for c in inside})
    first = min((m["t_issue_s"] for m in shelter), default=0.0)
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
        "comes": m["t_issue_s"] <= plan.end_s,  # before the exercise ends
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
    found += _of_the_end(told)
    if told["wall_s"] > told["limit_s"]:
        found.append((
            "mend", f"{told['wall_s'] / 60:.0f} min at this speed; clock.limit_min ends it after "
            f"{told['limit_s'] / 60:.0f}: raise one of them",
        ))  # fmt: skip
    found += _of_measures(plan) + _of_silence(plan, told) + _of_reach(told)
    if plan.text.exercise.release == "auto":
        found.append(("know", "the rule releases by itself: no person's decision is exercised"))
    order = {"mend": 0, "know": 1}
    return [{"level": lv, "text": t} for lv, t in sorted(found, key=lambda f: order[f[0]])]


def _of_the_end(told: Told) -> list[tuple[str, str]]:
    """What the end of the exercise leaves out."""
    end_s, messages = told["end_s"], told["messages"]
    late = [m["t_issue_s"] for m in messages if not m["comes"]]
    found = []
    if not messages:
        found.append(("mend", "the scenario alerts nobody: no message would go out"))
    elif len(late) == len(messages):
        found.append((
            "mend", f"the first message is expected at {min(late):.0f} s, after the end at "
            f"{end_s:.0f} s: nobody would hear anything; raise clock.end_s",
        ))  # fmt: skip
    elif late:
        found.append((
            "know", f"{len(late)} of {len(messages)} messages are expected after the end at "
            f"{end_s:.0f} s (up to {max(late):.0f} s) and never come; the end itself cancels what stands",
        ))  # fmt: skip
    return found + [
        ("mend", f"inject {i['name']} at {i['at_s']:g} s comes after the end at {end_s:g} s")
        for i in told["injects"] if i["at_s"] >= end_s
    ]  # fmt: skip


def _of_silence(plan: Plan, told: Told) -> list[tuple[str, str]]:
    """Receivers that nobody could list as silent: back too early, or nothing is sent to them."""
    speed = plan.text.clock.speed.value
    found = []
    for each in plan.text.injects:
        if each.kind not in SILENCING or each.for_s is None:
            continue
        at_s, for_s = each.at_s.value, each.for_s.value
        last_s = at_s + for_s - UNREACHABLE_S * speed  # of a message whose silence is seen
        if for_s <= UNREACHABLE_S * speed:
            found.append((
                "mend", f"inject {each.name} lasts {for_s / speed:.1f} s of the wall ({for_s:g} s at "
                f"x{speed:g}), and silence is listed {UNREACHABLE_S:g} s after a message: nobody "
                f"would see it; make for_s more than {UNREACHABLE_S * speed:.0f}, or clock.speed less",
            ))  # fmt: skip
        elif not any(
            m["taking_part"] and at_s <= m["t_issue_s"] <= last_s for m in told["messages"]
        ):
            found.append((
                "mend", f"inject {each.name}: no message is expected from {at_s:.0f} to {last_s:.0f} s, "
                "and a receiver that is sent nothing is not missed; move at_s, or make for_s longer",
            ))  # fmt: skip
    return found


def _of_measures(plan: Plan) -> list[tuple[str, str]]:
    kinds = {i.kind for i in plan.text.injects}
    needs = {
        "cancel_s": {"false-alarm"},
        "forged_shown": {"forged-alert"},
        "silent_listed_s": set(SILENCING),
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
