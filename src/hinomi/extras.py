"""Extras of the package: a command asks for what it needs beyond the core before any work."""

from __future__ import annotations

from importlib import util

from hinomi.errors import ScenarioError


def need_extra(extra: str, *modules: str, who: str) -> None:
    """Refuse to begin without the modules of an extra; nothing is imported.

    Parameters
    ----------
    extra, modules
        name of the extra, and those of its top-level modules that are needed here.
    who
        what needs them, as the message begins.

    Raises
    ------
    ScenarioError
        with the modules that are missing and how to get them.
    """
    missing = [module for module in modules if util.find_spec(module) is None]
    if missing:
        raise ScenarioError(
            f"{who} needs {', '.join(missing)}, not installed here; it comes with the extra: "
            f'pip install "hinomi[{extra}]"'
        )
