"""Rules of the source tree: direction of imports, size of files and functions, depth, silence."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "hinomi"
SOURCES = sorted(PACKAGE.rglob("*.py"))
FILE_LINES, FUNCTION_LINES = 500, 60
LONGER = {
    "cli/fly.py:fly": "one parameter an option: the command line's library reads the signature"
}
COMMANDS = ("cli/", "__main__.py")


def name_of(path):
    return path.relative_to(PACKAGE).as_posix()


def is_kernel(node):
    return any("njit" in ast.unparse(d) for d in node.decorator_list)


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]


def test_there_is_something_to_look_at():
    assert len(SOURCES) > 30


def test_imports_only_go_down():
    """The contract of pyproject.toml, links that do not know each other included."""
    command = Path(sys.executable).parent / "lint-imports"
    found = subprocess.run([str(command), "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr


def test_two_levels_of_folders_never_three():
    assert [name_of(p) for p in SOURCES if len(p.relative_to(PACKAGE).parts) > 2] == []


def test_files_are_small():
    lines = {name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in SOURCES}
    assert {n: count for n, count in lines.items() if count > FILE_LINES} == {}


def length(node):
    """Lines of a function without its docstring."""
    first = node.body[0]
    told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return node.end_lineno - node.lineno + 1 - (first.end_lineno - first.lineno + 1 if told else 0)


def test_functions_are_small():
    """Compiled kernels are exempt: they cannot be cut without cost."""
    long = {
        f"{name_of(path)}:{node.name}": length(node)
        for path in SOURCES
        for node in functions(path)
        if length(node) > FUNCTION_LINES and not is_kernel(node)
    }
    assert {name: count for name, count in long.items() if name not in LONGER} == {}


def test_no_kernel_raises_by_dividing():
    """Python's rule raises in some threads on some processors; IEEE's gives a number that is tested."""
    found = [
        (f"{name_of(path)}:{node.name}", ast.unparse(decorator))
        for path in SOURCES
        for node in functions(path)
        for decorator in node.decorator_list
        if "njit" in ast.unparse(decorator)
    ]
    assert len(found) > 200
    assert [name for name, text in found if "error_model='numpy'" not in text] == []


def test_no_exception_is_kept_that_is_not_needed():
    there = {f"{name_of(path)}:{node.name}" for path in SOURCES for node in functions(path)}
    assert set(LONGER) <= there


def test_nobody_prints_below_the_command_line():
    printing = [
        f"{name_of(path)}:{node.lineno}"
        for path in SOURCES
        if not name_of(path).startswith(COMMANDS)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print"
    ]
    assert printing == []


def test_no_folder_is_a_drawer():
    """A file is named for what it holds."""
    drawers = {
        "utils",
        "util",
        "common",
        "manager",
        "managers",
        "base",
        "helpers",
        "helper",
        "misc",
    }
    assert [name_of(p) for p in SOURCES if p.stem in drawers or p.parent.name in drawers] == []


def test_importing_the_package_is_light():
    code = (
        "import sys, hinomi;"
        "heavy = {'numba', 'numpy', 'pyarrow', 'scipy', 'rich', 'pydantic'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"]])
def test_help_is_light(arguments):
    """Help needs no numerical library: it would take seconds instead of a fraction of one.

    (pydantic is not named here: typer itself imports it to show a command.)
    """
    code = (
        "import sys\n"
        "from hinomi.cli import main\n"
        f"sys.argv = ['hinomi', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "heavy = {'numba', 'numpy', 'pyarrow', 'scipy', 'duckdb', 'matplotlib'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    assert "run" in found.stdout
