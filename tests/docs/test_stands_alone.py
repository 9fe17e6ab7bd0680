"""The repository speaks of itself alone: no machine, no registry, no address in a lock file."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEFT_OUT = {
    ".git",
    ".venv",
    ".cache",
    "results",
    "_build",
    "__pycache__",
    "dist",
    "node_modules",
    "static",
}
# Written apart, so that this file does not name them either.
REGISTRIES = ("pypi" + ".org", "python" + "hosted.org", "anaconda" + ".org", "npmjs" + ".com")
PATHS = ("/wo" + "rk/", "/tm" + "p/nc", "sha" + "red/", "/root" + "/", "/home" + "/")


def files():
    waiting = [ROOT]
    while waiting:
        for path in waiting.pop().iterdir():
            if path.name in LEFT_OUT or path.name.endswith("_cache") or path.is_symlink():
                continue
            if path.is_dir():
                if path.name.startswith(".") and path.name != ".ci":
                    continue  # what tools keep for themselves
                waiting.append(path)
            else:
                yield path


@pytest.mark.parametrize("words", [*REGISTRIES, *PATHS])
def test_no_file_names_a_registry_or_a_place_on_a_machine(words):
    wanted = re.compile(rb"(?<![\w.])" + re.escape(words.encode()))
    found = [str(p.relative_to(ROOT)) for p in files() if wanted.search(p.read_bytes())]
    assert found == []


def test_files_were_looked_at():
    names = {p.relative_to(ROOT).as_posix() for p in files()}
    assert {"README.md", "requirements.lock", "src/hinomi/cli/study.py"} <= names
    assert len(names) > 200


@pytest.mark.parametrize("name", ["requirements.lock", "bootstrap.lock"])
def test_locks_pin_by_hash_and_hold_no_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    pins = re.findall(r"^[\w.\[\]-]+==[^\s;]+", text, re.MULTILINE)
    assert pins
    for part in re.split(r"^(?=[\w.\[\]-]+==)", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in part, part.splitlines()[0]
