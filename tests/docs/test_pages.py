"""The pages say what the program has: every command, option, table, column and headline."""

import re
from pathlib import Path

import pytest
import typer.main

import hinomi
import hinomi.cli
from hinomi.study.store import TABLES
from hinomi.study.summary import HEADLINES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def page(name):
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def commands():
    """Every command with its words, groups left out."""
    waiting = [((), typer.main.get_command(hinomi.cli.app))]
    while waiting:
        words, command = waiting.pop()
        inner = getattr(command, "commands", None)
        if inner is None:
            yield words, command
        else:
            waiting += [((*words, name), found) for name, found in inner.items()]


@pytest.mark.parametrize(("words", "command"), list(commands()), ids=lambda v: str(v)[:30])
def test_every_command_and_option_is_on_the_page(words, command):
    text = page("command-line")
    assert f"hinomi {' '.join(words)}" in text
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            assert (parameter.metavar or parameter.name.upper()) in text
        for option in parameter.opts if parameter.param_type_name == "option" else ():
            assert re.search(rf"(?<![\w-]){option}(?![\w-])", text), option


@pytest.mark.parametrize("name", ["run", "compare", "resume"])
def test_the_table_of_options_marks_who_has_which(name):
    """A row of the page for each option, an x where the command has it and nowhere else."""
    rows = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in page("command-line").splitlines()
        if line.startswith("| `-")
    ]
    column = ("run", "compare", "resume").index(name) + 1
    told = {
        re.findall(r"--[\w-]+", row[0])[0] for row in rows if len(row) == 5 and row[column] == "x"
    }
    (command,) = [command for words, command in commands() if words == (name,)]
    has = {
        option
        for parameter in command.params
        if parameter.param_type_name == "option"
        for option in parameter.opts
        if option.startswith("--") and option != "--help"
    }
    assert told == has


def test_no_option_is_on_the_page_that_is_nowhere():
    has = {option for _, command in commands() for p in command.params for option in p.opts}
    for group in typer.main.get_command(hinomi.cli.app).commands.values():
        has |= {option for p in group.params for option in p.opts}  # a group may have its own
    has |= {"--version", "--help", "--install-completion", "--show-completion"}
    told = set(re.findall(r"(?<![\w-])--[a-z][\w-]*", page("command-line")))
    assert told <= has


@pytest.fixture(scope="module")
def schemas(tmp_path_factory):
    """Columns of every table that a run writes."""
    folder = tmp_path_factory.mktemp("tables") / "run"
    study = hinomi.run(
        "replay-2017-08-29", replicates=1, keep_tracks=1, out=folder, workers=1, quiet=True
    )
    return {name: study.table(name).schema for name in study.tables}


def documented():
    """Table -> column -> unit, of the page."""
    found, table = {}, ""
    for line in page("tables").splitlines():
        if line.startswith("## "):
            table = line[3:]
            found[table] = {}
        elif match := re.match(r"\| `(\w+)` \|([^|]*)\| (.+) \|$", line):
            assert len(match[3]) > 3
            assert match[1] not in found[table]
            found[table][match[1]] = match[2].strip()
    return found


def test_every_table_and_column_is_on_the_page_and_no_other(schemas):
    told = documented()
    assert list(told) == list(TABLES)
    assert list(schemas) == list(TABLES)
    for name, schema in schemas.items():
        assert list(told[name]) == schema.names, name


def test_units_on_the_page_are_those_of_the_names():
    units = {"s": "s", "m": "m", "mps": "m/s", "deg": "deg", "rad": "rad", "km": "km", "km2": "km²",
             "db": "dB", "musd": "million USD"}  # fmt: skip
    for table, columns in documented().items():
        for column, unit in columns.items():
            suffix = column.rsplit("_", 1)[-1] if "_" in column else ""
            if suffix in units:
                assert unit == units[suffix], (table, column)


def test_every_headline_is_on_its_page():
    text = page("headlines")
    for metric in HEADLINES:
        assert f"`{metric}`" in text, metric


def test_every_page_is_in_the_table_of_contents():
    trees = re.findall(r"```\{toctree\}\n.*?\n\n(.*?)```", page("index"), re.DOTALL)
    listed = [name for tree in trees for name in tree.split()]
    pages = [path.stem for path in DOCS.glob("*.md")]
    folders = [f"{path.parent.name}/index" for path in DOCS.glob("[!_]*/index.md")]
    assert sorted([*listed, "index"]) == sorted([*pages, *folders])


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda path: path.stem)
def test_a_command_on_any_page_is_a_command_of_the_program(path):
    known = {words[0] for words, _ in commands()} | {"--version", "COMMAND"}
    known |= {"runn"} if path.stem == "bad_input" else set()  # a mistake, shown as one
    for word in re.findall(r"(?:^|`|\s)(?:\.venv/bin/)?hinomi ([\w-]+)(?= |`|$)", _code(path)):
        assert word in known, (path.name, word)


def _code(path):
    """Only what is set as code."""
    text = path.read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:sh|text)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return "\n".join([*blocks, *(f"`{c}`" for c in re.findall(r"`([^`\n]+)`", text))])
