"""Live tracks: where their numbers are kept."""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hinomi.records.columns import Floats

Integers: TypeAlias = NDArray[np.int64]

FREE: Final = -1  # state of a slot without a track; else a status of records.tracks


class Slots(NamedTuple):
    """Numbers of the live tracks, one row a slot."""

    x: Floats  # (T, 4, 9) by mode
    p: Floats  # (T, 4, 9, 9)
    mu: Floats  # (T, 4)
    cx: Floats  # (T, 9) of the mixture
    cp: Floats  # (T, 9, 9)
    born_s: Floats
    last_s: Floats  # time of the last report used
    ready_s: Floats  # largest availability so far
    state: Integers
    number: Integers
    hits: Integers
    grade: Integers
    infrared: Integers  # 1: started by infrared
    plot: Integers  # last report used
    misfit: Floats  # its squared normalised innovation
    size: Integers  # its degrees of freedom, 0 for the reports of a start
    sensors: Integers  # bit per sensor (modulo 62) that reported it this second
    row: Integers  # its last row
    close_s: Floats  # (T, T) how long two tracks have been one in all but name
    apart_s: Floats  # (T, T) when one sensor last saw the two as two


def make_slots(size: int) -> Slots:
    """Return slots for `size` live tracks, all free."""
    t = size
    none = np.full(t, FREE, np.int64)
    return Slots(
        x=np.empty((t, 4, 9)), p=np.empty((t, 4, 9, 9)), mu=np.empty((t, 4)),
        cx=np.empty((t, 9)), cp=np.empty((t, 9, 9)),
        born_s=np.empty(t), last_s=np.empty(t), ready_s=np.empty(t),
        state=none, number=none.copy(), hits=none.copy(), grade=none.copy(), infrared=none.copy(),
        plot=none.copy(), misfit=np.zeros(t), size=np.zeros(t, np.int64), sensors=none.copy(), row=none.copy(),
        close_s=np.empty((t, t)), apart_s=np.empty((t, t)),
    )  # fmt: skip
