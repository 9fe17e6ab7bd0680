"""The supplier graph: who needs whom, in which order, and never in a circle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hinomi.errors import ScenarioError


def cycle_in(needs: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Names along the first circle, closed (a, b, a); empty where there is none.

    Names that are needed but not listed are left out.
    """
    done: set[str] = set()
    for start in needs:
        if start in done:
            continue
        path, waiting = [start], [iter(needs[start])]
        while path:
            following = next(waiting[-1], None)
            if following is None:
                done.add(path.pop())
                waiting.pop()
            elif following in path:
                return (*path[path.index(following) :], following)
            elif following in needs and following not in done:
                path.append(following)
                waiting.append(iter(needs[following]))
    return ()


def upstream_first(needs: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Every name after all that it needs.

    Raises
    ------
    ScenarioError
        for a circle, which is named, or a name that is not there.
    """
    names = list(needs)
    for name in names:
        for other in needs[name]:
            if other not in needs:
                raise ScenarioError(
                    f"{name} needs {other!r}, which is no supplier; there are {', '.join(names)}"
                )
    circle = cycle_in(needs)
    if circle:
        raise ScenarioError(
            f"suppliers need each other in a circle: {' -> '.join(circle)}; take one need away"
        )
    out: list[str] = []
    left = dict.fromkeys(names)
    while left:
        ready = [name for name in left if not any(other in left for other in needs[name])]
        out += ready
        for name in ready:
            del left[name]
    return tuple(out)
