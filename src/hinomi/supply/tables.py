"""The curves behind the pictures as tables: CSV for people, Parquet for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from hinomi.records.columns import Floats
from hinomi.supply.bands import HIGH, LOW
from hinomi.supply.solve import Solved
from hinomi.sustain.bottleneck import binding

Table: TypeAlias = dict[str, list[Any]]


def tables(solved: Solved) -> dict[str, Table]:
    """Table name -> columns."""
    return {
        "stock": stock_table(solved),
        "production": production_table(solved),
        "bottleneck": bottleneck_table(solved),
        "ledger": ledger_table(solved),
    }


def spread(stated: Floats, ranges: Floats, outages: Floats) -> dict[str, Floats]:
    """Stated value (T,) and both bands of (N, T) draws."""
    out = {"stated": stated}
    for word, values in (("assumptions", ranges), ("chance", outages)):
        low, high = np.quantile(values, (LOW, HIGH), axis=0)
        out |= {f"{word}_low": low, f"{word}_high": high}
    return out


def _rows(table: Table, columns: Mapping[str, Any]) -> None:
    size = max(len(x) for x in columns.values() if not isinstance(x, str))
    for name, values in columns.items():
        cells = [values] * size if isinstance(values, str) else [_plain(x) for x in values]
        table.setdefault(name, []).extend(cells)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value
    return int(value) if isinstance(value, int | np.integer) else round(float(value), 6)


def stock_table(solved: Solved) -> Table:
    """Rounds at each month's end and what moved them; month 0 is before the first raid."""
    held = [s.held for s in (solved.stated, solved.ranges, solved.outages)]
    out: Table = {}
    for k, (owner, product) in enumerate(held[0].pairs):
        months = held[0].stock.shape[2]
        flows = {
            name: np.r_[0.0, getattr(held[0], name)[k, 0]]
            for name in ("delivered", "received", "sent", "spent", "short", "lost")
        }
        _rows(
            out,
            {
                "owner": owner,
                "product": product,
                "month": list(range(months)),
                **spread(held[0].stock[k, 0], held[1].stock[k], held[2].stock[k]),
                **flows,
            },
        )
    return out


def production_table(solved: Solved) -> Table:
    """Rounds by line and month, whoever takes them."""
    states = (solved.stated, solved.ranges, solved.outages)
    out: Table = {}
    for k, plant in enumerate(solved.asked.supply.plants):
        made = [s.production.made[k] for s in states]
        _rows(
            out,
            {
                "line": plant.name,
                "product": plant.product,
                "owner": plant.owner,
                "month": list(range(1, solved.asked.months + 1)),
                **spread(made[0][0], made[1], made[2]),
            },
        )
    return out


def bottleneck_table(solved: Solved) -> Table:
    """Share of draws in which a supplier binds a line, by month; no name is the line itself."""
    out: Table = {}
    states = (solved.stated, solved.ranges, solved.outages)
    for k, plant in enumerate(solved.asked.supply.plants):
        found = [binding(s.production, k) for s in states]
        for name in sorted({n for f in found for n in f}):
            none = np.zeros(solved.asked.months)
            shares = [f.get(name, none) for f in found]
            _rows(
                out,
                {
                    "line": plant.name,
                    "supplier": name,
                    "month": list(range(1, solved.asked.months + 1)),
                    "stated": shares[0],
                    "assumptions_share": shares[1],
                    "chance_share": shares[2],
                },
            )
    return out


def ledger_table(solved: Solved) -> Table:
    """Appropriated, obligated and outlaid by owner and year."""
    states = [s.books for s in (solved.stated, solved.ranges, solved.outages)]
    out: Table = {}
    for k, owner in enumerate(states[0].owners):
        for account in ("appropriated", "obligated", "outlaid"):
            values = [getattr(s, f"{account}_musd")[k] for s in states]
            years = values[0].shape[1]
            _rows(
                out,
                {
                    "owner": owner,
                    "account": account,
                    "year": list(range(years)),
                    **{
                        f"{name}_musd": x
                        for name, x in spread(values[0][0], values[1], values[2]).items()
                    },
                    "currency": solved.asked.supply.money.currency,
                    "price_year": [states[0].price_year] * years,
                },
            )
    return out


def csv_text(table: Table) -> str:
    """One row a line, with a header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table)
    writer.writerows(zip(*table.values(), strict=True))
    return out.getvalue()


def write_parquet(table: Table, path: Path) -> None:
    """Write the same columns for programs."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table(table), path, compression="zstd")
