"""The claims that ship with the package, those of the launches, and a user's own beside them."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from pathlib import Path
from typing import Final

from hinomi.errors import ScenarioError
from hinomi.evidence.claim import Evidence
from hinomi.evidence.launches import launch_file
from hinomi.evidence.read import FORMAT, ClaimFile, read_claims
from hinomi.scenario.text import example_of, parse_text, read_text

_NOT_CLAIMS: Final = ("exchange.toml",)


@functools.cache
def bundled_files() -> tuple[ClaimFile, ...]:
    """Every bundled file of claims, in order of their names, then the launches."""
    folder = resources.files("hinomi") / "data" / "evidence"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return (
        *(
            read_claims(tomllib.loads(f.read_text(encoding="utf-8")), f.name)
            for f in files
            if f.name not in _NOT_CLAIMS
        ),
        launch_file(),
    )


def load_evidence(own: Path | None = None) -> Evidence:
    """Every claim, those of a file of one's own included.

    Raises
    ------
    ScenarioError
        when the own file has mistakes, or uses an id that is there already.
    """
    files = list(bundled_files())
    if own is not None:
        begin = example_of(FORMAT, "evidence")
        read = read_claims(parse_text(read_text(own), str(own), begin=begin), str(own))
        known = {c.id for f in files for c in f.claims}
        twice = sorted({c.id for c in read.claims} & known)
        if twice:
            raise ScenarioError(
                f"{own}: claims[{twice[0]}]: this id is one of the bundled claims; choose another"
            )
        files.append(read)
    return Evidence(
        claims=tuple(c for f in files for c in f.claims),
        quantities={k: q for f in reversed(files) for k, q in f.quantities.items()},
        instruments=tuple(i for f in files for i in f.instruments),
        topics={f.topic: f.title for f in reversed(files)},
    )
