"""What every picture, page and file must say about itself; written in this one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hinomi.errors import FenceError, ScenarioError

NOT_AUTHORITATIVE: Final = "Boundaries are not authoritative. 境界は公式のものではありません。"
WORLD_VINTAGE: Final = "World outlines: Made with Natural Earth (4.1, 2018)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """The permanent line on top of everything that is shown."""

    word: str  # "STUDY" or "EXERCISE": first word of descriptions
    english: str  # for drawings, which hold no Japanese
    japanese: str
    ink: str
    ground: str  # background colour
    file_prefix: str  # names of files handed over begin with it

    @property
    def text(self) -> str:
        """Both languages in one line."""
        return f"{self.english}  {self.japanese}"


def banner(status: str, *, reconstruction: bool = False) -> Banner:
    """Return the banner of a status that comes from the data.

    Parameters
    ----------
    status
        `study` (a run, comparison, sweep, replay), `exercise` or `test` (a message's status).
    reconstruction
        a replay of a public launch: most easily mistaken for news, so it says so.

    Raises
    ------
    FenceError
        on `actual`: nothing here is ever a real warning.
    ScenarioError
        on any other word.
    """
    key = status.lower()
    if key == "actual":
        raise FenceError(
            "status 'Actual' is refused: hinomi studies warnings and sends none; "
            "use Exercise or Test"
        )
    if key == "study":
        english = "STUDY - computed from notional data, not a warning"
        japanese = "研究 - 仮想条件による計算結果であり警報ではありません"
        if reconstruction:
            english, japanese = f"{english} - RECONSTRUCTION", f"{japanese} - 再現"
        ground = "#56B4E9"
    elif key in ("exercise", "test"):
        english, japanese = "EXERCISE - EXERCISE - EXERCISE", "訓練 訓練 訓練"
        if key == "test":
            english, japanese = f"{english} - TEST", f"{japanese} 試験"
        ground = "#F0E442"
    else:
        raise ScenarioError(f"no status {status!r}; it is study, exercise or test")
    word = "STUDY" if key == "study" else "EXERCISE"
    return Banner(
        word=word,
        english=english,
        japanese=japanese,
        ink="#000000",
        ground=ground,
        file_prefix=f"{word.lower()}-",
    )


def vintage_lines(
    places_vintage: str, *, scenario: str, scenario_hash: str, version: str, imported: str = ""
) -> tuple[str, ...]:
    """Footer of a map: boundaries and people, world outlines, scenario, software.

    Parameters
    ----------
    places_vintage
        `Places.vintage`.
    imported
        name and date of a boundary file of the user's own, where one was used.
    """
    boundaries = [f"Imported boundaries: {imported}."] if imported else []
    return (
        *boundaries,
        places_vintage,
        WORLD_VINTAGE,
        f"Scenario {scenario} ({scenario_hash}). Software hinomi {version}.",
        NOT_AUTHORITATIVE,
    )


def file_name(status: str, name: str) -> str:
    """Name of a file that is handed over: it begins with what it is."""
    prefix = banner(status).file_prefix
    return name if name.startswith(prefix) else prefix + name


def description(status: str, lines: Sequence[str], *, reconstruction: bool = False) -> str:
    """Text for the metadata of a picture: banner, then what it shows."""
    return " ".join([banner(status, reconstruction=reconstruction).text + ".", *lines])
