"""Many settings of a scenario at once: grid, Latin hypercube, Morris, Sobol.

`hinomi.sweep` is this package and can be called: `hinomi.sweep(...)` is `hinomi.sweep.run.sweep`.
A package and a function cannot share a name in any other way that every import keeps.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, final

if TYPE_CHECKING:
    from hinomi.sweep.swept import Swept


@final
class _Callable(ModuleType):
    """A module that can be called; a class of modules is the one way that Python has for it."""

    def __call__(self, *given: Any, **settings: Any) -> Swept:
        from hinomi.sweep.run import sweep

        return sweep(*given, **settings)


sweep = sys.modules[__name__]
sweep.__class__ = _Callable
