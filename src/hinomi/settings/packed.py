"""Records as bytes and back, bit for bit: arrays once each, everything else as strict JSON.

Two records that share an array before share it afterwards, because who hears the same picture twice
is told by that. Only the record classes named here are ever made from bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

import numpy as np

from hinomi.records.engagements import Refusal
from hinomi.records.plots import Plots
from hinomi.records.tracks import Forecasts, Tracks
from hinomi.study.pictures import Picture
from hinomi.warn.heard import Source

_RECORDS: Final[Mapping[str, type]] = {
    kind.__name__: kind for kind in (Picture, Plots, Tracks, Forecasts, Source, Refusal)
}
_ALIGNED: Final = 64  # bytes
_ARRAY, _RECORD, _TUPLE, _FLOAT = "array", "record", "tuple", "float"


def pack(value: object) -> bytes:
    """Bytes of records, lists and tuples of them, texts and numbers."""
    arrays: dict[int, tuple[int, Any]] = {}  # id -> number, and the array, kept alive
    tree = _told(value, arrays, {})
    table, parts, at = [], [], 0
    for _, array in arrays.values():
        half = _symmetric(array)
        stored = np.ascontiguousarray(array[:, *_lower(array)] if half else array)
        table.append([stored.dtype.str, list(array.shape), half, at])
        gap = -stored.nbytes % _ALIGNED
        parts += [stored.tobytes(), b"\0" * gap]
        at += stored.nbytes + gap
    head = json.dumps({"tree": tree, "arrays": table}, ensure_ascii=False, allow_nan=False).encode()
    return b"".join([len(head).to_bytes(8, "little"), head, *parts])


def unpack(data: bytes) -> Any:
    """Give back what `pack` was given; ValueError or KeyError for other bytes."""
    size = int.from_bytes(data[:8], "little")
    head = json.loads(data[8 : 8 + size])
    arrays = [_array(data, 8 + size, *told) for told in head["arrays"]]
    return _made(head["tree"], arrays, {})


def _array(data: bytes, start: int, kind: str, shape: list[int], half: bool, at: int) -> Any:
    """One array, read-only as records want it."""
    k, n = (shape[0], shape[-1]) if half else (0, 0)
    count = k * n * (n + 1) // 2 if half else int(np.prod(shape))
    flat = np.frombuffer(data, np.dtype(kind), count, start + at)
    if not half:
        return flat.reshape(shape).copy()  # a record keeps it alive without all the bytes
    out = np.empty(shape, flat.dtype)
    rows, columns = np.tril_indices(n)
    out[:, rows, columns] = flat.reshape(k, -1)
    out[:, columns, rows] = out[:, rows, columns]
    return out


def _symmetric(array: Any) -> bool:
    """Whether half of each square of a stack says all; covariances take most of the room."""
    square = array.ndim == 3 and array.shape[1] == array.shape[2] and array.shape[1] > 3
    return bool(square and array.size and np.array_equal(array, array.transpose(0, 2, 1)))


def _lower(array: Any) -> Any:
    return np.tril_indices(array.shape[-1])


def _told(value: Any, arrays: dict[int, tuple[int, Any]], records: dict[int, Any]) -> Any:
    """One value as JSON; arrays and records that were met before are named by their number."""
    if isinstance(value, np.ndarray):
        number, _ = arrays.setdefault(id(value), (len(arrays), value))
        return {_ARRAY: number}
    if type(value).__name__ in _RECORDS:
        if id(value) not in records:
            told = {
                f.name: _told(getattr(value, f.name), arrays, records)
                for f in fields(value)
                if f.init
            }
            records[id(value)] = (len(records), value)
            return {_RECORD: type(value).__name__, "number": records[id(value)][0], "of": told}
        return {_RECORD: "", "number": records[id(value)][0]}
    if isinstance(value, tuple):
        return {_TUPLE: [_told(v, arrays, records) for v in value]}
    if isinstance(value, list):
        return [_told(v, arrays, records) for v in value]
    if isinstance(value, float):
        return {_FLOAT: value.hex()}
    if value is None or isinstance(value, (str, bool, int)):
        return value
    raise TypeError(f"{type(value).__name__} is nothing that is packed")


def _made(tree: Any, arrays: list[Any], records: dict[int, Any]) -> Any:
    if isinstance(tree, list):
        return [_made(v, arrays, records) for v in tree]
    if not isinstance(tree, dict):
        return tree
    if _ARRAY in tree:
        return arrays[tree[_ARRAY]]
    if _TUPLE in tree:
        return tuple(_made(v, arrays, records) for v in tree[_TUPLE])
    if _FLOAT in tree:
        return float.fromhex(tree[_FLOAT])
    if tree[_RECORD]:
        given = {name: _made(v, arrays, records) for name, v in tree["of"].items()}
        records[tree["number"]] = _RECORDS[tree[_RECORD]](**given)
    return records[tree["number"]]
