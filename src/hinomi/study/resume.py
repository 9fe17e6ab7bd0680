"""Go on with a run that was interrupted: only batches whose last file is missing are computed."""

from __future__ import annotations

from pathlib import Path

from hinomi.errors import FolderError
from hinomi.study import montecarlo, progress, store
from hinomi.study.engine import Engine
from hinomi.study.plan import Plan
from hinomi.study.provenance import code_fingerprint, data_hashes
from hinomi.study.results import Study


def resume(
    folder: str | Path,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    quiet: bool = False,
) -> Study:
    """Finish the run in this folder; finished batches stay as they are.

    Raises
    ------
    FolderError
        There is no run, or the program or its data are not those that began it.
    """
    begun = reopen(folder, engine=montecarlo.engine_for(workers=workers, scheduler=scheduler))
    montecarlo.execute(begun, told=progress.choose(quiet=quiet))
    return Study(begun.folder)


def reopen(folder: str | Path, *, engine: Engine) -> montecarlo.Begun:
    """Find the plan in the folder and make sure that this program may go on with it."""
    where = Path(folder)
    plan = store.read_plan(where)
    if store.missing(where, plan):
        refuse_other_code(where, plan)
    return montecarlo.Begun(folder=where, plan=plan, engine=engine)


def refuse_other_code(folder: Path, plan: Plan) -> None:
    """Refuse to mix results of two versions in one run, and say how to go on."""
    apart = code_differences(plan)
    if apart:
        raise FolderError(
            f"{folder} was begun with another version of the program ({'; '.join(apart)}), and "
            "results of two versions are not mixed. Go on with that version, or begin anew: "
            f"hinomi run {plan.scenario} -o OTHER"
        )


def code_differences(plan: Plan) -> list[str]:
    """Tell what differs between the program that planned and this one."""
    here = code_fingerprint()
    apart = [
        f"{name} {plan.code.get(name, 'absent')}, here {here[name]}"
        for name in here
        if plan.code.get(name) != here[name]
    ]
    return apart + (["its shipped data"] if plan.data != data_hashes() else [])
