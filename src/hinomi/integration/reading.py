"""From the tables of a run to games: worth by coalition, the split, and what else is read from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hinomi.integration.flags import (
    AUTHORITY,
    Coalition,
    coalitions,
    effective,
    flags_of,
    name_of,
    players_of,
)
from hinomi.integration.resample import mean_intervals
from hinomi.integration.shapley import interactions, marginals, shapley
from hinomi.records.columns import Floats
from hinomi.records.engagements import Architecture
from hinomi.study.statistics import Interval, sign_flip_p
from hinomi.study.summary import Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """How one change is split over flags; every number an interval over replicates."""

    total: Interval  # all flags minus none, on the terms of `top`
    shares: Mapping[str, Interval]
    alone: Mapping[str, Interval]
    last: Mapping[str, Interval]
    pairs: Mapping[tuple[str, str], Interval]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of one pair of architectures."""

    n: int
    left_out: int  # replicates in which some coalition has no finite value
    unchanged: int  # replicates in which the two architectures as written give the same
    bottom: Interval
    top: Interval
    change: Interval  # as written: top minus bottom
    p_sign_flip: float
    link: Interval  # links and refusals of `top` in place of those of `bottom`, before any flag
    equal: Split  # decision times equal
    faster: Split  # with `single_authority` as one more flag
    change_faster: Interval  # top with a single authority, minus bottom as written
    by_replicate: Floats  # (N,) change as written; NaN where left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What is compared: `top` shares more than `bottom`."""

    bottom: Architecture
    top: Architecture

    @property
    def players(self) -> tuple[str, ...]:
        """Sharing flags that are split over."""
        return players_of(self.bottom, self.top)

    def name(self, flags: Coalition) -> str:
        """Name in tables of the coalition of these players."""
        return name_of(effective(flags_of(self.bottom) | flags))


def worth_of(found: Measured, pair: Pair, metric: str) -> dict[Coalition, Floats]:
    """(N,) values of a figure for each set of flags, the faster authority included."""
    players = (*pair.players, AUTHORITY)
    return {c: found.of(pair.name(c), metric) for c in coalitions(players)}


def figure(found: Measured, pair: Pair, metric: str) -> Figure:
    """Split one figure over the flags of a pair."""
    worth = worth_of(found, pair, metric)
    written = [found.of(a.name, metric) for a in (pair.bottom, pair.top)]
    whole = finite_rows([*worth.values(), *written])
    low, high = (w[whole] for w in written)
    games = {c: w[whole] for c, w in worth.items()}
    everybody = frozenset(pair.players)
    main = mean_intervals(
        {
            "bottom": low,
            "top": high,
            "change": high - low,
            "link": games[frozenset()] - low,
            "faster": games[everybody | {AUTHORITY}] - low,
        }
    )
    changes = np.full(len(whole), np.nan)
    changes[whole] = high - low
    n = int(whole.sum())
    return Figure(
        n=n,
        left_out=len(whole) - n,
        unchanged=int(np.sum(high == low)),
        bottom=main["bottom"],
        top=main["top"],
        change=main["change"],
        p_sign_flip=float(sign_flip_p((high - low)[:, None])[0]) if n else float("nan"),
        link=main["link"],
        equal=split({c: w for c, w in games.items() if AUTHORITY not in c}, pair.players),
        faster=split(games, (*pair.players, AUTHORITY)),
        change_faster=main["faster"],
        by_replicate=changes,
    )


def split(games: Mapping[Coalition, Floats], players: Sequence[str]) -> Split:
    """Shapley split, marginals and interactions with their intervals, all from the same resamples."""
    total = games[frozenset(players)] - games[frozenset()]
    columns: dict[tuple[str, ...], Floats] = {("total",): total}
    columns |= {("share", p): v for p, v in shapley(games, players).items()}
    for p, (alone, last) in marginals(games, players).items():
        columns |= {("alone", p): alone, ("last", p): last}
    columns |= {("pair", *two): v for two, v in interactions(games, players).items()}
    found = mean_intervals(columns)
    return Split(
        total=found["total",],
        shares={p: found["share", p] for p in players},
        alone={p: found["alone", p] for p in players},
        last={p: found["last", p] for p in players},
        pairs={(k[1], k[2]): v for k, v in found.items() if k[0] == "pair"},
    )


def finite_rows(columns: Iterable[Floats]) -> NDArray[np.bool_]:
    """(N,) replicates in which every column is finite."""
    return np.logical_and.reduce([np.isfinite(column) for column in columns])  # type: ignore[no-any-return]
