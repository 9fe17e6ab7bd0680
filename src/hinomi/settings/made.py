"""What was formed of one raid under one set of sensors: pictures, events, forecasts on them."""

from __future__ import annotations

from typing import Any, Final

from hinomi.records.places import AlertUnits
from hinomi.settings.cache import Cache
from hinomi.settings.stages import Stages, entry_key

MOST_ITEMS: Final = 24  # pictures and events of a raid that are kept: settings of links add theirs
_FORECASTS: Final = "forecasts"  # as a watchroom calls them
Items = dict[tuple[object, ...], object]


class Made:
    """The items of a watchroom, from the cache where they are there, and back into it.

    Pictures serve every setting that leaves sensors and trackers as they are; forecasts those that
    leave units and spacing as they are, too. Forecasts of the first such group are kept on disk.
    """

    def __init__(self, stages: Stages, cache: Cache | None, *, seed: int, replicate: int) -> None:
        self._cache = cache if stages.kept else None
        self._key = entry_key(stages, seed=seed, replicate=replicate) if self._cache else ""
        self._items: Items = {}
        self._forecasts: list[Any] = []  # [tracks, forecasts] of `_of`
        self._of = stages.forecasts
        self._now: Items | None = None
        self._first = True
        content = self._cache.read(self._key) if self._cache else None
        if content is not None:
            items, of, forecasts = content
            self._items = {tuple(key): item for key, item in items}
            if of == self._of:
                self._forecasts = forecasts
        self._before = self._size()

    def begin(self, stages: Stages, units: AlertUnits) -> Items:
        """Items of the next group of settings; a watchroom adds to them."""
        self._collect()
        self._now = dict(self._items)
        if stages.forecasts == self._of:
            for tracks, found in self._forecasts:
                self._now[_FORECASTS, id(tracks.mean), id(units)] = (found, tracks, units)
        return self._now

    def keep(self) -> None:
        """Put everything into the cache, where something is new."""
        self._collect()
        if self._cache is not None and self._size() != self._before:
            content = [[list(key), item] for key, item in self._items.items()]
            self._cache.write(self._key, [content[:MOST_ITEMS], self._of, self._forecasts])
            self._before = self._size()

    def _collect(self) -> None:
        """Take over what the watchroom of the last group has added."""
        if self._now is None:
            return
        for key, item in self._now.items():
            if key[0] == _FORECASTS:
                continue
            self._items.setdefault(key, item)
        if self._first:  # the group of `_of` comes first
            self._first = False
            self._forecasts = [
                [item[1], item[0]]  # type: ignore[index]
                for key, item in self._now.items()
                if key[0] == _FORECASTS
            ]

    def _size(self) -> tuple[int, int]:
        return min(len(self._items), MOST_ITEMS), len(self._forecasts)
