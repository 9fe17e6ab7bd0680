"""Go on with a run that was interrupted or damaged: only batches that are not whole are computed."""

from __future__ import annotations

from pathlib import Path

from hinomi.errors import FolderError
from hinomi.study import montecarlo, parquet, progress, store
from hinomi.study.engine import Engine
from hinomi.study.plan import Plan
from hinomi.study.provenance import code_fingerprint, data_hashes
from hinomi.study.results import Results
from hinomi.study.until import pending


def resume(
    folder: str | Path,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    quiet: bool = False,
) -> Results:
    """Finish the run in this folder; finished batches stay as they are, damaged ones are made anew.

    Raises
    ------
    FolderError
        There is no run, or the program or its data are not those that began it.
    """
    repair(folder)
    begun = reopen(folder, engine=montecarlo.engine_for(workers=workers, scheduler=scheduler))
    told = progress.choose(quiet=quiet)
    montecarlo.execute(begun, told=told, until=pending(begun.folder))
    return Results(begun.folder)


def reopen(folder: str | Path, *, engine: Engine) -> montecarlo.Begun:
    """Find the plan in the folder and make sure that this program may go on with it."""
    where = Path(folder)
    plan = store.read_plan(where)
    if store.missing(where, plan) or pending(where) is not None:
        refuse_other_code(where, plan)
    return montecarlo.Begun(folder=where, plan=plan, engine=engine)


def repair(folder: str | Path) -> list[str]:
    """Set aside what is damaged or gone, so that it is computed again; says what, maybe nothing.

    Where there is a manifest every file is held against its hash, otherwise it must be readable.

    Raises
    ------
    FolderError
        There is no run, another process is at work in it, or something is damaged and this is
        another version of the program.
    """
    where = Path(folder)
    plan = store.read_plan(where)
    with store.at_work(where, shared=False):
        damaged = _damaged(where, plan)
        if damaged:
            refuse_other_code(where, plan)
        for batch in plan.batches():
            if any(name.endswith(f"/{batch.key}.parquet") for name in damaged):
                (where / store.LAST / f"{batch.key}.parquet").unlink(missing_ok=True)
        if damaged:
            (where / store.MANIFEST).unlink(missing_ok=True)
            (where / store.SUMMARY).unlink(missing_ok=True)
    return [f"{name} {what}" for name, what in damaged.items()]


def _damaged(folder: Path, plan: Plan) -> dict[str, str]:
    """File -> what is wrong with it."""
    unreadable = "is damaged and cannot be read"
    if (folder / store.MANIFEST).is_file():
        try:
            return store.check_files(folder, store.read_json(folder / store.MANIFEST))
        except (FolderError, LookupError, TypeError, AttributeError):
            return {store.MANIFEST: unreadable, **_unreadable(folder, plan, unreadable)}
    return _unreadable(folder, plan, unreadable)


def _unreadable(folder: Path, plan: Plan, words: str) -> dict[str, str]:
    out = {}
    for name in store.tables(folder):
        for path in store.table_files(folder, name, plan.batches()):
            try:
                parquet.rows(path)
            except FolderError:
                out[f"{name}/{path.name}"] = words
    return out


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
