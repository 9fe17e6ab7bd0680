"""hinomi: who is warned, what is defended, what it takes; contents page, no logic.

`import hinomi` is light: names load on first use. `hinomi.open` is not among what `import *` brings,
so that Python's own `open` stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hinomi.errors import FenceError, FolderError, HinomiError, ScenarioError
from hinomi.kernels import prepare_cache

if TYPE_CHECKING:
    from hinomi.scenario.load import load
    from hinomi.study.compare import compare
    from hinomi.study.montecarlo import run
    from hinomi.study.notebook import scenarios
    from hinomi.study.results import Study
    from hinomi.study.results import open_run as open  # noqa: A004, F401

    sweep: Any  # a package that can be called; named without an import, which layers forbid

prepare_cache()

_PLACES = {  # name -> module, and its name there
    "load": ("hinomi.scenario.load", "load"),
    "run": ("hinomi.study.montecarlo", "run"),
    "compare": ("hinomi.study.compare", "compare"),
    "scenarios": ("hinomi.study.notebook", "scenarios"),
    "Study": ("hinomi.study.results", "Study"),
    "open": ("hinomi.study.results", "open_run"),
    "sweep": ("hinomi.sweep", "sweep"),  # the package itself, which can be called
}
__all__ = [
    "FenceError",
    "FolderError",
    "HinomiError",
    "ScenarioError",
    "Study",
    "compare",
    "load",
    "run",
    "scenarios",
    "sweep",
]
__version__ = "2026.1.dev0"


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _PLACES:
        raise AttributeError(
            f"module 'hinomi' has no attribute {name!r}; it offers {', '.join(sorted(_PLACES))}"
        )
    from importlib import import_module

    module, there = _PLACES[name]
    return getattr(import_module(module), there)


def __dir__() -> list[str]:
    """Offer the public names to people who press Tab."""
    return sorted({*globals(), *_PLACES})
