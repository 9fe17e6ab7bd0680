"""What a release is made of: the bill of materials, the wheel's description, the source archive."""

import csv
import importlib.util
import json
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCK = json.loads((ROOT / "frontend/package-lock.json").read_text(encoding="utf-8"))
LICENCES = """# Licenses

## @cesium/engine - 24.0.0 (Apache-2.0)

text

## dompurify - 3.4.18 ((MPL-2.0 OR Apache-2.0))
"""
READ = {
    "components": [
        {"bom-ref": "hinomi==1", "type": "library", "name": "hinomi", "version": "1",
         "licenses": [{"license": {"id": "Apache-2.0"}}],
         "externalReferences": [{"url": "file:///somewhere"}]},
        {"bom-ref": "partd==1.4.2", "type": "library", "name": "partd", "version": "1.4.2"},
        {"bom-ref": "unknown==1", "type": "library", "name": "unknown", "version": "1"},
    ],
    "dependencies": [{"ref": "hinomi==1", "dependsOn": ["partd==1.4.2"]}, {"ref": "partd==1.4.2"}],
    "metadata": {"tools": {}},
}  # fmt: skip


def script(name):
    """A script of release/ as a module."""
    pytest.importorskip("hatchling")
    spec = importlib.util.spec_from_file_location(f"release_{name}", ROOT / f"release/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_bill_has_the_program_as_root_and_the_parts_of_its_pages(tmp_path):
    bill = script("bill")
    pages = bill.page_parts(LICENCES, LOCK)
    whole = bill.completed(READ, pages)
    assert whole["metadata"]["component"]["name"] == "hinomi"
    assert whole["metadata"]["component"]["type"] == "application"
    names = {part["name"] for part in whole["components"]}
    assert names == {"partd", "unknown", "@cesium/engine", "dompurify", "draco3d", "lerc"}
    assert "somewhere" not in json.dumps(whole)
    refs = {part["bom-ref"] for part in whole["components"]} | {"hinomi==1"}
    (needs,) = [row["dependsOn"] for row in whole["dependencies"] if row["ref"] == "hinomi==1"]
    assert set(needs) <= refs
    assert {part["bom-ref"] for part in pages} <= set(needs)
    assert bill.write_bill(whole, tmp_path) == ["unknown"]
    text = (tmp_path / "licences.csv").read_text(encoding="utf-8")
    rows = {r[0]: r[1:] for r in csv.reader(text.splitlines())}
    assert rows["partd"] == ["1.4.2", "BSD-3-Clause"]
    assert rows["@cesium/engine"] == ["24.0.0", "Apache-2.0"]
    assert rows["dompurify"][1] == "MPL-2.0 OR Apache-2.0"
    assert rows["hinomi"] == ["1", "Apache-2.0"]


def test_parts_in_the_globes_workers_are_in_the_lock_with_a_licence():
    for name in script("bill").IN_WORKERS:
        held = LOCK["packages"][f"node_modules/{name}"]
        assert held["version"]
        assert held["license"]


def test_the_wheels_description_has_no_link_that_leads_nowhere():
    text = script("long_description").standing_alone((ROOT / "README.md").read_text("utf-8"))
    assert not re.findall(r"\]\((?![a-z]+:|#)", text)
    assert text.startswith("# hinomi\n")
    assert "Quickstart" in text  # the words of a link stay
    kept = script("long_description").standing_alone(
        "[a](https://x.example) [b](docs/b.md) [c](#c)"
    )
    assert kept.startswith("[a](https://x.example) b [c](#c)\n")


def test_the_source_archive_names_what_is_there_and_all_that_a_checkout_needs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    for pattern in wanted:
        assert list(ROOT.glob(pattern.removeprefix("/"))), pattern
    files = {path.name for pattern in wanted for path in ROOT.glob(pattern.removeprefix("/"))}
    assert files >= {
        "hinomi", "docs", "tests", "examples", "CITATION.cff", "SECURITY.md", "Makefile",
        "CHANGELOG.md", "CONTRIBUTING.md", "requirements.lock", "bootstrap.lock", "NOTICE",
    }  # fmt: skip


def test_every_extra_is_installed_and_used_before_a_release(monkeypatch):
    """Of each, the check runs a command that needs it, with it and (refused) without it."""
    monkeypatch.syspath_prepend(ROOT / "release")
    check = script("check")
    monkeypatch.delitem(sys.modules, "bill", raising=False)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = set(project["project"]["optional-dependencies"])
    assert set(check.EXTRAS) == {"", *extras}
    assert set(check.NEEDS) == extras
