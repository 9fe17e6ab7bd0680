"""The study commands on the fake chain, as a process of their own.

SOURCES stands for the hash of the sources, so that an edit between two processes breaks no test.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

if __name__ == "__main__":
    import typer

    import hinomi.cli.study as commands
    import hinomi.study.provenance as provenance

    provenance.source_fingerprint = lambda: os.environ["SOURCES"]
    commands.CHAIN = "fake_chain"
    commands._drawn = lambda study: None  # a fake scenario has no report
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    commands.register(app)
    app()
