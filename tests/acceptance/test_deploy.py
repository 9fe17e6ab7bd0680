"""What lies in deploy/ is what the program takes: each command line there parses as it stands."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from hinomi.cli import app

DEPLOY = Path(__file__).parents[2] / "deploy"


def lines():
    """(file, words after the program's name) of every command line in the folder."""
    found = []
    for path in sorted(DEPLOY.iterdir()):
        text = path.read_text(encoding="utf-8")
        if path.name == "Containerfile":
            found += [
                (path.name, json.loads(x))
                for x in re.findall(r"^CMD (\[.*\])$", text, re.MULTILINE)
            ]
        else:
            found += [
                (path.name, shlex.split(x))
                for x in re.findall(r"^Exec\w+=(.*)$", text, re.MULTILINE)
            ]
    return found


def test_every_file_of_the_folder_starts_the_program_once():
    assert [name for name, _ in lines()] == sorted(path.name for path in DEPLOY.iterdir())
    assert {Path(words[0]).name for _, words in lines()} == {"hinomi"}


@pytest.mark.parametrize(("file", "words"), lines())
def test_each_command_line_parses_against_the_real_options(file, words):
    program = get_command(app)
    name, *rest = words[1:]
    command = program.commands[name]
    context = command.make_context(name, list(rest))  # an unknown option or a wrong value raises
    given = {word for word in rest if word.startswith("--")}
    assert given
    assert given <= {option for each in command.params for option in each.opts}
    if context.params["host"] not in ("127.0.0.1", None):
        assert context.params["token_file"] is not None
    assert context.params.get("token") is None  # it would show in the list of processes


def test_what_a_unit_writes_lies_where_it_may_write():
    """The system is read-only to a unit, but for its state and cache folders."""
    for path in DEPLOY.glob("*.service"):
        settings = dict(
            line.split("=", 1)
            for line in path.read_text(encoding="utf-8").splitlines()
            if re.match(r"[A-Z]\w+=", line)
        )
        assert settings["ProtectSystem"] == "strict"
        state = f"/var/lib/{settings['StateDirectory']}"
        words = shlex.split(settings["ExecStart"])
        (at,) = [i for i, word in enumerate(words) if word in ("--workspace", "--folder")]
        assert words[at + 1].startswith(state)
        assert settings["Environment"] == f"XDG_CACHE_HOME=/var/cache/{settings['CacheDirectory']}"


def test_the_container_takes_the_extras_that_its_command_needs():
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert re.search(r"hinomi-\*\.whl\)\[web", text)
    assert re.search(r"^USER hinomi$", text, re.MULTILINE)
    assert "HINOMI_TOKEN" not in text
