"""`hinomi drill`: plan an exercise, run it with its trouble, review what happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hinomi.cli import options as o
from hinomi.cli.stopping import answered, say, until_stopped
from hinomi.cli.study_output import as_json as print_json

if TYPE_CHECKING:
    from hinomi.drill.plan import Plan

app = typer.Typer(
    help="Exercises: plan one, run it with its trouble, review what happened.",
    no_args_is_help=True,
)

PlanName = Annotated[
    str, typer.Argument(metavar="PLAN", help="A plan's file, a bundled plan, or a scenario.")
]
Out = Annotated[Path | None, typer.Option("-o", "--out", metavar="DIR", help="Folder to write.")]


@app.command(
    "plan",
    short_help="Before: recipients, texts, gates, injects, objectives.",
    epilog="Example: hinomi drill plan okinawa-raid -o drill",
)
def plan_command(
    name: PlanName,
    out: Out = None,
    write: Annotated[
        Path | None, typer.Option("--write", metavar="FILE", help="Write the plan's text and stop.")
    ] = None,
    as_json: o.Json = False,
) -> None:
    """Check a plan and write the page that its planner needs; a scenario gives its default plan."""
    with answered():
        from hinomi.drill.plan import load_plan

        plan = load_plan(name)
        if write is not None:
            _write_text(plan, write)
            return
        from hinomi.drill.before import before
        from hinomi.drill.expected import expect, write_expected
        from hinomi.drill.pages import write_before
        from hinomi.study.store import write_json

        folder = _folder(out, plan)
        say(f"playing {plan.scenario.name} once to see what it will send")
        expected = expect(plan)
        told = before(plan, expected)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "plan.toml").write_text(plan.source, encoding="utf-8")
        write_expected(expected, folder)
        write_json(folder / "plan.json", told)
        page = write_before(told, plan, folder)
        if as_json:
            print_json({**told, "folder": str(folder), "page": str(page)})
            return
        for line in _lines(told):
            typer.echo(line)
        typer.echo(f"folder: {folder}\npage: {page}")


def _write_text(plan: Plan, path: Path) -> None:
    from hinomi.cli.files import refuse_files, text_writer, write_files
    from hinomi.errors import ScenarioError

    refuse_files({"--write": path})
    if path.exists():
        raise ScenarioError(f"--write {path}: is there already; name another file")
    write_files({"--write": path}, {"--write": text_writer(lambda: plan.source)})
    typer.echo(f"{path}: edit it, then: hinomi drill plan {path}")


def _folder(out: Path | None, plan: Plan) -> Path:
    from hinomi.cli.files import refuse_folder

    folder = out or Path("results") / f"drill-{plan.name}"
    refuse_folder("-o", folder)
    return folder


def _lines(told: dict[str, Any]) -> list[str]:
    found = told["recipients"] or {"named": [], "recipients": []}
    lines = [
        f"EXERCISE 訓練 - {told['title']}: {told['scenario']}, {told['architecture']}, "
        f"seed {told['seed']}",
        f"  {sum(m['comes'] for m in told['messages'])} messages expected in {told['end_s']:.0f} s "
        "of the scenario, "
        f"{told['wall_s'] / 60:.1f} min at x{told['speed']:g}",
        f"  {len(found['named'])} municipalities alerted, {len(found['recipients'])} of them take part",
        f"  {len(told['texts'])} texts, fullest "
        + max((f"{100 * t['taken'] // t['limit']:3d} % of {t['alphabet']} ({t['language']})"
               for t in told["texts"]), default="-"),
        f"  {len(told['injects'])} injects, {len(told['objectives'])} objectives",
    ]  # fmt: skip
    return lines + [f"  {f['level']}: {f['text']}" for f in told["findings"]]


@app.command(
    "review",
    short_help="After: latency, coverage, who was not reached, objectives.",
    epilog="Example: hinomi drill review drill",
)
def review_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of an exercise.")],
    as_json: o.Json = False,
) -> None:
    """Measure an exercise from its journal; write review.html, review.json and tables beside it."""
    with answered():
        from hinomi.drill.pages import write_review
        from hinomi.drill.review import review, tables, write_tables
        from hinomi.study.store import write_json

        told, plan = review(folder)
        write_tables(told, folder)
        write_json(folder / "review.json", told)
        page = write_review(told, plan, folder, files=[*tables(told), "review.json"])
        if as_json:
            print_json({**told, "folder": str(folder), "page": str(page)})
            return
        for line in _review_lines(told):
            typer.echo(line)
        typer.echo(f"page: {page}")


def _review_lines(told: dict[str, Any]) -> list[str]:
    m = told["measures"]

    def share(name: str) -> str:
        return "-" if m[name] is None else f"{100.0 * m[name]:.1f} %"

    delay = "-" if m["delivery_p50_s"] is None else (
        f"{m['delivery_p50_s']:.3f} s (half), {m['delivery_p99_s']:.3f} s (99 %)"
    )  # fmt: skip
    return [
        f"EXERCISE 訓練 - {told['title']}: {told['sent']} messages, {told['receivers']} receivers, "
        f"journal {'sound' if told['sound'] else 'NOT SOUND: ' + told['verdict']}",
        f"  release to receiver {delay}",
        f"  received {share('received_share')}, shown {share('shown_share')}, "
        f"confirmed {share('confirmed_share')}; in time {share('in_time_share')} of the people",
        f"  shown outside the area {len(told['wrong'])} (must be 0)",
        *(f"  {x['letter']}  {x['objective']}: {x['told']}" for x in told["objectives"]),
    ]


@app.command(
    "run",
    short_help="Run the exercise with its injects, then review it.",
    epilog="Example: hinomi drill run okinawa-raid -o drill",
)
def run_command(
    name: PlanName,
    out: Out = None,
    speed: Annotated[
        float | None,
        o.number_option("--speed", "X", "Scenario seconds in a second; the plan's otherwise."),
    ] = None,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Start the exercise and its receivers on this machine, do each inject, end by itself, review."""
    with answered():
        import asyncio

        from hinomi.drill.plan import load_plan, with_speed
        from hinomi.live.server import need_server

        need_server()
        plan = load_plan(name)
        plan = plan if speed is None else with_speed(plan, speed)
        folder = _folder(out, plan)
        from hinomi.drill.conduct import conduct
        from hinomi.drill.expected import expect, write_expected
        from hinomi.drill.programs import Stage

        stage = Stage(plan=plan, folder=folder)
        stage.set_up()
        tell = _silent if quiet else say
        tell(
            f"EXERCISE 訓練 - {plan.text.title}: {len(plan.codes)} receivers, x{plan.text.clock.speed.value:g}"
        )
        write_expected(expect(plan), folder)
        stopped = asyncio.run(until_stopped(conduct(plan, stage, say=tell)))
        if stopped:
            say(f"interrupted; its programs are ended. What happened: hinomi drill review {folder}")
            raise typer.Exit(128 + stopped)
    review_command(folder, as_json)


def _silent(line: str) -> None:  # noqa: ARG001
    return
