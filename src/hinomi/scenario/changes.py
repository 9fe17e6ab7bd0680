"""Changes by key: `warning.hit_threshold`, `radars[Shariki].availability`, `radars[*]...`.

Keys that describe threats are closed, except raid size, start times and the ranged uncertainties.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hinomi.errors import FenceError, ScenarioError
from hinomi.scenario.mistakes import nearest
from hinomi.scenario.text import KeyPath

_SPREADS = {"mass_spread", "isp_spread_s", "burn_spread", "density_spread"}
_OPEN_THREAT_KEYS = {"count", "start_low_s", "start_high_s"} | _SPREADS
# What a sensor sees of a class, and how far it is known, may vary; how it flies may not.
_OPEN_CLASS_KEYS = {
    "burn_spread",
    "rcs_boost_m2",
    "rcs_body_m2",
    "plume_efficiency_swir",
    "plume_efficiency_mwir",
    "cloud_height_km",
    "nose_radius_m",
    "acreage_share",
    "acreage_m2",
    "stagnation_m2",
    "view_factor",
    "emissivity",
    "coast_area_m2",
    "coast_emissivity",
    "coast_temperature_k",
}
_CLOSED_TOP = {"format", "name", "title", "summary", "epoch", "variants", "facts"}
_STEP = re.compile(r"\.?([^.\[\]]+)|\[([^\[\]]*)\]")


def split_key(key: str) -> list[str]:
    """Split a dotted key into steps; a step in brackets keeps them."""
    steps, at = [], 0
    while at < len(key):
        match = _STEP.match(key, at)
        if match is None:
            break
        steps.append(match[1] if match[1] is not None else f"[{match[2]}]")
        at = match.end()
    if at != len(key) or not steps or steps[0].startswith("["):
        raise ScenarioError(
            f"{key!r} is not a key; write it like warning.hit_threshold "
            "or radars[Shariki].availability"
        )
    return steps


def refuse_threat_keys(key: str) -> None:
    """Keep the scope fence: what is flown is given, never varied against an outcome.

    Raises
    ------
    FenceError
        for keys under `threats` and flight keys of `catalogue.threat`, with the reason.
    """
    _refuse(key, split_key(key))


def _refuse(key: str, steps: list[str]) -> None:
    """Refuse a key by its steps, as written or as resolved; list items are in brackets."""
    open_keys: set[str] = set()
    if steps[0] == "threats":
        open_keys, rest = _OPEN_THREAT_KEYS, [s for s in steps[1:] if not s.startswith("[")]
    elif steps[0] == "catalogue" and (
        len(steps) == 1 or steps[1] in ("threat", "[threat]", "[*]")  # the whole holds threats too
    ):
        open_keys, rest = _OPEN_CLASS_KEYS, steps[3:]
    elif steps[0] == "area":  # arcs are measured from its centre
        open_keys, rest = {"half_width_km"}, steps[1:]
    else:
        return
    if not rest or rest[0] not in open_keys:
        raise FenceError(
            f"{key}: a change of what is flown lies outside the scope of this project: threats are "
            "given by a scenario and never varied in variants, sweeps or sensitivity studies, so "
            f"that no result ranks them. Open are {', '.join(sorted(open_keys))}."
        )


def apply_changes(document: dict[str, Any], changes: Mapping[str, Any], who: str) -> list[KeyPath]:
    """Change a filled document in place; give the paths that were changed.

    Raises
    ------
    ScenarioError
        when a key leads nowhere, with the nearest one.
    FenceError
        when a key is closed by the scope fence.
    """
    paths = []
    for key, value in changes.items():
        refuse_threat_keys(key)
        steps = split_key(key)
        if steps[0] in _CLOSED_TOP:
            raise ScenarioError(
                f"{who}: {key}: cannot be changed for a run; edit the scenario file"
            )
        for path in list(_walk(document, steps, (), key, who)):
            _refuse(key, [f"[{s}]" if isinstance(s, int) else s for s in path])
            _set(document, path, value, who)
            paths.append(path)
    return paths


def _walk(document: Any, steps: list[str], path: KeyPath, key: str, who: str) -> Iterator[KeyPath]:
    node = _at(document, path)
    if not steps:
        yield path
        return
    step, rest = steps[0], steps[1:]
    if step.startswith("["):
        inner = step[1:-1]
        items = list(enumerate(node)) if isinstance(node, list) else []
        names = [str(v.get("name")) for _, v in items if isinstance(v, dict)]
        found: list[str | int] = [
            i
            for i, v in items
            if inner in ("*", str(i)) or (isinstance(v, dict) and v.get("name") == inner)
        ]
        if isinstance(node, dict) and inner == "*" and "value" not in node:
            found = list(node)
        if not found:
            raise ScenarioError(_nowhere(who, key, step, names))
        for i in found:
            yield from _walk(document, rest, (*path, i), key, who)
        return
    free = path and (path[-1] == "magazines" or path[-1] == "blocks")
    if not isinstance(node, dict) or (step not in node and not free):
        names = [str(k) for k in node] if isinstance(node, dict) else []
        raise ScenarioError(_nowhere(who, key, step, names))
    if step not in node and rest:
        raise ScenarioError(_nowhere(who, key, step, [str(k) for k in node]))
    if not rest:
        yield (*path, step)
    else:
        yield from _walk(document, rest, (*path, step), key, who)


def _nowhere(who: str, key: str, step: str, names: list[str]) -> str:
    near = nearest(step.strip("[]"), names)
    tail = f"; did you mean {near!r}?" if near else ""
    listed = f" (there: {', '.join(names[:40])})" if names else ""
    return f"{who}: {key}: unknown key: {step!r} leads nowhere{listed}{tail}"


def _at(document: Any, path: KeyPath) -> Any:
    for step in path:
        document = document[step]
    return document


def _set(document: Any, path: KeyPath, value: Any, who: str) -> None:
    node, last = _at(document, path[:-1]), path[-1]
    old = node.get(last) if isinstance(node, dict) else node[last]
    if isinstance(old, dict) and "value" in old and not isinstance(value, dict | bool):
        value = {"value": value, "grade": "assumed", "source": f"set by {who}"}
    node[last] = value
