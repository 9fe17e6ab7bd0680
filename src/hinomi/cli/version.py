"""What is installed: the program, Python, the libraries that figures depend on, and the extras."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import Final

from hinomi import __version__

LIBRARIES: Final = ("numpy", "scipy", "numba", "pyarrow", "duckdb", "shapely", "lxml", "signxml")
EXTRAS: Final = {
    "web": ("fastapi", "uvicorn", "orjson"),
    "live": ("fastapi", "uvicorn", "orjson", "websockets", "paho-mqtt", "nats-py"),
    "distributed": ("distributed",),
    "sensitivity": ("SALib",),
    "stonesoup": ("stonesoup",),
}


def version_text() -> str:
    """Lines of `hinomi --version`; the first alone names the program's version."""
    machine = f"{platform.system()} {platform.machine()}".strip()
    libraries = ", ".join(f"{name} {_version(name) or 'missing'}" for name in LIBRARIES)
    lines = [
        f"hinomi {__version__}",
        f"Python {platform.python_version()} on {machine}",
        f"libraries: {libraries}",
    ]
    for extra, packages in EXTRAS.items():
        missing = [name for name in packages if not _version(name)]
        words = (
            f"missing {', '.join(missing)}: pip install 'hinomi[{extra}]'"
            if missing
            else "installed"
        )
        lines.append(f"extra {extra}: {words}")
    return "\n".join(lines)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
