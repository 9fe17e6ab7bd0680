"""Pages from the templates that ship with the package; text is always shown as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any


def rendered(
    template: str,
    content: Mapping[str, Any],
    *,
    filters: Mapping[str, Callable[..., Any]] | None = None,
) -> str:
    """One page: `data/templates/<template>` filled with the content, everything escaped."""
    import jinja2

    source = resources.files("hinomi") / "data" / "templates" / template
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= filters or {}
    return environment.from_string(source.read_text(encoding="utf-8")).render(**content)
