"""Who an alert reaches: the places of its areas, those enrolled, those predicted to be in danger."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hinomi.cap.message import Message
from hinomi.cap.recipients import recipients
from hinomi.drill.enrolled import place_row
from hinomi.records.places import Places

Told = dict[str, Any]


def reach(
    message: Message, *, places: Places, enrolled: Collection[str], predicted: Collection[str]
) -> Told:
    """Effective recipients of a message and how they differ from what was predicted.

    Recipients are computed from the areas of the message, never taken from a list.

    named, inside
        by code, and by polygon alone.
    recipients
        named and enrolled: whose receivers get it.
    not_enrolled, not_alerted
        named without a receiver in this exercise; enrolled and not named.
    outside_predicted, predicted_only
        named outside the predicted end area (by its office), and the other way round.
    """
    found = recipients(message, places)
    named, taking, area = set(found.places), set(enrolled), set(predicted)
    return {
        "named": sorted(named),
        "inside": sorted(found.inside),
        "bystanders": sorted(found.bystanders),
        "uncovered": sorted(found.uncovered),
        "unknown": sorted(found.unknown),
        "recipients": sorted(named & taking),
        "not_enrolled": sorted(named - taking),
        "not_alerted": sorted(taking - named),
        "outside_predicted": sorted(named - area),
        "predicted_only": sorted(area - named),
    }


def place_rows(
    codes: Sequence[str],
    found: Told,
    *,
    needs: Sequence[Mapping[str, Any]],
    shelter_s: Mapping[str, float],
    otherwise_s: float,
) -> list[Told]:
    """A row for each place: who it is, what it gets, when it is reached by what flies."""
    first: dict[str, float] = {}
    for need in needs:
        code, t = need["code"], float(need["t_arrive_s"])
        first[code] = min(t, first.get(code, t))
    sets = {k: set(found[k]) for k in ("named", "inside", "recipients", "predicted_only")}
    outside = set(found["outside_predicted"])
    return [
        place_row(code)
        | {
            "alerted": code in sets["named"],
            "gets_it": code in sets["recipients"],
            "inside": code in sets["inside"],
            "predicted": code in sets["predicted_only"]
            or (code in sets["named"] and code not in outside),
            "arrival_s": first.get(code),
            "shelter_s": shelter_s.get(code, otherwise_s),
        }
        for code in codes
    ]
