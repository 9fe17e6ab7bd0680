"""What the batch works on: live tracks, the reports, the rules, the rows it writes."""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hinomi.records.columns import Floats

Integers: TypeAlias = NDArray[np.int64]

FREE: Final = -1  # state of a slot without a track; else a status of records.tracks
SENSOR_BITS: Final = 61  # sensors a word has bits for; the next ones have the next pair of words
SHARED: Final = 1 << 61  # bit of a track that used a report of several bodies, in its first word
STARTED: Final = 1 << 62  # bit of a track that began this second, no sensor's own, there too

# What a report has been used for so far this second.
OPEN, TAKEN, GATED, RELEASED = range(4)


# Columns of Slots.n: whole numbers of a live track.
(
    S_STATE,
    S_NUMBER,
    S_HITS,
    S_GRADE,
    S_INFRARED,  # 1: started by infrared
    S_LIT,  # 1: last used an infrared report
    S_ALONE,  # the only sensor so far of a start from one satellite; else -1
    S_PLOT,  # last report used
    S_OTHER,  # the earlier report of a start from two; else -1
    S_SIZE,  # degrees of freedom of the last innovation, 0 for the reports of a start
    S_DOUBLES,  # bits: in which of its last five frames the doubler saw two in its gate
    S_DOUBLER,
    S_ROW,  # its last row
    S_BEST,  # report that a firm track will use this second; else -1
    S_SENSORS,  # bit per sensor of the first 61 that reported it this second
    S_KNOWN,  # the same over its life; then both words of the next 61 sensors, and so on
) = range(16)
WORDS: Final = 2  # columns of each 61 sensors
# Columns of Slots.f: the other numbers of a live track.
(
    S_BORN_S,
    S_LAST_S,  # time of the last report used
    S_READY_S,  # largest availability so far
    S_MISFIT,  # squared normalised innovation of the last report
    S_GAIN,  # what the best report brings
    S_WIDE,  # variance to be added to it, across and along
    S_DEEP,
    S_LOOK_S,  # interval of the looks that started it
) = range(8)
# Columns of Reports.f and Reports.n.
(
    R_T_S,
    R_READY_S,
    R_RANGE_M,
    R_SIGMA_LOS,
    R_SIGMA_RANGE,
    R_RATE,
    R_SIGMA_RATE,
    R_LOOK_S,  # interval at which its sensor looks at what it holds
) = range(8)
(
    R_SENSOR,
    R_USED,  # OPEN, TAKEN, GATED by a firm track, RELEASED to start another beside it
    R_PARENT,  # slot of the firm track beside which a RELEASED report lies
    R_FATE,
) = range(4)


class Slots(NamedTuple):
    """Numbers of the live tracks, one row a slot; few wide arrays, because each costs at a call."""

    x: Floats  # (T, M, 9) by mode
    p: Floats  # (T, M, 9, 9)
    mu: Floats  # (T, M)
    cx: Floats  # (T, 9) of the mixture
    cp: Floats  # (T, 9, 9)
    f: Floats  # (T, 8)
    n: Integers  # (T, 14 + 2 for each 61 sensors)
    pair: Floats  # (2, T, T): how long two have been one in all but name; when last told apart [s]
    missed: Floats  # (T, S) looks of each sensor that should have shown it and did not


class Reports(NamedTuple):
    """The reports in order of time, and what became of them."""

    f: Floats  # (P, 8)
    n: Integers  # (P, 4)
    place: Floats  # (P, 2, 3) site, line of sight
    axes: Floats  # (P, 2, 3) across each line of sight


class Pairs(NamedTuple):
    """Tracks and reports within each other's gates at one second, by place in two lists."""

    row: Integers  # (C,) place in `slots`
    column: Integers  # (C,) place in `reports`
    cost: Floats  # (C,) squared distance plus the logarithm of its volume
    slots: Integers
    reports: Integers


class Scratch(NamedTuple):
    """Working space for one group of reports: N tracks or reports, C pairs of them."""

    rows: Integers  # (N,) tracks, or later reports of a start
    columns: Integers  # (N,) reports
    match: Integers  # (N,) place in `columns` of each row
    free: NDArray[np.bool_]  # (N,)
    row: Integers  # (C,) of `Pairs`
    column: Integers  # (C,)
    cost: Floats  # (C,)
    x: Floats  # (9,) of a start
    p: Floats  # (9, 9)


class Rules(NamedTuple):
    """Numbers of the tracker."""

    hits: int
    looks: int
    gate1: float  # limits of squared distance in one, two and three dimensions
    gate2: float
    gate3: float
    pair_s: float  # between the two lines of sight of a first stereo fix
    drop_s: float
    drop_m: float
    drop_misses: int
    speed: float
    joint_limit: int
    detection: float
    gate: float  # probability
    clutter_m3: float
    clutter_sr: float
    single_ok: bool  # and confirm it
    template: tuple[float, float, float, float]


class Out(NamedTuple):
    """Rows written."""

    times: Floats
    mean: Floats
    cov: Floats
    mode: Floats
    marks: Integers


ROWS, BEGUN, HIGH = range(3)  # counters: rows written, tracks started, slots in use lie below


def make_slots(size: int, *, modes: int, sensors: int) -> Slots:
    """Return slots for `size` live tracks, all free."""
    t, words = size, max(1, -(-sensors // SENSOR_BITS))
    return Slots(
        x=np.empty((t, modes, 9)), p=np.empty((t, modes, 9, 9)), mu=np.empty((t, modes)),
        cx=np.empty((t, 9)), cp=np.empty((t, 9, 9)), f=np.zeros((t, 8)),
        n=np.full((t, S_SENSORS + WORDS * words), FREE, np.int64), pair=np.empty((2, t, t)),
        missed=np.empty((t, sensors)),
    )  # fmt: skip


def make_scratch(size: int, pairs: int = 4096) -> Scratch:
    """Return working space for so many tracks or reports at once, and pairs of them."""
    return Scratch(
        rows=np.empty(size, np.int64), columns=np.empty(size, np.int64),
        match=np.empty(size, np.int64), free=np.empty(size, np.bool_),
        row=np.empty(pairs, np.int64), column=np.empty(pairs, np.int64), cost=np.empty(pairs),
        x=np.empty(9), p=np.empty((9, 9)),
    )  # fmt: skip


def make_out(rows: int, *, modes: int) -> Out:
    """Return room for so many rows."""
    return Out(
        times=np.empty((rows, 3)), mean=np.empty((rows, 9)), cov=np.empty((rows, 9, 9)),
        mode=np.zeros((rows, modes)), marks=np.empty((rows, 5), np.int64),
    )  # fmt: skip
