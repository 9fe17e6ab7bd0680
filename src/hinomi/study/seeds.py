"""Where chance comes from: every number is addressed by seed, kind, entity, replicate and slot.

Nothing is ever "the next number", so a replicate is the same for any number of workers, any order
of batches and any subset of architectures, and architectures are compared on common random numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from hinomi.errors import ScenarioError
from hinomi.records.columns import Floats, Keys
from hinomi.records.draws import KINDS, fill_uniforms
from hinomi.scenario.identity import entity_id

SEED_LIMIT: Final = 2**63  # seeds are stored as signed 64-bit numbers


@final
@dataclass(frozen=True, slots=True)
class AddressedDraws:
    """The draws of one replicate; implements `records.draws.Draws`.

    The key of a stream is (seed, kind << 32 | entity), entity being the CRC-32 of its text.
    """

    seed: int
    replicate: int

    def __post_init__(self) -> None:
        if not 0 <= self.seed < SEED_LIMIT:
            raise ScenarioError(f"the seed is {self.seed}; it must lie in 0..{SEED_LIMIT - 1}")
        if not 0 <= self.replicate < SEED_LIMIT:
            raise ValueError(f"replicate is {self.replicate}; it must be 0 or more")

    def keys(self, kind: str, entities: Sequence[str]) -> Keys:
        """(E, 2) uint64 keys of the streams of these entities."""
        out = np.empty((len(entities), 2), np.uint64)
        out[:, 0] = self.seed
        out[:, 1] = [_second_word(kind, entity) for entity in entities]
        return out

    def uniforms(self, kind: str, entity: str, count: int, *, slot: int = 0) -> Floats:
        """(count,) uniforms in (0, 1) at slots slot, slot + 1, ... of one stream."""
        out = np.empty(count, np.float64)
        fill_uniforms(
            np.uint64(self.seed),
            np.uint64(_second_word(kind, entity)),
            np.uint64(self.replicate),
            slot,
            out,
        )
        return out


def _second_word(kind: str, entity: str) -> int:
    if kind not in KINDS:
        raise KeyError(f"{kind!r} is no kind of draw; known are {', '.join(KINDS)}")
    return (KINDS[kind] << 32) | entity_id(entity)


def auxiliary(purpose: str) -> np.random.Generator:
    """Make a fixed generator for statistics, never for the chain: always the same numbers."""
    return np.random.Generator(np.random.Philox(key=[0, entity_id(purpose)]))
