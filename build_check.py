"""Refuses to build a wheel without the web pages; an editable install may do without them."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NEEDED = ("index.html", "manifest.json", "cesium/Workers", "cesium/Assets")


class WebPages(BuildHookInterface):  # type: ignore[type-arg]
    """Checks that the pages were built ahead: users need no Node."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Fail with the way out when a page is missing."""
        if version == "editable":
            return
        static = Path(self.root) / "src/hinomi/web/static"
        missing = [name for name in NEEDED if not (static / name).exists()]
        if missing:
            raise RuntimeError(
                f"web pages not built: {', '.join(missing)} missing in src/hinomi/web/static; "
                "run 'make web' (needs Node 20 or later) and build again"
            )
