"""The answer as lines of text for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hinomi.study.figure_words import same_words
from hinomi.supply.bands import as_stated, middle, price_words, short


def lines(answer: dict[str, Any]) -> list[str]:
    """What a terminal shows."""
    money = answer["money"]
    rates = ", ".join(f"{name} {x[1]:g} ({x[0]:g} to {x[2]:g}) a dollar" for name, x in money["per_usd"].items())  # fmt: skip
    return [
        answer["title"],
        f"{_raids(answer)}; {answer['years']} years; {answer['draws']:,} draws; transfers"
        f" {'on' if answer['transfers_allowed'] else 'off'}"
        + (f"; without {', '.join(answer['without'])}" if answer["without"] else ""),
        f"million {money['currency']} in prices of {money['price_year']}; {rates}",
        "",
        *_refill(answer),
        *run_words(answer),
        "",
        *_bottlenecks(answer),
        "",
        *_transfers(answer),
        *_money(answer),
        "",
        *exchange_words(answer),
        "",
        f"First: {answer['bands']['assumptions']}.",
        f"As stated: inputs at their stated values, with {answer['bands']['chance']}.",
        "Left out: " + "; ".join(answer["left_out"]) + ".",
    ]


def _raids(answer: dict[str, Any]) -> str:
    months = answer["raids"]["months"]
    if not months:
        return "no raid"
    when = f"{len(months)} raids, the first" if len(months) > 1 else "one raid"
    return f"{when} in month 0, takes {answer['raids']['takes']}"


def _refill(answer: dict[str, Any]) -> Iterator[str]:
    yield (
        f"{'stock':<18}{'held':>6}{'spent':>7}   {'months to refill':<20}{'as stated':<18}"
        f"{'ordered after it':<20}{'pooled':<18}{'lowest':<9}first raid short"
    )
    stock = {(r["owner"], r["product"]): r for r in answer["stock"]}
    spent = {(r["owner"], r["product"]): r for r in answer["raids"]["rounds"]}
    for row in answer["refill"]:
        pair = (row["owner"], row["product"])
        held = stock[pair]
        months = row["months"]
        yield (
            f"{' '.join(pair):<18}{short(held['held']):>6}{short(spent[pair]['value'], 1):>7}   "
            + f"{middle(months):<20}{as_stated(months):<18}"
            + f"{middle(row['months_with_lead']):<20}{pooled_words(row):<18}"
            + f"{short(held['lowest']['value']):<9}"
            + _when(held["first_short_month"]["value"])
        )  # fmt: skip


def pooled_words(row: dict[str, Any]) -> str:
    """Months if all lines filled one stock; a dash where the stock lost nothing."""
    return "-" if row["months_pooled"] is None else middle(row["months_pooled"])


def run_words(answer: dict[str, Any]) -> list[str]:
    """A run raid by raid, as its own report counts it, and why the tables here say otherwise."""
    found = answer["run"]
    if found is None:
        return []
    rows = [r for r in answer["raid_cost"] if r["used"]]
    licensed = sum(r["musd"][1] for r in rows)
    dearer = any(r["premium"][1] != 1.0 and r["rounds"] for r in rows)
    premium = f"; with what licensed lines add, {licensed:,.1f}" if dearer else ""
    return [
        f"Raid by raid, as the run's report counts, the last stock is full again after"
        f" {_interval(found['months'])} months (median; inputs as stated, suppliers' limits kept, which"
        " the report leaves out). The months by stock make good the mean of the raids instead, a part"
        " of a round as a whole one.",
        f"At list price, as in the run's report, a raid's rounds cost {_interval(found['musd'], 1)}"
        f" million (mean){premium}.",
    ]


def _interval(found: dict[str, Any], digits: int = 0) -> str:
    if same := same_words(found):
        return f"{short(found['value'], digits)} ({same})"
    if found["low"] is None and found["high"] is None:
        return short(found["value"], digits)
    return f"{short(found['value'], digits)} ({short(found['low'], digits)} to {short(found['high'], digits)})"


def _when(month: float | None) -> str:
    return "-" if month is None else f"month {month:.0f}"


def _bottlenecks(answer: dict[str, Any]) -> Iterator[str]:
    def called(name: str) -> str:
        return str(answer["titles"].get(name, name)).split(" (")[0]

    yield "what binds, by month"
    width = max((len(called(row["line"])) for row in answer["bottlenecks"]), default=0)
    for row in answer["bottlenecks"]:
        parts = [
            f"{s['from_month']}-{s['to_month']} {called(s['supplier']) or 'the line itself'}"
            for s in row["stretches"]
        ]
        yield f"  {called(row['line']):<{width}}   {'; '.join(parts)}"
    for row in answer["relief"]:
        for step in row["steps"]:
            gained = (
                ", ".join(f"{n:,.0f} {w}" for w, n in step["rounds_gained"].items()) or "nothing"
            )
            following = called(step["next"]) or "the lines themselves"
            yield (
                f"  {row['product']}: without the limit of {called(step['taken_away'])}: {gained} more in"
                f" {answer['years']} years; next {following}"
            )
    for row in answer["larger_line"]:
        told = ", ".join(
            f"{p['capacity_share']:g}: {p['rounds_added']:,.0f}" for p in row["points"]
        )
        yield (
            f"  {called(row['line'])} {row['times']:g} times as large adds, by share of the capacity"
            f" of {called(row['supplier'])}: {told}"
        )
    bind = {s["supplier"] for row in answer["bottlenecks"] for s in row["stretches"]} - {""}
    if bind:
        names = ", ".join(f"{name} ({called(name)})" for name in sorted(bind))
        yield f"  without one of them: --without NAME, for example {names}"


def _transfers(answer: dict[str, Any]) -> Iterator[str]:
    for row in answer["transfers"]:
        if "taker_months_on" not in row or "giver_months_on" not in row:
            continue
        yield (
            f"{row['title']}: {short(row['rounds_given']['value'], 1)} rounds given; months to"
            f" requirement {row['taker']} {short(row['taker_months_off']['value'])} ->"
            f" {short(row['taker_months_on']['value'])}, {row['giver']}"
            f" {short(row['giver_months_off']['value'])} -> {short(row['giver_months_on']['value'])};"
            f" pooled stock {short(row['pooled_months']['value'])}"
        )
        yield ""


def _money(answer: dict[str, Any]) -> Iterator[str]:
    yield "one raid's rounds, million, each basis by itself (* the one that counts)"
    for row in answer["raid_cost"]:
        low, value, high = row["musd"]
        mark = "*" if row["used"] else " "
        yield (
            f"  {mark} {row['owner'] or 'all'} {row['product']}: {price_words(row)}".ljust(48)
            + f"{row['rounds']:>7,.1f} rounds  {value:>9,.0f} ({low:,.0f} to {high:,.0f})"
            + (f", licence x {row['premium'][1]:g}" if row["premium"][1] != 1.0 else "")
        )
    yield (
        f"life cycle over {answer['years']} years, million: median (5 to 95 %); as stated: rounds held,"
        " made good, network"
    )
    for row in answer["life_cycle"]:
        whole = row["total_musd"]
        parts = ", ".join(f"{name} {short(x['value'])}" for name, x in row["parts_musd"].items())
        yield (
            f"    {row['architecture']:<16}{middle(whole)}; as stated {short(whole['value'])}: {parts}"
        )
    for row in answer["network"]["architectures"]:
        low, value, high = row["musd_per_year"]
        yield f"    {row['architecture']:<16}network {value:g} a year ({low:g} to {high:g}), assumed"


def exchange_words(answer: dict[str, Any]) -> list[str]:
    """Cost exchange as bands, basis and caveat in the same lines."""
    found = answer["exchange"]
    out = []
    if found["band"]:
        low, _, high = found["band"]
        out.append(
            f"cost exchange of the raid: {low:g} to {high:g} (defender's over attacker's;"
            f" {', '.join(found['bases'])})"
        )
        if "musd_per_leaker_avoided" in found:
            low, _, high = found["musd_per_leaker_avoided"]
            out.append(
                f"{low:,.0f} to {high:,.0f} million for each body stopped, against no defence at all:"
                " worth it where the harm that one body would have done is valued higher"
            )
    elif "reason" in found:
        out.append(f"cost exchange: {found['reason']}")
    for row in found["marginal"]:
        low, _, high = row["ratio"]
        out.append(
            f"  one salvo of {row['salvo']:g} {row['product']} ({row['basis']}) fired at one"
            f" {row['class']}, stopped or not: {low:g} to {high:g}"
        )
    return [*out, found["caveat"]]
