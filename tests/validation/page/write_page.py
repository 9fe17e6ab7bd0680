"""Write docs/flight_validation.md, docs/validation.md and their pictures from the rows of the tests.

Run with `make validation`. A test compares the page with the rows, number by number.
"""

import functools
import runpy
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PAGE = ROOT / "docs" / "flight_validation.md"
IMAGES = ROOT / "docs" / "images"


@functools.cache
def module(name):
    return runpy.run_path(str(HERE / f"{name}.py"))


# Title -> file, function, what is compared.
SECTIONS = {
    "Minimum-energy flights": (
        "cases_vacuum",
        "minimum_energy",
        "Seven ranges on a sphere that does not turn, without air, from the state of the closed form "
        "to the ground.",
    ),
    "Turning, flattened Earth": (
        "cases_propagator",
        "coasts",
        "Coasts from a state at 50-120 km to the ellipsoid, beside an orbit propagator that others "
        "wrote: its own constants (they differ from ours in the tenth digit of mu and the sixth of "
        "J2, together 0.2 m at most), its own integrator, axes that do not turn, its own geodetic "
        "heights. `tests/validation/propagator/SOURCE.md` says how its answers were made.",
    ),
    "East and west": (
        "cases_propagator",
        "east_and_west",
        "The same speed over the ground, once with and once against the Earth's rotation.",
    ),
    "Drift of orbits": (
        "cases_vacuum",
        "secular_rates",
        "The flight kernel kept in orbit for twenty turns; what the closed form leaves out is of "
        "second order in J2.",
    ),
    "A constant of motion": (
        "cases_vacuum",
        "jacobi",
        "The Jacobi constant of a coast in Earth-fixed axes, largest less smallest.",
    ),
    "Standard atmosphere": (
        "cases_air",
        "atmosphere",
        "The printed tables of the standard below 86 km.",
    ),
    "Ballistic entry": (
        "cases_air",
        "ballistic_entry",
        "Without gravity and in an exponential atmosphere, as the closed form has it. Its path is "
        "straight over flat ground; over a round Earth the angle steepens on the way down, which is "
        "what the 1 % of the shallow entry shows.",
    ),
    "Equilibrium glide": (
        "cases_air",
        "equilibrium_glide",
        "A flight under the glide law in the standard atmosphere, from 6 to 2 km/s. The closed form "
        "flies at the Earth's radius, the body 30-50 km above it; the law's slope takes one scale "
        "height for all heights, the standard atmosphere has 6.4-8.1 km.",
    ),
    "Whole flights of generic classes": (
        "cases_flight",
        "solved",
        "Boost, coast and entry, the kick solved for the apogee, beside a fixed-step Runge-Kutta "
        "program written apart from this one.",
    ),
    "Convergence": (
        "cases_flight",
        "convergence",
        "Distance between two impacts of the same flight at two tolerances; the default is "
        "{default:g}.",
    ),
}


@functools.cache
def rows():
    """Title of each section -> its rows."""
    return {
        title: list(module(file)[function]()) for title, (file, function, _) in SECTIONS.items()
    }


def number(value, decimals):
    """A number as printed; no minus before a zero."""
    text = f"{value:,.{decimals}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.,") else text


def lines_of(found):
    """A table of rows."""
    yield "| case | quantity | theirs | ours | difference | tolerance |"
    yield "|---|---|---:|---:|---:|---:|"
    last = ""
    for row in found:
        cells = (
            "" if row.case == last else row.case,
            f"{row.quantity}, {row.unit}",
            number(row.theirs, row.decimals),
            number(row.ours, row.decimals),
            number(row.difference, row.decimals),
            f"{row.tolerance:.0f}" if row.tolerance >= 10.0 else f"{row.tolerance:.2g}",
        )
        last = row.case
        yield f"| {' | '.join(cells)} |"


def ladder():
    """Table of the impact error at each tolerance."""
    flight = module("cases_flight")
    names = list(flight["FLIGHTS"])
    yield f"| tolerance | {' | '.join(f'{name}, m' for name in names)} |"
    yield f"|---|{'---:|' * len(names)}"
    for tolerance in flight["LADDER"]:
        errors = (flight["impact_error_m"](name, tolerance) for name in names)
        yield f"| {tolerance:g} | {' | '.join(error_text(e) for e in errors)} |"


def error_text(metres):
    """An error with the digits that mean something: processors differ in the centimetres."""
    return f"{metres:.0f}" if metres >= 10.0 else f"{metres:.1f}"


def history():
    """Published launches, those that miss too."""
    found = module("cases_history")["launches"]()
    inside = sum(row.holds for row, _ in found)
    yield "## Published launches"
    yield ""
    yield (
        "Apogee and range are put in, so only the time is tested; the class's burn time was fixed "
        f"before. {inside} of {len(found)} are inside {module('cases_history')['TOLERANCE_S']:.0f} s. "
        "More on [the page of the launches](history.md)."
    )
    yield ""
    yield "| launch | quantity | published | by | ours | difference | inside | likely cause of the difference |"
    yield "|---|---|---:|---|---:|---:|---|---|"
    for row, cause in found:
        yield (
            f"| {row.case} | {row.quantity}, {row.unit} | {number(row.theirs, 0)} | {row.source} "
            f"| {number(row.ours, 0)} | {number(row.difference, 0)} "
            f"| {'yes' if row.holds else 'no'} | {cause} |"
        )
    yield ""


def page():
    """The whole page as text."""
    return "\n".join(_page())


def _page():
    everything = [row for found in rows().values() for row in found]
    yield "# Flight: theirs, ours, difference"
    yield ""
    yield (
        "Every row compares a flight of hinomi with something hinomi did not produce. The rows are "
        "those that the tests assert on, and `make validation` writes this page from them; a test "
        "fails when a number here is not what the code gives. Validation of the other links is on "
        "[the page of the whole chain](validation.md)."
    )
    yield ""
    held = sum(row.holds for row in everything)
    yield f"{held} of {len(everything)} rows are inside their tolerance."
    yield ""
    yield "![Difference over tolerance of every row](images/flight_validation_differences.png)"
    yield ""
    for title, (_, _, told) in SECTIONS.items():
        yield f"## {title}"
        yield ""
        yield told.format(default=module("cases_flight")["DEFAULT_TOLERANCE"])
        sources = ", ".join(dict.fromkeys(row.source for row in rows()[title]))
        if sources != "itself":
            yield f"Theirs: {sources}."
        yield ""
        yield from lines_of(rows()[title])
        yield ""
        if title == "Equilibrium glide":
            yield "![Entry and glide beside their closed forms](images/flight_validation_air.png)"
            yield ""
        if title == "Convergence":
            finest = module("cases_flight")["FINEST"]
            yield f"Distance of the impact from that at a tolerance of {finest:g}:"
            yield ""
            yield from ladder()
            yield ""
            yield "![Impact error against tolerance](images/flight_validation_convergence.png)"
            yield ""
    yield from history()
    yield "## What no row proves"
    yield ""
    yield (
        "Masses, thrust and ballistic coefficients of the classes are rounded public estimates, the "
        "pitch programme and the glide law are assumed, and winds are left out: a flight that is "
        "integrated without error is still one of a generic body."
    )
    yield ""


def main():
    PAGE.write_text(page(), encoding="utf-8")
    module("write_chain")["main"]()
    module("pictures")["draw"](rows(), IMAGES)
    links = module("cases_links")
    found = {link: links["rows_of"](link) for link in links["LINKS"]}
    module("pictures")["draw_links"]({"threat": rows()} | found, IMAGES)


if __name__ == "__main__":
    main()
