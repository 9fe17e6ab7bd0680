"""What `hinomi replay` does: one launch, a file of one's own, or every bundled launch."""

from __future__ import annotations

import contextlib
import json
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final, final

import typer

from hinomi.cli.files import refuse_folder
from hinomi.cli.printed import print_json, print_lines
from hinomi.cli.stopping import Terminated, say
from hinomi.errors import ScenarioError

if TYPE_CHECKING:
    from hinomi.history.launches import Launch
    from hinomi.history.reconstruct import LaunchReplay
    from hinomi.history.replayed import Event, Progress
    from hinomi.scenario.model import Scenario

SAY_EVERY_S: Final = 5.0


def replay_one(
    target: str,
    replicates: int | None,
    seed: int | None,
    out: Path | None,
    *,
    quiet: bool,
    as_json: bool,
) -> None:
    """Replay a launch of the catalogue, or of a file of the user's own."""
    if out is not None:
        refuse_folder("--out", out)
    flown: LaunchReplay | None = None
    if _is_file(target):
        scenario, again = _from_file(Path(target))
    else:
        from hinomi.history.launches import find_launch

        one = find_launch(target)
        flown = _flown(one)
        if not one.scenario:
            _tell_flight(flown, replicates, seed, out, as_json)
            return
        scenario, again = _bundled(one.scenario)
    with _stoppable(out, _words(target, replicates, seed)) as stop:
        event = _event(scenario, again, replicates, seed, out, stop, quiet)
    if out is not None:
        _write(out, [event], index=False)
    _tell_event(event, flown, as_json)


def replay_all(
    replicates: int | None, seed: int | None, out: Path | None, *, quiet: bool, as_json: bool
) -> None:
    """Replay every bundled launch, each with its own page, and one page for all."""
    from hinomi.history.replay_words import all_lines, all_object
    from hinomi.history.replayed import replay_names

    if out is not None:
        refuse_folder("--out", out)
    with _stoppable(out, _words("--all", replicates, seed)) as stop:
        events = [
            _event(*_bundled(name), replicates, seed, out, stop, quiet) for name in replay_names()
        ]
    if out is not None:
        _write(out, events, index=True)
    if as_json:
        print_json(all_object(events))
    else:
        print_lines(all_lines(events))


def _event(
    scenario: Scenario,
    again: Callable[[str], Scenario],
    replicates: int | None,
    seed: int | None,
    out: Path | None,
    stop: _Stop,
    quiet: bool,
) -> Event:
    from hinomi.history.replayed import replay_event

    return replay_event(
        scenario,
        again=again,
        count=scenario.study.replicates if replicates is None else replicates,
        seed=scenario.study.seed if seed is None else seed,
        folder=out,
        progress=_progress(stop, quiet=quiet),
    )


def _bundled(name: str) -> tuple[Scenario, Callable[[str], Scenario]]:
    from hinomi.history.replayed import bundled

    return bundled(name), lambda variant: bundled(name, variant)


def _from_file(path: Path) -> tuple[Scenario, Callable[[str], Scenario]]:
    from hinomi.history.launch_form import load_launch_file

    return load_launch_file(path), lambda variant: load_launch_file(path, variant=variant)


def _words(target: str, replicates: int | None, seed: int | None) -> str:
    """The words of the command that go on with this run."""
    count = "" if replicates is None else f" -n {replicates}"
    return f"{target}{count}" + ("" if seed is None else f" --seed {seed}")


def _is_file(target: str) -> bool:
    return target.lower().endswith(".toml") or Path(target).is_file()


def _flown(one: Launch) -> LaunchReplay | None:
    """The flight alone with each set of figures; none where no class was given and none is needed."""
    from hinomi.history.reconstruct import reconstruct

    try:
        return reconstruct(one)
    except ScenarioError:
        if not one.scenario:
            raise
        return None


def _tell_flight(
    flown: LaunchReplay | None,
    replicates: int | None,
    seed: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Print a flight without a warning side."""
    from hinomi.history.replay_report import reconstruction_lines, reconstruction_object

    assert flown is not None  # noqa: S101 - a launch without a scenario has raised before
    if replicates is not None or seed is not None or out is not None:
        raise ScenarioError(
            f"{flown.launch.name} has no scenario, so its flight is computed once and has no "
            "replicates and no page; leave --replicates, --seed and --out away, or describe the "
            "launch in a file of your own"
        )
    if as_json:
        print_json(reconstruction_object(flown))
    else:
        print_lines(reconstruction_lines(flown))


def _tell_event(event: Event, flown: LaunchReplay | None, as_json: bool) -> None:
    from hinomi.history.replay_report import reconstruction_lines, reconstruction_object
    from hinomi.history.replay_words import event_lines, event_object

    if as_json:
        flight = {} if flown is None else reconstruction_object(flown)
        print_json({**flight, **event_object(event)})
        return
    lines = event_lines(event)
    if flown is not None:
        lines = [*reconstruction_lines(flown), "", *lines[1:]]
    print_lines(lines)


def _write(out: Path, events: Sequence[Event], *, index: bool) -> None:
    """Write the pages and the figures behind them; a stop leaves whole files."""
    from hinomi.history.replay_page import INDEX, event_page, file_of, index_page
    from hinomi.history.replay_words import all_object, event_object

    out.mkdir(parents=True, exist_ok=True)
    for event in events:
        _put(out / file_of(event), event_page(event, index=index))
        told = json.dumps(event_object(event), ensure_ascii=False, indent=1, allow_nan=False)
        _put(out / f"{event.main.scenario.name}.json", told + "\n")
    page = out / file_of(events[0])
    if index:
        page = out / INDEX
        _put(page, index_page(events))
        told = json.dumps(all_object(events), ensure_ascii=False, indent=1, allow_nan=False)
        _put(out / "replays.json", told + "\n")
    say(f"written: {page}")


def _put(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


@final
class _Stop:
    """Remembers that a stop was asked for, so that it happens between two replicates.

    A stop in the middle of a compiled kernel would leave the process in pieces; a second one does
    not wait.
    """

    def __init__(self) -> None:
        self._asked: type[KeyboardInterrupt] | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        kind = Terminated if number == signal.SIGTERM else KeyboardInterrupt
        if self._asked is not None:
            raise kind
        self._asked = kind

    def check(self) -> None:
        """Stop here when it was asked for."""
        if self._asked is not None:
            raise self._asked


def _progress(stop: _Stop, *, quiet: bool) -> Progress:
    """On a terminal one line that counts; elsewhere a line every five seconds."""
    last = time.monotonic()

    def tell(what: str, done: int, of: int) -> None:
        nonlocal last
        now = time.monotonic()
        if quiet:
            pass
        elif sys.stderr.isatty():
            typer.echo(f"\r{what}: {done} of {of}\x1b[K", err=True, nl=done == of)
        elif now - last >= SAY_EVERY_S:
            last = now
            typer.echo(f"{what}: {done} of {of}", err=True)
        stop.check()

    return tell


@contextlib.contextmanager
def _stoppable(out: Path | None, target: str) -> Iterator[_Stop]:
    """Answer Ctrl-C (130) and SIGTERM (143) with what is kept and how to go on."""
    stop = _Stop()
    before = [(number, signal.signal(number, stop)) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        yield stop
    except KeyboardInterrupt as error:
        kept = (
            "nothing is kept; with --out DIR finished replicates are"
            if out is None
            else f"finished replicates are kept. Go on with: hinomi replay {target} -o {out}"
        )
        say(f"\ninterrupted; {kept}")
        raise typer.Exit(143 if isinstance(error, Terminated) else 130) from None
    finally:
        for number, handler in before:
            signal.signal(number, handler)
