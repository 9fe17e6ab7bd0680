"""Programs beside the package (benchmarks, examples, release) use only names that hinomi has."""

import ast
import importlib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = sorted(
    path
    for folder in ("benchmarks", "examples", "release")
    for path in (ROOT / folder).glob("*.py")
)


def module(name):
    """A module of the package; None where it needs a library that is not here."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] == "hinomi":
            raise
        return None


def member(owner, name):
    """Attribute or module below; LookupError where it is neither."""
    if hasattr(owner, name):
        return getattr(owner, name)
    try:
        return module(f"{owner.__name__}.{name}")
    except (ModuleNotFoundError, AttributeError):
        raise LookupError(name) from None


def imported(tree):
    """Line, what is imported, and the name it has from then on."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "hinomi":
            for name in node.names:
                yield node.lineno, (node.module, name.name), name.asname or name.name
        elif isinstance(node, ast.Import):
            for name in node.names:
                if name.name.split(".")[0] == "hinomi":
                    yield node.lineno, (name.name, ""), name.asname or "hinomi"


def unknown(text):
    """Line and name of everything of hinomi's that is not there."""
    tree, known, out = ast.parse(text), {}, []
    for line, (owner, name), here in imported(tree):
        try:
            found = module(owner)
            if found is None:
                continue
            if name:
                found = member(found, name)
            elif here == "hinomi":
                found = importlib.import_module("hinomi")
        except (ModuleNotFoundError, LookupError):
            out.append((line, f"{owner}.{name}".rstrip(".")))
            continue
        if isinstance(found, (ModuleType, type)):
            known[here] = found
    return out + list(unknown_attributes(tree, known))


def unknown_attributes(tree, known):
    """What is asked of an imported module or class and is not there: `a.b.c` link by link.

    A class of records answers for its fields too, which slots or defaults need not show.
    """
    chains = {}
    for node in ast.walk(tree):
        names, inner = [], node
        while isinstance(inner, ast.Attribute):
            names.append(inner.attr)
            inner = inner.value
        if names and isinstance(inner, ast.Name) and inner.id in known:
            chains[(node.lineno, inner.id, *reversed(names))] = None
    for line, first, *names in chains:
        owner = known[first]
        for name in names:
            if not isinstance(owner, ModuleType):
                if isinstance(owner, type) and not hasattr(owner, name):
                    fields = getattr(owner, "__dataclass_fields__", {})
                    if name not in fields:
                        yield line, f"{first}.{'.'.join(names)}"
                break
            try:
                owner = member(owner, name)
            except LookupError:
                yield line, f"{first}.{'.'.join(names)}"
                break


@pytest.mark.filterwarnings("ignore")  # what other libraries say when they are imported
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_every_name_that_a_program_uses_is_there(path):
    assert unknown(path.read_text(encoding="utf-8")) == []


def test_the_programs_are_found():
    assert {path.parent.name for path in PROGRAMS} == {"benchmarks", "examples", "release"}


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("from hinomi.study import montecarlo\nmontecarlo.run(1)", "montecarlo.run"),
        ("import hinomi.study.montecarlo as m\nm.run(1)", "m.run"),
        ("import hinomi.study.plan\nhinomi.study.plan.nothing", "hinomi.study.plan.nothing"),
        ("import hinomi as hm\nhm.nothing()", "hm.nothing"),
        ("from hinomi.study.gone import it", "hinomi.study.gone.it"),
        ("from hinomi.study.plan import gone", "hinomi.study.plan.gone"),
        ("from hinomi.study.plan import Batch\nBatch.gone", "Batch.gone"),
    ],
)
def test_a_name_that_is_not_there_is_found(text, missing):
    assert [name for _, name in unknown(text)] == [missing]
