"""Sphinx settings."""

import sys
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from changelog import for_site

project = "hinomi"
copyright = "2026, the hinomi developers"
author = "the hinomi developers"
release = metadata.version("hinomi")
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
html_title = "hinomi"
html_static_path = ["_static"]
html_css_files = ["width.css"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]
# Types of other libraries, whose pages are not here. Every type of hinomi has a page or is named below.
nitpick_ignore_regex = [("py:.*", r"(pathlib|collections|pyarrow|numpy|datetime|cryptography)\..*")]
nitpick_ignore = [
    ("py:class", "hinomi.notebook.tables.Shown"),
    ("py:class", "hinomi.scenario.model.Scenario"),
    ("py:class", "hinomi.study.plan.Scene"),
    ("py:class", "hinomi.study.montecarlo.Shard"),
    ("py:class", "hinomi.study.until.Until"),
    ("py:class", "hinomi.cap.compose.Target"),
    ("py:class", "hinomi.cap.schema.Schema"),
]
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"


def _changelog(_, name, source):
    """The page of changes is what the fragments say on the day of the build."""
    if name == "changelog":
        source[0] = for_site()


def setup(app):
    app.connect("source-read", _changelog)
    app.connect("env-get-outdated", lambda *_: ["changelog"])
