"""Commands that keep nothing on their way say so when they are stopped, also inside a kernel."""

import os
import signal

import pytest
import typer

from hinomi.cli import stopping
from hinomi.cli.stopping import at_once


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stop_says_that_nothing_is_kept_and_ends_with_its_code(capsys, number, code):
    @at_once
    def command():
        os.kill(os.getpid(), number)
        signal.sigtimedwait([], 5.0)  # the signal comes first

    with pytest.raises(typer.Exit) as end:
        command()
    assert end.value.exit_code == code
    assert capsys.readouterr().err == f"\ninterrupted; {stopping.NOTHING_KEPT}\n"


def test_a_stop_inside_a_compiled_kernel_is_one_too(capsys):
    @at_once
    def command():
        raise SystemError("a kernel ended") from KeyboardInterrupt()

    with pytest.raises(typer.Exit) as end:
        command()
    assert end.value.exit_code == 130
    assert "nothing is kept" in capsys.readouterr().err


@pytest.mark.parametrize("words", ["sustain", "footprint", "raid", "coverage", "fly", "evacuate"])
def test_commands_without_a_folder_on_their_way_are_of_that_kind(words):
    import hinomi.cli

    (found,) = [c.callback for c in hinomi.cli.app.registered_commands if c.name == words]
    assert found.__wrapped__.__name__ == words
