"""The card of the set: README.md of its folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hinomi.benchmark.columns import COVARIANCE, PLOT_COLUMNS, STATE, TRACK_COLUMNS

_WORDS: Final = {
    "case": ("text", "name of the case"),
    "seed": ("", "number of the realisation, from 0"),
    "plot": ("", "number of the plot within its realisation, from 0"),
    "t_s": ("s", "time since the epoch of the case; of a plot that of its measurement"),
    "t_available_s": (
        "s",
        "when the owner of the picture has it: latency, and relay where foreign",
    ),
    "sensor": ("text", "name of the sensor"),
    "owner": ("text", "nation that owns it"),
    "site_x_m": ("m", "where the sensor was then; also site_y_m, site_z_m"),
    "los_x": ("", "unit vector from the sensor to the object; also los_y, los_z"),
    "range_m": ("m", "NaN for infrared"),
    "sigma_range_m": ("m", "one sigma; NaN for infrared"),
    "sigma_los_rad": ("rad", "one sigma of the line of sight, on each of the two axes across it"),
    "snr_db": ("dB", "signal to noise as the sensor states it"),
    "range_rate_mps": ("m/s", "NaN where not measured"),
    "sigma_range_rate_mps": ("m/s", "one sigma; NaN where not measured"),
    "track": ("", "number of the track within its realisation"),
    "x_m": ("m", "position; also y_m, z_m"),
    "vx_mps": ("m/s", "velocity; also vy_mps, vz_mps"),
}


def _rows(names: tuple[str, ...]) -> list[str]:
    rows = ["| column | unit | meaning |", "|---|---|---|"]
    return rows + [f"| `{n}` | {_WORDS[n][0]} | {_WORDS[n][1]} |" for n in names if n in _WORDS]


_TEXT: Final = """\
# Benchmark set: {set}, v{version}

Plots of generic sensors on generic ballistic and gliding bodies over an empty sea, with the truth apart.
For trackers of any make: read the plots, write tracks, score them.

Everything is simulated and notional: classes of bodies and sensors are rounded public estimates, never a named
system's data. A score on this set says how trackers compare on these assumptions, not how any real system performs.

## Cases

{seeds} realisations each, numbered by `seed` from 0.

| case | title | what | plots |
|---|---|---|---|
{cases}

## Files

- `plots/CASE.parquet`: all that a tracker may see, by seed, time and sensor.
- `truth/states/CASE.parquet`: true position, velocity, height, phase and kind of each body each second.
- `truth/plots/CASE.parquet`: which body caused each plot; empty where nothing is there.
- `truth/scenarios/CASE.toml`: the scenario, with every number behind it.
- `manifest.json`: sensors and tracker settings of each case, and the SHA-256 of every file.

A tracker that reads anything below `truth/` is not comparable.

All coordinates are Earth-fixed WGS-84 (x through Greenwich, z north), SI units.
Infrared sensors have a constant unknown bias a realisation beside their stated noise.

## Columns of plots

{plot_columns}

## Columns of tracks, as they are scored

One Parquet file, or a folder of them. One row for each track and time at which it has an estimate worth showing
(confirmed); rows predicted between plots may be added.

{track_columns}

Optional, all 21 or none: the upper triangle of the covariance of position and velocity, row by row in the order of
x, y, z, vx, vy, vz:
{covariance}.

## Score

```sh
hinomi benchmark score DIR TRACKS
```

What each figure is stands in the documentation of hinomi, page *Benchmark*.

## Made with

hinomi {hinomi}, numpy {numpy}, numba {numba}, pyarrow {pyarrow}; random seed {seed}.
The same versions give the same bytes: `hinomi benchmark write DIR`.

Licence: {licence}.
"""


def card(manifest: Mapping[str, Any]) -> str:
    """Text of the card."""
    cases = [
        f"| `{name}` | {told['title']} | {told['summary']} | {told['plots']:,} |"
        for name, told in manifest["cases"].items()
    ]
    return _TEXT.format(
        **{key: manifest[key] for key in ("set", "version", "seeds", "seed", "licence")},
        **manifest["made_with"],
        cases="\n".join(cases),
        plot_columns="\n".join(_rows(PLOT_COLUMNS)),
        track_columns="\n".join(_rows((*TRACK_COLUMNS[:4], *STATE))),
        covariance=", ".join(f"`{name}`" for name in COVARIANCE),
    )
