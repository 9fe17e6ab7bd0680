"""Ask, run, write: the whole of a sweep in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hinomi.study.answer_files import write_answer
from hinomi.study.montecarlo import engine_for
from hinomi.sweep.answer import FORMAT, answer, rows
from hinomi.sweep.ask import Answered, default_folder, execute, question
from hinomi.sweep.swept import Swept

JSON = "sweep.json"


def sweep(
    scenario: str | Path,
    vary: Mapping[str, Any],
    *,
    design: str = "grid",
    points: int | None = None,
    replicates: int | None = None,
    figures: Sequence[str] = (),
    architectures: Sequence[str] | None = None,
    variant: str | None = None,
    seed: int | None = None,
    out: str | Path | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    cache: bool = True,
    quiet: bool = False,
) -> Swept:
    """Run a scenario at many settings of its keys, on the same raids and the same draws.

    Parameters
    ----------
    vary
        key -> a list of values, `(low, high)`, `(low, high, steps)`, or a text as on the command
        line (`"0.4:0.8:5"`, `"true,false"`, `""` for the range that the key has); units of the file.
    design
        `grid` (all combinations), `lhs`, `morris` or `sobol`; the last two need SALib.
    points
        about how many settings, for all but a grid.
    architectures
        the first is compared with each other one; the scenario's headline pair otherwise.
    out
        folder; `results/sweep-...` otherwise. The same call goes on with an interrupted run.
    workers
        processes; 1 computes in this one. A script that asks for more needs a main guard.
    scheduler
        address of a Dask scheduler instead; its workers leave the cache aside.
    cache
        whether pictures of raids are read from and kept in the user's cache folder.

    Raises
    ------
    ScenarioError, FenceError, FolderError
        Wrong input, a key that may not vary, or a folder that cannot be used.
    """
    asked = question(
        scenario,
        vary,
        design=design,
        points=points,
        figures=figures,
        architectures=architectures,
        variant=variant,
        replicates=replicates,
        seed=seed,
    )
    folder = default_folder(asked) if out is None else Path(out)
    engine = engine_for(workers=workers, scheduler=scheduler)
    found = execute(asked, folder, engine=engine, use_cache=cache, quiet=quiet)
    return written(found, folder)


def written(found: Answered, folder: Path) -> Swept:
    """Write `sweep.json`, the tables and the page."""
    from hinomi.sweep.page import write_page

    content = answer(found)
    write_answer(folder, JSON, content, rows(content), key=FORMAT)
    write_page(content, found.question.scenario, folder)
    return Swept(content, folder)
