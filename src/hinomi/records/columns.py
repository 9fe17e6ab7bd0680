"""Checks that every record makes once: length, type, and that nobody writes into it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int32]
Keys: TypeAlias = NDArray[np.uint64]


def none() -> Floats:
    """Return a column that nobody filled."""
    return np.empty(0)


def no_ints() -> Ints:
    """Return a column of whole numbers that nobody filled."""
    return np.empty(0, np.int32)


def freeze(record: object, shapes: Mapping[str, tuple[type, tuple[int, ...]]]) -> None:
    """Turn the named fields into read-only arrays of the stated type and check their shapes.

    Parameters
    ----------
    shapes
        field -> (dtype, shape); -1 in a shape accepts any length.

    Raises
    ------
    ValueError
        when a column has another shape: a broken contract between links, not a user's mistake.
    """
    for name, (dtype, shape) in shapes.items():
        array: NDArray[Any] = np.ascontiguousarray(getattr(record, name), dtype=dtype)
        if array.ndim != len(shape) or any(
            w not in (-1, n) for w, n in zip(shape, array.shape, strict=True)
        ):
            raise ValueError(
                f"{type(record).__name__}.{name} has shape {array.shape}; expected {shape}"
            )
        if array.flags.writeable:
            if not array.flags.owndata or array is getattr(record, name):
                array = array.copy() if array.base is not None else array
            array.flags.writeable = False
        object.__setattr__(record, name, array)
