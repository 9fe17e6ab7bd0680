"""hinomi: who is warned, what is defended, what it takes; contents page, no logic.

`import hinomi` is light: names load on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hinomi.errors import HinomiError, ScenarioError
from hinomi.kernels import prepare_cache

if TYPE_CHECKING:
    from hinomi.scenario.load import load
    from hinomi.study.compare import compare
    from hinomi.study.montecarlo import run
    from hinomi.study.results import Study

prepare_cache()

_PLACES = {
    "load": "hinomi.scenario.load",
    "run": "hinomi.study.montecarlo",
    "compare": "hinomi.study.compare",
    "Study": "hinomi.study.results",
}
__all__ = ["HinomiError", "ScenarioError", "Study", "compare", "load", "run"]
__version__ = "2026.1.dev0"


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _PLACES:
        raise AttributeError(
            f"module 'hinomi' has no attribute {name!r}; it offers {', '.join(__all__)}"
        )
    from importlib import import_module

    return getattr(import_module(_PLACES[name]), name)
