"""hinomi: who is warned, what is defended, what it takes; contents page, no logic.

`import hinomi` is light: names load on first use. `hinomi.open` is not among what `import *` brings,
so that Python's own `open` stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hinomi.errors import FenceError, FolderError, HinomiError, ScenarioError
from hinomi.kernels import prepare_cache

if TYPE_CHECKING:
    from hinomi.notebook.compare import compare
    from hinomi.notebook.run import run
    from hinomi.notebook.scenarios import scenarios
    from hinomi.notebook.study import Study
    from hinomi.notebook.study import open_run as open  # noqa: A004, F401
    from hinomi.scenario.load import load
    from hinomi.sweep.run import sweep

prepare_cache()

_PLACES = {  # name -> module, and its name there
    "load": ("hinomi.scenario.load", "load"),
    "run": ("hinomi.notebook.run", "run"),
    "compare": ("hinomi.notebook.compare", "compare"),
    "scenarios": ("hinomi.notebook.scenarios", "scenarios"),
    "Study": ("hinomi.notebook.study", "Study"),
    "open": ("hinomi.notebook.study", "open_run"),
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
