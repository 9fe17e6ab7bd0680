"""Pictures of the page: every difference over its tolerance, closed forms in air, convergence."""

import math
import runpy
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#888888"
STYLE = {
    "font.family": ["DejaVu Sans"],
    "font.size": 10.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.grid": True,
    "grid.color": "#e4e7eb",
    "axes.axisbelow": True,
    "figure.facecolor": "white",
}


def draw(rows, folder):
    """Write the three pictures as PNG files."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    with plt.rc_context(STYLE):
        for name, figure in (
            ("differences", _differences(plt, rows)),
            ("air", _air(plt)),
            ("convergence", _convergence(plt)),
        ):
            # Without the version of the library in the file.
            target = folder / f"flight_validation_{name}.png"
            figure.savefig(target, dpi=110, bbox_inches="tight", metadata={"Software": None})
            plt.close(figure)


def draw_links(links, folder):
    """Write `link-NAME.svg` for each link: every difference over its tolerance."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    with plt.rc_context(STYLE | {"svg.fonttype": "none", "svg.hashsalt": "hinomi"}):
        for link, rows in links.items():
            figure = _differences(plt, rows, size=(8.2, 1.5 + 0.42 * len(rows)))
            told = {"Date": None, "Creator": None, "Title": f"{link}: differences over tolerances"}
            figure.savefig(folder / f"link-{link}.svg", bbox_inches="tight", metadata=told)
            plt.close(figure)


def _differences(plt, rows, size=(8.2, 4.6)):
    figure, axes = plt.subplots(figsize=size)
    least = 1e-6
    for i, found in enumerate(rows.values()):
        share = [max(least, abs(row.difference) / row.tolerance) for row in found]
        # Rows of one kind lie beside each other, not on each other.
        y = i + np.linspace(-0.28, 0.28, len(share)) if len(share) > 1 else [i]
        axes.plot(share, y, "o", color=BLUE, ms=5, alpha=0.65, mew=0)
    axes.axvline(1.0, color=ORANGE, lw=1.6)
    axes.text(0.92, -0.75, "tolerance", color=ORANGE, ha="right", va="center")
    axes.set_xscale("log")
    axes.set_xlim(0.6 * least, 3.0)
    axes.set_ylim(len(rows) - 0.4, -1.1)
    axes.set_yticks(range(len(rows)), list(rows))
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("difference over tolerance (smaller than a millionth: drawn at the left edge)")
    return figure


def _air(plt):
    air = runpy.run_path(str(HERE / "cases_air.py"))
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 3.9), constrained_layout=True)
    for (speed, degrees), colour in (((5700.0, 35.0), ORANGE), ((3000.0, 45.0), BLUE)):
        angle, beta = math.radians(degrees), 400.0
        path = air["entry"](speed, angle, beta)
        v = np.linalg.norm(path.v_mps, axis=1)
        h = np.linspace(0.0, 90e3, 400)
        exponent = 1.225 * np.exp(-h / air["H"]) * air["H"] / (2.0 * beta * math.sin(angle))
        closed = speed * math.exp(0.005) * np.exp(-exponent)
        left.plot(closed / 1e3, h / 1e3, color=colour, lw=1.6, label=f"closed form, {degrees:.0f}°")
        left.plot(
            v[::2] / 1e3,
            path.height_m[::2] / 1e3,
            "o",
            ms=4,
            mfc="white",
            color=colour,
            label="flight",
        )
    left.set_xlabel("speed, km/s")
    left.set_ylabel("height, km")
    left.set_title("Ballistic entry (Allen and Eggers)", fontsize=10.5)
    left.legend(frameon=False, fontsize=9, loc="upper left")
    left.set_xlim(0.0, None)
    left.set_ylim(0.0, 75.0)
    for ratio, colour in ((2.0, GREEN), (2.6, BLUE), (3.0, ORANGE)):
        path = air["glide"](ratio)
        v = np.linalg.norm(path.v_mps, axis=1)
        kept = v >= 2000.0
        speeds = np.linspace(2000.0, 6000.0, 80)
        closed = [air["height_m"](float(s), ratio) / 1e3 for s in speeds]
        right.plot(speeds / 1e3, closed, color=colour, lw=1.6, label=f"closed form, L/D {ratio}")
        right.plot(
            v[kept][::60] / 1e3,
            path.height_m[kept][::60] / 1e3,
            "o",
            ms=4,
            mfc="white",
            color=colour,
        )
    right.invert_xaxis()
    right.set_xlabel("speed, km/s")
    right.set_ylabel("height, km")
    right.set_title("Equilibrium glide (circles: flight)", fontsize=10.5)
    right.legend(frameon=False, fontsize=9)
    return figure


def _convergence(plt):
    flight = runpy.run_path(str(HERE / "cases_flight.py"))
    figure, axes = plt.subplots(figsize=(6.6, 3.9))
    tolerances = 10.0 ** np.linspace(-11.0, -5.0, 25)
    for (name, _), colour, mark in zip(
        flight["FLIGHTS"].items(), (BLUE, ORANGE), "os", strict=True
    ):
        errors = [max(1e-4, flight["impact_error_m"](name, float(t))) for t in tolerances]
        axes.plot(tolerances, errors, marker=mark, ms=4, lw=1.2, color=colour, label=name)
    axes.axhline(50.0, color=GREY, lw=1.2)
    axes.text(3e-12, 58.0, "50 m", color="#555555", va="bottom")
    axes.axvline(flight["DEFAULT_TOLERANCE"], color=GREY, lw=1.2, ls="--")
    axes.text(
        flight["DEFAULT_TOLERANCE"], 2e-3, " default", color="#555555", ha="left", va="bottom"
    )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("tolerance of one step")
    axes.set_ylabel("impact error, m")
    axes.set_xlim(2.5e-12, 1.6e-5)
    axes.legend(frameon=False, loc="upper left")
    return figure
