"""Commands of a study: run, compare, resume, verify, report."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from hinomi.errors import HinomiError, ScenarioError

if TYPE_CHECKING:
    from hinomi.study.montecarlo import Begun
    from hinomi.study.plan import Scene
    from hinomi.study.results import Study

Name = Annotated[str, typer.Argument(metavar="SCENARIO", help="A bundled name or a path.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a run.")]
Replicates = Annotated[int | None, typer.Option("-n", "--replicates", help="How many replicates.")]
Seed = Annotated[int | None, typer.Option("--seed", help="The random seed.")]
Out = Annotated[Path | None, typer.Option("-o", "--out", metavar="DIR", help="Folder of the run.")]
Workers = Annotated[int | None, typer.Option("--workers", help="Processes; all cores otherwise.")]
Scheduler = Annotated[
    str | None,
    typer.Option("--scheduler", metavar="ADDRESS", help="A Dask scheduler (extra distributed)."),
]
ShardText = Annotated[
    str | None, typer.Option("--shard", metavar="I/N", help="Compute only part I (0 to N-1) of N.")
]
Names = Annotated[
    str | None,
    typer.Option("--architectures", metavar="A,B,...", help="Only these, in this order."),
]
Variant = Annotated[str | None, typer.Option("--variant", help="One of the scenario's variants.")]
Variants = Annotated[
    bool,
    typer.Option(
        "--variants", help="The scenario as it is and each of its variants, one folder each."
    ),
]
KeepTracks = Annotated[
    str | None,
    typer.Option(
        "--keep-tracks", metavar="all|N|none", help="First replicates whose full tables are kept."
    ),
]
Companions = Annotated[
    int | None,
    typer.Option(
        "--companions",
        metavar="N",
        help="Replicates of the scenario's other assumptions beside the headline; 0 for none. [20]",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Estimate time, memory and disk; write nothing.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout and nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Options of `run` and `compare`."""

    scenario: str
    replicates: int | None
    seed: int | None
    out: Path | None
    workers: int | None
    scheduler: str | None
    shard: str | None
    architectures: tuple[str, ...] | None
    paired: bool  # each of the others against the first named
    variant: str | None
    keep_tracks: str | None
    companions: int | None
    dry_run: bool
    json: bool
    quiet: bool


class Terminated(KeyboardInterrupt):
    """SIGTERM came."""


def register(app: typer.Typer) -> None:
    """Add the commands of a study."""
    app.command("run")(run)
    app.command("compare")(compare)
    app.command("resume")(resume)
    app.command("verify")(verify)
    app.command("report")(report)


def run(
    scenario: Name,
    replicates: Replicates = None,
    seed: Seed = None,
    out: Out = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    shard: ShardText = None,
    architectures: Names = None,
    variant: Variant = None,
    variants: Variants = False,
    keep_tracks: KeepTracks = None,
    companions: Companions = None,
    dry_run: DryRun = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run a scenario many times and report who is warned, what is defended, what it takes."""
    asked = Asked(
        scenario=scenario,
        replicates=replicates,
        seed=seed,
        out=out,
        workers=workers,
        scheduler=scheduler,
        shard=shard,
        architectures=_split(architectures),
        paired=False,
        variant=variant,
        keep_tracks=keep_tracks,
        companions=companions,
        dry_run=dry_run,
        json=as_json,
        quiet=quiet,
    )
    _study(asked, variants=variants)


def compare(
    scenario: Name,
    architectures: Names = None,
    replicates: Replicates = None,
    seed: Seed = None,
    out: Out = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    variant: Variant = None,
    variants: Variants = False,
    keep_tracks: KeepTracks = None,
    dry_run: DryRun = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare architectures on the same draws: each of the others minus the first named."""
    asked = Asked(
        scenario=scenario,
        replicates=replicates,
        seed=seed,
        out=out,
        workers=workers,
        scheduler=scheduler,
        shard=None,
        architectures=_split(architectures),
        paired=True,
        variant=variant,
        keep_tracks=keep_tracks,
        companions=0,
        dry_run=dry_run,
        json=as_json,
        quiet=quiet,
    )
    _study(asked, variants=variants)


def resume(
    folder: Folder,
    workers: Workers = None,
    scheduler: Scheduler = None,
    companions: Companions = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Go on with an interrupted run: only what is missing is computed."""
    with _told():
        from hinomi.study.montecarlo import engine_for
        from hinomi.study.resume import reopen

        engine = engine_for(workers=workers, scheduler=scheduler)
        study = _executed(reopen(folder, engine=engine), shard=None, quiet=quiet)
        _beside(study, engine, companions)
        _show(study, as_json=as_json)


def verify(folder: Folder, as_json: Json = False) -> None:
    """Check the files of a run and compute 1 % of its replicates again; exit 1 on differences."""
    from dataclasses import asdict

    from hinomi.cli import study_output

    with _told(), _stoppable(folder):
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


def report(folder: Folder, as_json: Json = False) -> None:
    """Draw the report of a run anew and print its path."""
    from hinomi.cli import study_output

    with _told(), _stoppable(folder):
        from hinomi.study.results import Study

        path = _drawn(Study(folder))
        if path is None:
            raise HinomiError("this installation has no reports: hinomi.study.report is missing")
        if as_json:
            study_output.as_json({"folder": str(folder), "report": str(path)})
        else:
            typer.echo(str(path))


def _study(asked: Asked, *, variants: bool) -> None:
    """Run once, or once for each variant, and print."""
    from dataclasses import replace

    from hinomi.cli import study_output

    with _told():
        if asked.paired and asked.architectures is not None and len(asked.architectures) < 2:
            raise ScenarioError(
                f"a comparison needs two architectures or more; got {len(asked.architectures)}"
            )
        if not variants:
            _one(asked, print_it=True)
            return
        if asked.variant is not None:
            raise ScenarioError("give either --variant NAME or --variants, not both")
        together: dict[str, Any] = {}
        for name in (None, *_variants(asked)):
            out = asked.out / (name or "as-it-is") if asked.out else None
            together[name or "as-it-is"] = _one(
                replace(asked, variant=name, out=out), print_it=not asked.json
            )
        if asked.json:
            study_output.as_json({"scenario": asked.scenario, "variants": together})


def _one(asked: Asked, *, print_it: bool) -> dict[str, Any]:
    from hinomi.cli import study_output
    from hinomi.study import montecarlo
    from hinomi.study.plan import against_first, make_plan

    engine = montecarlo.engine_for(workers=asked.workers, scheduler=asked.scheduler)
    shard = _shard(asked.shard)
    scenario = _scenario(asked)
    names = asked.architectures or tuple(scenario.study.architectures)
    settings: dict[str, Any] = {
        "replicates": asked.replicates,
        "seed": asked.seed,
        "architectures": names,
        "pairs": against_first(names) if asked.paired else None,
    }
    keep = _keep(asked.keep_tracks)
    if asked.dry_run:
        from hinomi.study.estimate import estimate

        plan = make_plan(scenario, keep=keep, chain=CHAIN, **settings)
        workers = getattr(engine, "workers", 1)
        told = estimate(scenario, plan, workers=workers)
        if print_it:
            (study_output.as_json if asked.json else study_output.estimate_lines)(told)
        return told
    begun = montecarlo.begin(
        scenario, out=asked.out, keep_tracks=keep, engine=engine, chain=CHAIN, **settings
    )
    if asked.replicates is not None and asked.replicates < begun.plan.replicates:
        _say(
            f"{begun.folder} has {begun.plan.replicates} replicates planned; all of them are shown"
        )
    study = _executed(begun, shard=shard, quiet=asked.quiet)
    if shard is not None:
        line = f"shard {asked.shard} is done; when all are: hinomi resume {begun.folder}"
        if asked.json:
            study_output.as_json({"folder": str(begun.folder), "shard": asked.shard})
        else:
            typer.echo(line)
        return {}
    _beside(study, engine, asked.companions)
    return _show(study, as_json=asked.json, print_it=print_it)


def _beside(study: Study, engine: Any, companions: int | None) -> None:
    """Run the scenario's companions, unless they were not wanted."""
    from hinomi.study.companions import REPLICATES, run_companions

    wanted = REPLICATES if companions is None else companions
    if wanted < 0:
        raise ScenarioError(f"--companions is {wanted}; it must be 0 (none) or more")
    with _stoppable(study.folder):
        run_companions(study, engine=engine, replicates=wanted)


CHAIN = "hinomi.study.chain"


def _variants(asked: Asked) -> tuple[str, ...]:
    return tuple(variant.name for variant in _scenario(asked).variants)


def _scenario(asked: Asked) -> Scene:
    from hinomi.study.montecarlo import loaded

    return loaded(asked.scenario, variant=asked.variant, chain=CHAIN)


def _executed(begun: Begun, *, shard: Any, quiet: bool) -> Study:
    from hinomi.study import progress
    from hinomi.study.montecarlo import execute
    from hinomi.study.results import Study

    with _stoppable(begun.folder):
        if not execute(begun, shard=shard, told=progress.choose(quiet=quiet)) and not quiet:
            _say(f"complete already: {begun.plan.replicates} replicates in {begun.folder}")
    return Study(begun.folder)


def _show(study: Study, *, as_json: bool, print_it: bool = True) -> dict[str, Any]:
    """Print the headline tables and draw the report; returns what JSON tells."""
    from hinomi.cli import study_output

    summary = study.summary()
    if print_it and not as_json:
        study_output.headline_tables(summary)
    with _stoppable(study.folder):
        try:
            path = _drawn(study)
        except HinomiError as error:
            raise HinomiError(
                f"the results are complete in {study.folder}, but the report was not drawn: {error}"
            ) from error
    told = {**summary, "folder": str(study.folder), "report": str(path) if path else None}
    if print_it and as_json:
        study_output.as_json(told)
    elif print_it:
        typer.echo(f"folder: {study.folder}" + (f"\nreport: {path}" if path else ""))
    return told


def _drawn(study: Study) -> Path | None:
    """Draw the report, where this installation can."""
    from importlib.util import find_spec

    return study.report() if find_spec("hinomi.study.report") else None


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Answer an error that is meant for the user with its message and exit code."""
    try:
        yield
    except HinomiError as error:
        _say(f"hinomi: {error}")
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt as error:
        _say("interrupted before anything was begun")
        raise typer.Exit(143 if isinstance(error, Terminated) else 130) from None


@contextlib.contextmanager
def _stoppable(folder: Path) -> Iterator[None]:
    """Answer Ctrl-C (130) and SIGTERM (143) with what is kept and how to go on."""

    def terminate(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001
        raise Terminated

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    except KeyboardInterrupt as error:
        _say(f"\ninterrupted; what was finished is kept. Go on with: hinomi resume {folder}")
        raise typer.Exit(143 if isinstance(error, Terminated) else 130) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _split(names: str | None) -> tuple[str, ...] | None:
    return tuple(n.strip() for n in names.split(",") if n.strip()) if names is not None else None


def _shard(text: str | None) -> Any:
    from hinomi.study.montecarlo import Shard

    if text is None:
        return None
    index, slash, count = text.partition("/")
    if not (slash and index.isdecimal() and count.isdecimal()):
        raise ScenarioError(f"--shard is {text!r}; write it as I/N, such as 0/4")
    return Shard(index=int(index), count=int(count))


def _keep(text: str | None) -> int | None:
    from hinomi.study.plan import MAX_REPLICATES

    if text is None or text.isdecimal():
        return None if text is None else int(text)
    if text not in ("all", "none"):
        raise ScenarioError(f"--keep-tracks is {text!r}; it is all, none or a number of replicates")
    return MAX_REPLICATES if text == "all" else 0
