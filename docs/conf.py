"""Sphinx settings."""

from importlib import metadata

project = "hinomi"
copyright = "2026, the hinomi developers"
author = "the hinomi developers"
release = metadata.version("hinomi")
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
html_title = "hinomi"
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]
# Types that have no page: of other libraries, and of hinomi's inner parts. Links between pages stay strict.
nitpick_ignore_regex = [
    (
        "py:.*",
        r"(pathlib|collections|pyarrow|numpy|datetime|typing|hinomi|optional|array|Floats|Ints|[A-Z]\w+).*",
    )
]
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
