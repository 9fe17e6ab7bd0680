"""What may happen to a message and to an incident: states with a rank, and no way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from hinomi.errors import HinomiError


class NotNowError(HinomiError):
    """A step that the state of a message, an incident or an exercise does not allow."""


# state -> rank. Every step of STEPS goes to a higher rank, so no sequence of steps comes back.
MESSAGE_STEPS: Final[Mapping[str, Mapping[str, str]]] = {
    "proposed": {"check": "checked", "reject": "rejected", "lapse": "lapsed", "hold": "held"},
    "checked": {"release": "released", "reject": "rejected", "lapse": "lapsed"},
    "released": {
        "replace": "replaced", "clear": "cleared", "cancel": "cancelled", "expire": "expired",
    },
}  # fmt: skip
INCIDENT_RANK: Final[Mapping[str, int]] = {
    "open": 0, "alerted": 1, "cleared": 2, "cancelled": 2, "expired": 2, "dismissed": 2,
}  # fmt: skip
INCIDENT_STEPS: Final[Mapping[str, Mapping[str, str]]] = {
    "open": {"alert": "alerted", "dismiss": "dismissed"},
    "alerted": {"clear": "cleared", "cancel": "cancelled", "expire": "expired"},
}
ENDED: Final = frozenset(s for s in INCIDENT_RANK if s not in INCIDENT_STEPS)


def message_after(state: str, step: str) -> str:
    """State of a message after a step; NotNowError where the step is not allowed."""
    return _after("message", MESSAGE_STEPS, state, step)


def incident_after(state: str, step: str) -> str:
    """State of an incident after a step; NotNowError where the step is not allowed."""
    return _after("incident", INCIDENT_STEPS, state, step)


def _after(what: str, steps: Mapping[str, Mapping[str, str]], state: str, step: str) -> str:
    found = steps.get(state, {})
    if step not in found:
        allowed = ", ".join(found) or "nothing more"
        raise NotNowError(
            f"a {what} that is {state} cannot {step}; possible is {allowed}: look at the journal "
            "for what came before"
        )
    return found[step]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One threat track and episode: its state and the keys of its messages, oldest first."""

    name: str
    state: str = "open"
    keys: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()  # municipalities whose alert stands

    def stepped(self, step: str, *, key: str = "", codes: tuple[str, ...] = ()) -> Incident:
        """The incident after a step; `update` keeps an alerted incident alerted."""
        keys = (*self.keys, key) if key else self.keys
        if step == "update":
            if self.state != "alerted":
                raise NotNowError(
                    f"incident {self.name} is {self.state}: there is nothing to update; a new "
                    "danger is a new incident"
                )
            return replace(self, keys=keys, codes=codes)
        return replace(self, state=incident_after(self.state, step), keys=keys, codes=codes)

    @property
    def revision(self) -> int:
        """Number of the next message."""
        return len(self.keys)

    @property
    def ended(self) -> bool:
        """Whether nothing follows any more."""
        return self.state in ENDED
