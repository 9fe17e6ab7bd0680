"""What a scenario has in the sky that was only planned: said wherever its answer is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hinomi.scenario.model import Parameter

_SATELLITES: Final = re.compile(r"^infrared\[(.+)\]\.satellites$")
_NOTE: Final = re.compile(r"^planned(?:; ([^:]+))?(?:: (.+))?$")  # planned; 8 in orbit: SOURCE
LOW_ORBIT_KM: Final = 2000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Satellites of one sensor whose number is noted as planned."""

    satellites: int
    low_orbit: bool
    there: str  # what was there instead, such as "8 in orbit"; empty where nothing is noted
    source: str  # of the plan
    there_source: str

    @property
    def words(self) -> str:
        """The premise in words: `28 planned low-orbit satellites (8 in orbit)`."""
        orbit = "low-orbit " if self.low_orbit else ""
        rest = f" ({self.there})" if self.there else ""
        return f"{self.satellites} planned {orbit}satellites{rest}"


def planned(assumptions: Sequence[Parameter]) -> tuple[Planned, ...]:
    """Sensors in use whose number of satellites has a note that begins with `planned`.

    The form of the note: `planned`, `planned; 8 in orbit`, `planned; 8 in orbit: its source`.
    """
    values = {p.key: p.value for p in assumptions}
    out = []
    for p in assumptions:
        sensor, note = _SATELLITES.match(p.key), _NOTE.match(p.note)
        if sensor is None or note is None or p.value <= 0.0:
            continue
        of = f"infrared[{sensor[1]}]"
        if values.get(f"{of}.availability", 1.0) == 0.0:
            continue
        out.append(
            Planned(
                satellites=round(p.value),
                low_orbit=values.get(f"{of}.altitude_km", LOW_ORBIT_KM + 1.0) <= LOW_ORBIT_KM,
                there=note[1] or "",
                source=p.source,
                there_source=note[2] or "",
            )
        )
    return tuple(out)


def titled(title: str, found: Sequence[Planned]) -> str:
    """A title that does not hide the premise."""
    return f"{title}, with {' and '.join(p.words for p in found)}" if found else title
