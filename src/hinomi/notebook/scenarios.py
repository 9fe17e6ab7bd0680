"""The bundled scenarios, shown."""

from __future__ import annotations

import tomllib

from hinomi.notebook.tables import Shown, scenarios_html
from hinomi.scenario.load import scenario_names, scenario_text


def scenarios() -> Shown:
    """Name -> title of every bundled scenario."""
    titles = {}
    for name in scenario_names():
        text, _ = scenario_text(name)
        titles[name] = str(tomllib.loads(text).get("title", name))
    return Shown(titles, scenarios_html)
