"""Commands of a study: run, compare, resume, merge, verify, report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hinomi.cli import options as o
from hinomi.cli.stopping import answered, kept, say, stoppable
from hinomi.errors import HinomiError, ScenarioError

if TYPE_CHECKING:
    from hinomi.study.montecarlo import Begun
    from hinomi.study.plan import Scene
    from hinomi.study.results import Results

CHAIN = "hinomi.study.chain"


class ReportFailedError(HinomiError):
    """The report was not drawn; the results are there."""

    exit_code = 1


class IncompleteError(HinomiError):
    """Parts of a run are missing; those that are there were gathered."""

    exit_code = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Options of `run` and `compare`, under the names that they have there."""

    scenario: str
    replicates: int | None
    seed: int | None
    out: Path | None
    workers: int | None
    scheduler: str | None
    shard: str | None = None
    until_ci: str | None
    most: int | None
    architectures: str | None
    paired: bool  # each of the others against the first named
    variant: str | None
    variants: bool
    changes: list[str] | None
    without: str | None
    tracker: str | None
    keep_tracks: str | None
    companions: int | None = 0
    dry_run: bool
    as_json: bool
    quiet: bool


def register(app: typer.Typer) -> None:
    """Add the commands of a study."""
    app.command(
        "run",
        short_help="Run a scenario many times.",
        epilog="Example: hinomi run okinawa-2025 -n 20",
    )(run)
    app.command(
        "compare",
        short_help="Compare architectures on the same draws.",
        epilog="Example: hinomi compare okinawa-2025 --architectures national,integrated -n 20",
    )(compare)
    app.command(
        "resume",
        short_help="Go on with an interrupted run.",
        epilog="Example: hinomi resume results/okinawa",
    )(resume)
    app.command(
        "merge",
        short_help="Gather the parts of a run.",
        epilog="Example: hinomi merge part-0 part-1 -o whole",
    )(merge)
    app.command(
        "verify",
        short_help="Check a run's files, compute some again.",
        epilog="Example: hinomi verify results/okinawa",
    )(verify)
    app.command(
        "report",
        short_help="Draw a run's report anew.",
        epilog="Example: hinomi report results/okinawa --language ja",
    )(report)


def run(
    scenario: o.Name,
    replicates: o.Replicates = None,
    seed: o.Seed = None,
    out: o.Out = None,
    workers: o.Workers = None,
    scheduler: o.Scheduler = None,
    shard: o.ShardText = None,
    until_ci: o.UntilCi = None,
    most: o.Most = None,
    architectures: o.Names = None,
    variant: o.Variant = None,
    variants: o.Variants = False,
    changes: o.SetOption = None,
    without: o.Without = None,
    tracker: o.TrackerName = None,
    keep_tracks: o.KeepTracks = None,
    companions: o.Companions = None,
    dry_run: o.DryRun = False,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Run a scenario many times and report who is warned, what is defended, what it takes."""
    _study(Asked(paired=False, **locals()))


def compare(
    scenario: o.Name,
    architectures: o.Names = None,
    replicates: o.Replicates = None,
    seed: o.Seed = None,
    out: o.Out = None,
    workers: o.Workers = None,
    scheduler: o.Scheduler = None,
    until_ci: o.UntilCi = None,
    most: o.Most = None,
    variant: o.Variant = None,
    variants: o.Variants = False,
    changes: o.SetOption = None,
    without: o.Without = None,
    tracker: o.TrackerName = None,
    keep_tracks: o.KeepTracks = None,
    dry_run: o.DryRun = False,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Compare architectures on the same draws: each of the others with the first named.

    A difference is the other minus the first; a pair that the scenario itself compares keeps the
    scenario's direction, whichever is named first.
    """
    _study(Asked(paired=True, **locals()))


def resume(
    folder: o.Folder,
    workers: o.Workers = None,
    scheduler: o.Scheduler = None,
    companions: o.Companions = None,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Go on with an interrupted or damaged run: only what is missing is computed."""
    with answered():
        from hinomi.study.montecarlo import engine_for
        from hinomi.study.resume import reopen, repair
        from hinomi.study.until import pending

        engine = engine_for(workers=workers, scheduler=scheduler)
        beside = o.companions_of(companions)
        for part in (
            folder,
            *(path.parent for path in sorted(folder.glob("companions/*/plan.json"))),
        ):
            for words in repair(part):
                say(f"computed again: {part}/{words}")
        begun, until = reopen(folder, engine=engine), pending(folder)
        study = _executed(begun, shard=None, until=until, quiet=quiet, beside=beside)
        _show(study, as_json=as_json)


def merge(folders: o.Parts, out: o.MergeOut, as_json: o.Json = False) -> None:
    """Gather shards with folders of their own into one; exit 1 where batches are missing still."""
    with answered(), stoppable(kept(out, again=f"hinomi merge ... -o {out}")):
        from hinomi.study.merge import merge as gather
        from hinomi.study.results import Results

        found = gather(folders, out)
        for name in found.damaged:
            say(f"left out, it is damaged: {name}")
        if found.missing:
            raise IncompleteError(
                f"{found.batches} batches are in {out}, {found.missing} are missing; "
                f"compute them with: hinomi resume {out}"
            )
        study = Results(out)
        _show(study, as_json=as_json)
        if study.plan.document.get("study", {}).get("companions") and not as_json:
            say(f"for the other assumptions beside the headline: hinomi resume {out}")


def verify(folder: o.Folder, as_json: o.Json = False) -> None:
    """Check the files of a run and compute 1 % of its replicates again; exit 1 on differences."""
    from dataclasses import asdict

    from hinomi.cli import study_output

    with answered(), stoppable(kept(folder)):
        from hinomi.study.verify import verify as check

        verdict = asdict(check(folder))
        for difference in verdict["code_differs"]:
            typer.echo(f"note: made with another version: {difference}", err=True)
        if as_json:
            study_output.as_json({"ok": not verdict["mistakes"], **verdict})
        else:
            study_output.verdict_lines(verdict)
        if verdict["mistakes"]:
            raise typer.Exit(1)


def report(
    folder: o.Folder,
    language: Annotated[
        str,
        typer.Option("--language", metavar="ja|en|both", help="Language; both has a switch."),
    ] = "both",
    as_json: o.Json = False,
) -> None:
    """Draw the report of a run anew and print its path."""
    from hinomi.cli import study_output

    with answered(), stoppable(kept(folder)):
        from hinomi.study.results import Results
        from hinomi.study.verify import refuse_damaged

        study = Results(folder)
        refuse_damaged(folder)
        if not study.complete:
            say(
                f"note: {study.finished} of {study.plan.replicates} replicates are there; "
                f"for the others: hinomi resume {folder}"
            )
        path = _drawn(study, language)
        if path is None:
            raise HinomiError("this installation has no reports: hinomi.report.write is missing")
        if as_json:
            study_output.as_json({"folder": str(folder), "report": str(path)})
        else:
            typer.echo(str(path))


def _study(asked: Asked) -> None:
    """Run once, or once for each variant, and print."""
    from hinomi.cli import study_output

    with answered():
        if not asked.variants:
            _one(asked, print_it=True)
            return
        if asked.variant is not None:
            raise ScenarioError("give either --variant NAME or --variants, not both")
        together: dict[str, Any] = {}
        for name in (None, *_variants(asked)):
            out = asked.out / (name or "as-it-is") if asked.out else None
            together[name or "as-it-is"] = _one(
                replace(asked, variant=name, out=out), print_it=not asked.as_json
            )
        if asked.as_json:
            study_output.as_json({"scenario": asked.scenario, "variants": together})


def _one(asked: Asked, *, print_it: bool) -> dict[str, Any]:
    from hinomi.cli import study_output
    from hinomi.study import montecarlo
    from hinomi.study.plan import against_first, make_plan

    engine = montecarlo.engine_for(workers=asked.workers, scheduler=asked.scheduler)
    shard = o.shard_of(asked.shard)
    until = o.until_of(asked.until_ci, asked.most)
    if until is not None and shard is not None:
        raise ScenarioError(
            "give either --shard or --until-ci: a rule looks at all batches in order"
        )
    if until is not None and asked.replicates is not None:
        raise ScenarioError("give either -n or --until-ci with --max, not both")
    keep = o.keep_of(asked.keep_tracks)
    beside = o.companions_of(asked.companions)
    chosen = o.names_of(asked.architectures)
    scenario = _scenario(asked)
    if not asked.quiet:
        for words in getattr(scenario, "findings", ()):
            say(f"note: {words}")
    names = chosen or tuple(scenario.study.architectures)
    if asked.paired and len(names) < 2:
        raise ScenarioError(
            f"a comparison needs two architectures or more; got {', '.join(names)} only"
        )
    settings: dict[str, Any] = {
        "replicates": asked.replicates,
        "seed": asked.seed,
        "architectures": names,
        "pairs": against_first(scenario, names) if asked.paired else None,
    }
    if asked.dry_run:
        from hinomi.study.estimate import estimate, workers_of

        settings["replicates"] = until.most if until else asked.replicates
        plan = make_plan(scenario, keep=keep, chain=CHAIN, **settings)
        found = estimate(scenario, plan, workers=workers_of(engine), beside=beside)
        if print_it:
            (study_output.as_json if asked.as_json else study_output.estimate_lines)(found)
        return found
    begun = montecarlo.begin(
        scenario,
        out=asked.out,
        keep_tracks=keep,
        engine=engine,
        until=until,
        chain=CHAIN,
        **settings,
    )
    if asked.replicates is not None and asked.replicates < begun.plan.replicates:
        say(f"{begun.folder} has {begun.plan.replicates} replicates planned; all of them are shown")
    study = _executed(begun, shard=shard, until=until, quiet=asked.quiet, beside=beside)
    if shard is not None:
        _shard_done(asked, begun.folder)
        return {}
    return _show(study, as_json=asked.as_json, print_it=print_it)


def _shard_done(asked: Asked, folder: Path) -> None:
    """Say what to do when all shards are there."""
    from hinomi.cli import study_output

    if asked.as_json:
        study_output.as_json({"folder": str(folder), "shard": asked.shard})
        return
    typer.echo(
        f"shard {asked.shard} is done; when all are: hinomi resume {folder}\n"
        f"or, where each has a folder of its own: hinomi merge {folder} ... -o WHOLE"
    )


def _variants(asked: Asked) -> tuple[str, ...]:
    return tuple(variant.name for variant in _scenario(asked).variants)


def _scenario(asked: Asked) -> Scene:
    from hinomi.study.montecarlo import loaded

    found = loaded(asked.scenario, variant=asked.variant, chain=CHAIN)
    changes: dict[str, Any] = o.changes_of(asked.changes or [])
    if lost := o.names_of(asked.without, "--without"):
        from hinomi.scenario.sensor_off import without

        changes |= without(found.document, lost)
    if asked.tracker is not None:
        from hinomi.scenario.trackers import tracker

        tracker(asked.tracker)  # a name that is unknown or cannot be imported is told at once
        changes["tracking.tracker"] = asked.tracker
    if changes:
        found = loaded(asked.scenario, variant=asked.variant, changes=changes, chain=CHAIN)
    return found


def _executed(begun: Begun, *, shard: Any, until: Any, quiet: bool, beside: int) -> Results:
    """Compute what is missing, with the scenario's companions unless they were not wanted."""
    from hinomi.study import progress
    from hinomi.study.companions import begin_companions
    from hinomi.study.montecarlo import execute
    from hinomi.study.results import Results

    with stoppable(kept(begun.folder)):
        others = [] if shard is not None else begin_companions(begun, replicates=beside)
        told = progress.choose(quiet=quiet)
        if not execute(begun, shard=shard, told=told, also=others, until=until) and not quiet:
            from hinomi.study.figure_words import counted

            say(
                f"complete already: {counted(Results(begun.folder).plan.replicates, 'replicate')} in {begun.folder}"
            )
        for other in others:
            execute(other)
    return Results(begun.folder)


def _show(study: Results, *, as_json: bool, print_it: bool = True) -> dict[str, Any]:
    """Draw the report, then print the headline tables; returns what JSON tells.

    A reader that stops reading early still finds the report.
    """
    from hinomi.cli import study_output

    summary = study.summary()
    path, failed = None, None
    with stoppable(kept(study.folder)):
        try:
            path = _still_good(study) or _drawn(study)
        except HinomiError as error:
            failed = error
    if print_it and not as_json:
        study_output.headline_tables(summary)
        if "stopped" in summary:
            typer.echo(summary["stopped"]["words"])
    if failed is not None:
        raise ReportFailedError(
            f"the results are complete in {study.folder}, but the report was not drawn: {failed}"
        ) from failed
    found = {**summary, "folder": str(study.folder), "report": str(path) if path else None}
    if print_it and as_json:
        study_output.as_json(found)
    elif print_it:
        typer.echo(f"folder: {study.folder}" + (f"\nreport: {path}" if path else ""))
    return found


def _still_good(study: Results) -> Path | None:
    """Give the report where it is newer than all that it shows."""
    from hinomi.study.store import MANIFEST, REPORT

    path = study.folder / REPORT
    shown = [study.folder / MANIFEST, *study.folder.glob(f"companions/*/{MANIFEST}")]
    times = [file.stat().st_mtime_ns for file in shown if file.is_file()]
    return path if path.is_file() and path.stat().st_mtime_ns > max(times, default=0) else None


def _drawn(study: Results, language: str = "both") -> Path | None:
    """Draw the report, where this installation can."""
    from importlib.util import find_spec

    from hinomi.study import store

    if not find_spec("hinomi.report.write"):
        return None
    from hinomi.report.write import write_report

    with store.disk(study.folder):
        return write_report(study.folder, language=language)
