"""The program as a user calls it, in this process, and a small real run to work on."""

import json
import shutil
import sys

import pytest

from hinomi.cli import main

SMALL = ("replay-2017-08-29", "-n", "2", "--companions", "0", "--workers", "1")


def call(words):
    """Run the program with these words; its exit code."""
    before, sys.argv = sys.argv, ["hinomi", *map(str, words)]
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        sys.argv = before
    return 0


@pytest.fixture
def program(capsys, tmp_path, monkeypatch):
    """Call the program in an empty folder: exit code, stdout, stderr; never a traceback."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        code = call(words)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return run


@pytest.fixture
def told(program, strict):
    """Call the program with --json: the object that it printed, nothing on stderr."""

    def run(*words):
        code, out, err = program(*words, "--json")
        assert (code, err) == (0, "")
        return strict(out)

    return run


@pytest.fixture
def interrupted_after_one(program, monkeypatch):
    """Call a command whose second raid is interrupted: it ends with 130 and says how to go on.

    Gives the words of the command; then the same command can be called again and ends well.
    """

    def run(chain, *words):
        whole = chain.replicate

        def first_only(*given, number, **more):
            if number:
                raise KeyboardInterrupt
            return whole(*given, number=number, **more)

        with monkeypatch.context() as patch:
            patch.setattr(chain, "replicate", first_only)
            code, _, err = program(*words)
        assert code == 130
        assert "what was finished is kept. Go on with: the same command" in err
        return words

    return run


@pytest.fixture(scope="session")
def small_run(tmp_path_factory):
    """A finished run of two replicates of the quick scenario; tests work on copies."""
    folder = tmp_path_factory.mktemp("small") / "run"
    assert call(["run", *SMALL, "-o", folder, "--quiet"]) == 0
    return folder


@pytest.fixture
def copied(small_run, tmp_path):
    """A copy of that run in the test's own folder, called `run`."""
    return shutil.copytree(small_run, tmp_path / "run")


@pytest.fixture
def strict():
    """Read text as exactly one strict JSON object."""

    def refuse(constant):
        raise AssertionError(constant)

    def read(text):
        found = json.loads(text, parse_constant=refuse)
        assert isinstance(found, dict)
        return found

    return read
