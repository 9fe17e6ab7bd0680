"""Scenario files: the bundled ones and those of the workspace, checked before they are written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from hinomi.errors import HinomiError, ScenarioError
from hinomi.scenario.load import load_text, scenario_names, scenario_text
from hinomi.scenario.model import Scenario
from hinomi.web.headlines import title_ja
from hinomi.web.mistake_words import problem
from hinomi.web.problems import BAD, ProblemError, missing
from hinomi.web.workspace import SCENARIOS

NAME: Final = r"^[a-z0-9-]{1,60}$"
MOST_BYTES: Final = 256 * 1024
MOST_FILES: Final = 500
FIRST: Final = "okinawa-2025"  # the study to begin with
_COUNT: Final = re.compile(r": \d+ mistakes$")


def file_of(workspace: Path, name: str) -> Path:
    """Where a scenario of the user's own lies."""
    return workspace / SCENARIOS / f"{name}.toml"


def own_names(workspace: Path) -> list[str]:
    """Names of the user's own scenarios."""
    folder = workspace / SCENARIOS
    found = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    return [p.stem for p in found if re.fullmatch(NAME, p.stem) and _inside(p)][:MOST_FILES]


def _inside(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def argument_of(workspace: Path, name: str) -> str:
    """What the command line calls a scenario: its bundled name, or the path of its file.

    Raises
    ------
    ProblemError
        when there is none of that name.
    """
    if name in scenario_names():
        return name
    path = file_of(workspace, name)
    if not re.fullmatch(NAME, name) or not _inside(path):
        raise missing("scenario", name, "GET /api/scenarios lists them")
    refuse_paths(scenario_text(path)[0], name)
    return str(path)


def refuse_paths(text: str, name: str) -> None:
    """No scenario that comes from a request reads a file outside the folder of scenarios.

    Files of orbits, reach and ways are held beside the scenario by the loader itself; a file of
    places may be named by any path on the command line, and is not here.

    Raises
    ------
    ScenarioError
        for such a path, or a text that is no TOML.
    """
    from hinomi.scenario.text import parse_text

    area = parse_text(text, name).get("area")
    given = str(area.get("places") or "") if isinstance(area, Mapping) else ""
    parts = given.replace("\\", "/").split("/")
    if given.startswith(("/", "\\", "~")) or ".." in parts or ":" in given:
        raise ScenarioError(
            f"{name}: area.places: {given!r} leaves the folder of the scenario; put the file "
            "beside it and name it alone"
        )


def loaded(text: str, name: str, folder: Path | None = None) -> Scenario:
    """Load a scenario's text, with files from beside it alone."""
    refuse_paths(text, name)
    return load_text(text, name, folder=folder)


def text_of(workspace: Path, name: str) -> str:
    """Text of a scenario by its name."""
    if name in scenario_names():
        return scenario_text(name)[0]
    path = file_of(workspace, name)
    if not re.fullmatch(NAME, name) or not _inside(path):
        raise missing("scenario", name, "GET /api/scenarios lists them")
    return scenario_text(path)[0]


def listing(workspace: Path) -> dict[str, Any]:
    """Every scenario, the first study first."""
    bundled = sorted(scenario_names(), key=lambda n: (n != FIRST, n))
    rows = [_row(name, scenario_text(name)[0], bundled=True) for name in bundled]
    own = own_names(workspace)
    rows += [_row(name, text_of(workspace, name), bundled=False) for name in own]
    return {"scenarios": rows}


def _row(name: str, text: str, *, bundled: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "bundled": bundled, "title": name, "question": ""}
    try:
        found = loaded(text, name)
    except HinomiError as error:
        return {**row, "threats": 0, "architectures": 0, "problem": str(error).split("\n")[0]}
    return {
        **row,
        "title": found.title,
        "title_ja": title_ja(found.title),
        "question": found.summary.strip(),
        "threats": len(found.threats),
        "architectures": len(found.architectures),
        "problem": None,
    }


def one(workspace: Path, name: str) -> dict[str, Any]:
    """A scenario's text, what is wrong with it, and what it asks."""
    text = text_of(workspace, name)
    bundled = name in scenario_names()
    folder = None if bundled else file_of(workspace, name).parent
    problems = problems_of(text, name, folder=folder)
    told: dict[str, Any] = {
        "name": name, "bundled": bundled, "text": text, "title": name, "question": "",
        "problems": problems, "valid": all(p["severity"] != "error" for p in problems),
        "variants": [], "architectures": [], "replicates": None, "seed": None,
    }  # fmt: skip
    if not told["valid"]:
        return told
    found = loaded(text, name, folder)
    return {
        **told,
        "title": found.title,
        "title_ja": title_ja(found.title),
        "question": found.summary.strip(),
        "variants": [{"name": v.name, "title": v.title} for v in found.variants],
        "architectures": list(found.study.architectures),
        "replicates": found.study.replicates,
        "seed": found.study.seed,
    }


def problems_of(
    text: str, name: str = "scenario", folder: Path | None = None
) -> list[dict[str, Any]]:
    """Every mistake and doubt, as `hinomi check` finds them."""
    from hinomi.scenario.check import check_text, variant_mistakes
    from hinomi.scenario.plausible import doubts

    try:
        checked = check_text(text, name)
        findings = loaded(text, name, folder).findings
    except HinomiError as error:
        lines = [x for x in str(error).split("\n") if x.strip() and not _COUNT.search(x)]
        return [problem(line, "error") for line in lines]
    except RecursionError:
        return [problem(f"{name}: nested too deep; write it flatter", "error")]
    wrong = [problem(x, "error") for x in variant_mistakes(checked)]
    return wrong + [problem(x, "warning") for x in (*doubts(checked), *findings)]


def write(workspace: Path, name: str, text: str, *, draft: bool) -> dict[str, Any]:
    """Keep a scenario of the user's own.

    Raises
    ------
    ProblemError
        for a bundled name, a text that is too long, or mistakes in what is no draft.
    """
    from hinomi.study.store import disk, write_atomically

    if name in scenario_names():
        raise ProblemError(
            BAD, f"{name} is bundled and stays as it is", value=name, way_out="choose another name"
        )
    data = text.encode()
    if len(data) > MOST_BYTES:
        raise ProblemError(
            413, "the scenario is too long", value=len(data), limit=f"{MOST_BYTES} bytes"
        )
    path = file_of(workspace, name)
    if not path.exists() and len(own_names(workspace)) >= MOST_FILES:
        raise ProblemError(BAD, f"{MOST_FILES} scenarios are kept already", way_out="remove one")
    if path.is_symlink() or path.parent.is_symlink():
        raise ProblemError(BAD, f"{name} leads elsewhere", value=name, way_out="another name")
    problems = problems_of(text, name, folder=path.parent)
    valid = all(p["severity"] != "error" for p in problems)
    if not valid and not draft:
        count = sum(p["severity"] == "error" for p in problems)
        raise ProblemError(
            BAD,
            f"{count} mistakes; nothing was written",
            value=count,
            way_out='correct them, or send "draft": true',
            more={"problems": problems},
        )
    with disk(workspace):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, lambda part: part.write_bytes(data))
    return {"name": name, "valid": valid, "problems": problems}
