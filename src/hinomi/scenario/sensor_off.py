"""What if this sensor is not there: the changes that take it out of every architecture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hinomi.errors import ScenarioError
from hinomi.scenario.mistakes import nearest


def without(document: Mapping[str, Any], names: Sequence[str]) -> dict[str, object]:
    """Changes of a scenario's keys that take these sensors away, in every replicate.

    Parameters
    ----------
    document
        The resolved scenario (`Scenario.document`).
    names
        Names of its `radars` and `infrared` sections (a group of satellites is lost as a whole),
        or `BATTERY radar`: the battery stays and shoots on what others see.

    Raises
    ------
    ScenarioError
        for a name that is no sensor of the scenario, with the nearest, and for one named twice.
    """
    there = {
        unit["name"]: f"{section}[{unit['name']}].availability"
        for section in ("radars", "infrared")
        for unit in document[section]
    }
    carried = {
        f"{unit['name']} radar": f"batteries[{unit['name']}].radar"
        for unit in document["batteries"]
        if unit["radar"] is not None
    }
    changes: dict[str, object] = {}
    for name in names:
        key = there.get(name) or carried.get(name)
        if key is None:
            known = [*there, *carried]
            group = next((g for g in there if name.startswith(f"{g} ")), "")
            near = group or nearest(name, known)
            tail = f"; did you mean {near!r}?" if near else ""
            words = " (satellites are lost by group)" if group else ""
            raise ScenarioError(
                f"--without: {name!r} is no sensor of this scenario{words}; it has "
                f"{', '.join(known) or 'none'}{tail}"
            )
        if key in changes:
            raise ScenarioError(f"--without names {name!r} twice")
        lost = {"value": 0.0, "grade": "assumed", "source": "what if it is not there: --without"}
        changes[key] = lost if name in there else None
    return changes
