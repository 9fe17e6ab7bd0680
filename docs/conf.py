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
