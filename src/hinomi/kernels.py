"""Where compiled kernels are kept: a folder of the user's cache, keyed to the package's sources.

Numba's own cache looks only at the file of a function, not at the constants and functions it imports
from others; keying the folder to every source file makes a stale kernel impossible.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Final

# For kernels that make no array of their own: none of those they are given is counted. Counting is
# atomic, at every call and every slice, and took half of the tracker's time.
LEAN: Final = {"_nrt": False}
MAKES_ARRAYS: Final = {"_nrt": True}  # for kernels that a lean one calls and that do make some


def source_fingerprint() -> str:
    """Hash of every Python file of the package: 16 hexadecimal digits."""
    root = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def prepare_cache() -> None:
    """Point Numba at the cache folder, before anything imports it; a folder set by the user stays."""
    if "NUMBA_CACHE_DIR" in os.environ or "numba" in sys.modules:
        return
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")  # noqa: PTH111, PTH118
    folder = Path(home) / "hinomi" / f"kernels-{source_fingerprint()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return  # no writable home: Numba then falls back to its own choice
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
