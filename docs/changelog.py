"""The changelog from its fragments: `python docs/changelog.py` writes CHANGELOG.md; the site's page is made anew at each build.

A release is `towncrier build --version VERSION`, which puts the fragments below RELEASED and removes them.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILE = ROOT / "CHANGELOG.md"
RELEASED = "<!-- released -->\n"
HEAD = """\
# Changelog

What a user can notice, newest version first. *Results that changed* says which figure moved, from what to what, and why;
[errata](docs/errata.md) has the largest of these in one table.

"""
FIRST = """\
Nothing has been released yet: *Breaking* and *Results that changed* are told against earlier states of this repository.

"""


def unreleased() -> str:
    """The fragments of `changelog.d` as one section, empty where there is none."""
    if not any((ROOT / "changelog.d").glob("*.md")):
        return ""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = project["version"].partition(".dev")[0]
    done = subprocess.run(  # noqa: S603 - the project's own tool, no input of others
        [sys.executable, "-m", "towncrier", "build", "--draft", "--version", version, "--date", "-"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    _, _, text = done.stdout.partition("\n")  # its title, which has a date in it
    return f"# hinomi {version}, not yet released\n\n{text.strip()}\n\n"


def whole() -> str:
    """Head, what is not released yet, and the released versions as they stand in the file."""
    kept = FILE.read_text(encoding="utf-8").partition(RELEASED)[2] if FILE.is_file() else ""
    return HEAD + ("" if kept.strip() else FIRST) + unreleased() + RELEASED + kept


def for_site() -> str:
    """The same as one page of the site: one title, links as they are from `docs`."""
    head, _, rest = whole().replace("](docs/", "](").partition("\n\n")
    return f"{head}\n\n" + re.sub(r"^(#+ )", r"#\1", rest, flags=re.MULTILINE)


if __name__ == "__main__":
    FILE.write_text(whole(), encoding="utf-8")
