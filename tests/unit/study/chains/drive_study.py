"""The study commands on the fake chain, as a process of their own.

SOURCES stands for the hash of the sources, so that an edit between two processes breaks no test.
KILL_AT such as `3 before` ends the process without notice at its third renaming of a file; LARGEST
is the size in bytes beyond which the system refuses to let a file grow.
"""

import os
import resource
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def kill_at(number: int, when: str) -> None:
    """End this process, as kill -9 does, just before or after a file takes its name."""
    rename, count = Path.replace, iter(range(1, 1_000_000))

    def replace(self, target):
        here = next(count) == number
        if here and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        found = rename(self, target)
        if here:
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    Path.replace = replace


if __name__ == "__main__":
    import typer

    import hinomi.cli.study as commands
    import hinomi.study.provenance as provenance

    if "KILL_AT" in os.environ:
        number, when = os.environ["KILL_AT"].split()
        kill_at(int(number), when)
    if "LARGEST" in os.environ:
        most = int(os.environ["LARGEST"])
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    provenance.source_fingerprint = lambda: os.environ["SOURCES"]
    commands.CHAIN = "fake_chain"
    commands._drawn = lambda study: None  # a fake scenario has no report
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    commands.register(app)
    app()
