"""What a server is told when it starts, and what it takes where it is not told."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8765
DEFAULT_WORKSPACE: Final = Path("results")
NAMES_OF_LOOPBACK: Final = frozenset(("localhost", "127.0.0.1", "[::1]"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where results lie, where the built pages lie, and who may ask."""

    workspace: Path
    static: Path
    host: str = DEFAULT_HOST
    token: str | None = None
    names: frozenset[str] = NAMES_OF_LOOPBACK  # host names that a request may be addressed to

    @property
    def built(self) -> bool:
        """Whether the pages are there."""
        return (self.static / "index.html").is_file()


def is_loopback(host: str) -> bool:
    """Whether a host can be reached from this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def names_for(host: str, machine: str = "") -> frozenset[str]:
    """Host names that requests may carry for a server bound to `host`.

    A page elsewhere that makes its own name point here (DNS rebinding) carries its own name, which
    is never among these.
    """
    if is_loopback(host):
        return NAMES_OF_LOOPBACK
    own = {host.lower(), machine.lower()} - {"", "0.0.0.0", "::"}  # noqa: S104 - names, no binding
    return NAMES_OF_LOOPBACK | own
