"""The description inside the wheel: README.md without what leads nowhere outside a checkout."""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

WHERE = "Pages and pictures that are named here lie in the source archive, below `docs/`."
# Relative: neither a scheme nor a place on the page itself.
IMAGE = re.compile(r"^!\[[^\]]*\]\((?![a-z]+:|#)[^)]*\)\n+", re.MULTILINE)
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?![a-z]+:|#)[^)]*\)")


def standing_alone(text: str) -> str:
    """Drop relative images, and keep the words alone of relative links."""
    words = LINK.sub(r"\1", IMAGE.sub("", text))
    return f"{words.rstrip()}\n\n{WHERE}\n"


class Description(MetadataHookInterface):
    """Fills the dynamic `readme`."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the text; the file itself stays as it is."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": standing_alone(text)}
