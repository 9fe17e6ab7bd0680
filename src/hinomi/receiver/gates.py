"""Output gates as data: closed, unless an output is enrolled in this exercise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hinomi.errors import FenceError, ScenarioError

SCREEN, PRINT, SOUND = "screen", "print", "sound"
OUTPUTS: Final = (SCREEN, PRINT, SOUND)


@dataclass(frozen=True, slots=True)
class Gates:
    """Outputs that are enrolled, and in which exercise; without one all are closed."""

    run: str = ""
    outputs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        odd = [each for each in self.outputs if each not in OUTPUTS]
        if odd:
            raise ScenarioError(
                f"no output {odd[0]!r}; the gates are {', '.join(OUTPUTS)}, all of them simulated"
            )

    def is_open(self, output: str, run: str) -> bool:
        """Whether a message of a run may reach an output."""
        return bool(run) and run == self.run and output in self.outputs


@dataclass(frozen=True, slots=True)
class RelayRule:
    """To whom a receiver may pass a message on: the names on its list, and nobody else."""

    listed: tuple[str, ...] = ()

    def allowed(self, names: Sequence[str], *, scope: str) -> tuple[str, ...]:
        """Those of `names` that may have the message.

        Raises
        ------
        FenceError
            for a name that is not on the list, or a message for its addressees alone.
        """
        odd = [name for name in names if name not in self.listed]
        if odd:
            raise FenceError(
                f"{odd[0]!r} is not on this receiver's list ({', '.join(self.listed) or 'empty'}): "
                "a message of an exercise goes nowhere else"
            )
        if names and scope == "Private":
            raise FenceError("a Private message is for its addressees alone and is not passed on")
        return tuple(dict.fromkeys(names))
