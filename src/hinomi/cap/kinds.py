"""Kinds of message of the profile `hinomi-jp`, and what each becomes in CAP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

EVENT_CODE: Final = "hinomi:event"  # valueName of the project's list of events
PHASE: Final = "hinomi:phase"  # parameter: 1 launch, 2 shelter or passed, 3 fell
PRECISE_TIME: Final = "hinomi:issued"  # parameter: time of issue with fractions, which CAP lacks


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How one kind of message is written."""

    message: str  # msgType
    phase: str
    responses: tuple[str, ...]
    urgency: str
    severity: str
    certainty: str


# The order of a chain. A launch, an order to take shelter, a passage or an end, then the all-clear,
# or `stay` where another chain still asks for shelter; a cancel at any time.
KINDS: Final = {
    "launch": Kind(
        message="Alert", phase="1", responses=("Shelter",), urgency="Immediate",
        severity="Extreme", certainty="Observed",
    ),
    "shelter": Kind(
        message="Update", phase="2", responses=("Shelter",), urgency="Immediate",
        severity="Extreme", certainty="Likely",
    ),
    "passed": Kind(  # no all-clear yet: another may follow
        message="Update", phase="2", responses=("Monitor",), urgency="Past", severity="Moderate",
        certainty="Observed",
    ),
    "stay": Kind(  # this alert ended, but another stands over the same places
        message="Update", phase="2", responses=("Monitor",), urgency="Past", severity="Moderate",
        certainty="Observed",
    ),
    "fell": Kind(  # where nobody is in danger any more, such as at sea
        message="Update", phase="3", responses=("AllClear",), urgency="Past", severity="Minor",
        certainty="Observed",
    ),
    "fell-near": Kind(
        message="Update", phase="3", responses=("Shelter",), urgency="Immediate",
        severity="Severe", certainty="Observed",
    ),
    "all-clear": Kind(
        message="Update", phase="3", responses=("AllClear",), urgency="Past", severity="Minor",
        certainty="Observed",
    ),
    "cancel": Kind(
        message="Cancel", phase="", responses=("AllClear",), urgency="Past", severity="Minor",
        certainty="Observed",
    ),
}  # fmt: skip
