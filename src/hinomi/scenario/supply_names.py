"""Names in the supply sections that must mean something: suppliers, lines, transfers, currencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hinomi.scenario.mistakes import Mistake, nearest
from hinomi.scenario.text import KeyPath
from hinomi.sustain.graph import cycle_in


def supply_mistakes(document: Mapping[str, Any]) -> Iterator[Mistake]:
    """Names that point nowhere, circles among suppliers, profiles that do not add up to one."""
    catalogue = _table(document, "catalogue")
    suppliers = _table(catalogue, "supplier")
    for kind in ("line", "supplier"):
        for name, entry in _table(catalogue, kind).items():
            for other in _table(entry, "needs"):
                path = ("catalogue", kind, name, "needs", other)
                yield from _known(path, other, suppliers, "supplier of the catalogue")
    circle = cycle_in({name: list(_table(entry, "needs")) for name, entry in suppliers.items()})
    if circle:
        yield Mistake(
            ("catalogue", "supplier", circle[0], "needs"),
            f"closes a circle: {' -> '.join(circle)}; take one need of it away",
        )
    supply, money = _table(document, "supply"), _table(document, "money")
    for key, kind in (("lines", "line"), ("transfers", "transfer"), ("budgets", "budget")):
        listed = supply.get(key)
        for name in listed if isinstance(listed, list) else []:
            yield from _known(
                ("supply", key), name, _table(catalogue, kind), f"{kind} of the catalogue"
            )
    yield from _currencies(supply, money, _table(catalogue, "budget"))
    for key in ("outlay_profile", "obligation_profile"):
        yield from _profile(key, money.get(key))


def _currencies(
    supply: Mapping[str, Any], money: Mapping[str, Any], budgets: Mapping[str, Any]
) -> Iterator[Mistake]:
    listed = supply.get("budgets")
    rates = [*_table(money, "per_usd"), "USD"]
    for name in listed if isinstance(listed, list) else []:
        currency = _table(budgets, name).get("currency") if isinstance(name, str) else None
        if isinstance(currency, str) and currency not in rates:
            yield Mistake(
                ("catalogue", "budget", str(name), "currency"),
                f"has no exchange rate; state money.per_usd.{currency}",
                currency,
                True,
                f"one of {', '.join(rates)}",
            )
    if isinstance(money.get("currency"), str) and money["currency"] != "USD":
        yield Mistake(
            ("money", "currency"),
            "is not what prices are stated in",
            money["currency"],
            True,
            "USD",
        )


def _profile(key: str, given: object) -> Iterator[Mistake]:
    if not isinstance(given, list):
        return
    shares = [x.get("value") if isinstance(x, Mapping) else x for x in given]
    if not all(isinstance(x, int | float) for x in shares):
        return  # told elsewhere
    total = sum(float(x) for x in shares if isinstance(x, int | float))
    if abs(total - 1.0) > 1e-9:
        yield Mistake(("money", key), f"adds up to {total:g}; shares must add up to 1")


def _known(path: KeyPath, name: object, names: Mapping[str, Any], what: str) -> Iterator[Mistake]:
    if isinstance(name, str) and name not in names:
        there = list(names)
        yield Mistake(
            path, f"is no {what}", name, True, f"one of {', '.join(there)}", nearest(name, there)
        )


def _table(node: object, key: str) -> Mapping[str, Any]:
    found = node.get(key) if isinstance(node, Mapping) else None
    return found if isinstance(found, Mapping) else {}
