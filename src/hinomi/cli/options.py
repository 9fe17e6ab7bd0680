"""Options that commands share, and how their texts are read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hinomi.errors import ScenarioError

if TYPE_CHECKING:
    from typer.models import OptionInfo

    from hinomi.study.montecarlo import Shard
    from hinomi.study.until import Until


def whole(text: str) -> int:
    """Read a whole number; the value is told where it is none."""
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no whole number; write it in digits") from None


def number(text: str) -> float:
    """Read a number; the value is told where it is none."""
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no number; write it in digits, like 0.7") from None


def text_option(name: str, metavar: str, words: str) -> OptionInfo:
    """Option whose text the command itself reads."""
    return typer.Option(name, metavar=metavar, help=words)  # type: ignore[no-any-return]


def whole_option(name: str, words: str) -> OptionInfo:
    """Option with a whole number."""
    return typer.Option(name, metavar="N", parser=whole, help=words)  # type: ignore[no-any-return]


def number_option(name: str, metavar: str, words: str) -> OptionInfo:
    """Option with a number."""
    return typer.Option(name, metavar=metavar, parser=number, help=words)  # type: ignore[no-any-return]


def count_option(words: str, name: str = "--replicates") -> OptionInfo:
    """`-n`: how many times."""
    return typer.Option("-n", name, metavar="N", parser=whole, help=words)  # type: ignore[no-any-return]


def out_option(words: str, metavar: str = "DIR") -> OptionInfo:
    """`-o`: where it is written."""
    return typer.Option("-o", "--out", metavar=metavar, help=words)  # type: ignore[no-any-return]


Name = Annotated[str, typer.Argument(metavar="SCENARIO", help="A bundled name or a path.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a run.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change a key; the value is TOML."),
]
Replicates = Annotated[
    int | None,
    count_option(
        "How many replicates; the scenario's number otherwise. A larger one extends a run."
    ),
]
Few = Annotated[int | None, count_option("How many replicates; 30 otherwise.")]
Seed = Annotated[
    int | None,
    typer.Option(metavar="N", parser=whole, help="The random seed; the scenario's otherwise."),
]
Out = Annotated[Path | None, out_option("Folder of the run; results/SCENARIO-KEY otherwise.")]
Workers = Annotated[
    int | None,
    typer.Option(metavar="N", parser=whole, help="Processes; one for each core otherwise."),
]
Scheduler = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="A Dask scheduler (extra distributed)."),
]
ShardText = Annotated[
    str | None,
    typer.Option("--shard", metavar="I/N", help="Compute only part I (0 to N-1) of N."),
]
UntilCi = Annotated[
    str | None,
    typer.Option(
        "--until-ci",
        metavar="HEADLINE=WIDTH,...",
        help="Instead of -n: go on until these 95 % intervals are so narrow (high minus low), in "
        "every architecture, or in one or a pair of them: integrated:lead_s=5, a-b:leakers=0.2.",
    ),
]
Most = Annotated[
    int | None,
    typer.Option("--max", metavar="N", parser=whole, help="With --until-ci: replicates at most."),
]
Parts = Annotated[list[Path], typer.Argument(metavar="DIR", help="Folders with parts of one run.")]
MergeOut = Annotated[Path, out_option("Folder of the whole run.")]
Names = Annotated[
    str | None,
    typer.Option(
        metavar="A,B,...", help="Only these architectures, in this order; the scenario's otherwise."
    ),
]
Variant = Annotated[
    str | None, typer.Option(metavar="NAME", help="One of the scenario's variants.")
]
From = Annotated[
    str | None, typer.Option("--from", metavar="A", help="Shares less; the headline's otherwise.")
]
To = Annotated[
    str | None, typer.Option("--to", metavar="B", help="Shares more; the headline's otherwise.")
]
Variants = Annotated[
    bool,
    typer.Option(
        "--variants", help="The scenario as it is and each of its variants, one folder each."
    ),
]
TrackerName = Annotated[
    str | None,
    typer.Option(
        "--tracker",
        metavar="NAME",
        help="Another tracker, of 'hinomi benchmark trackers'.",
    ),
]
Without = Annotated[
    str | None,
    typer.Option(
        metavar="A,B,...",
        help="As if these sensors were lost: radars, groups of satellites, or 'BATTERY radar'.",
    ),
]
KeepTracks = Annotated[
    str | None,
    typer.Option(
        metavar="all|N|none",
        help="First replicates whose full tables are kept; the scenario's number otherwise.",
    ),
]
Companions = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        parser=whole,
        help="Replicates of the scenario's other assumptions beside the headline; 0 for none, "
        "10 otherwise.",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Estimate time, memory and disk; write nothing.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout and nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")]


def names_of(text: str | None, option: str = "--architectures") -> tuple[str, ...] | None:
    """Names apart by commas; none asked for gives None."""
    if text is None:
        return None
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise ScenarioError(f"{option} is {text!r}; name one or more, apart by commas")
    return names


def names_in(texts: list[str] | None, option: str) -> tuple[str, ...]:
    """Names of an option that may be given again, each time with one or more apart by commas."""
    return tuple(name for text in texts or () for name in names_of(text, option) or ())


def shard_of(text: str | None) -> Shard | None:
    """Part of a run that `I/N` names."""
    from hinomi.study.montecarlo import Shard

    if text is None:
        return None
    index, slash, count = text.partition("/")
    if not (slash and index.isdecimal() and count.isdecimal()):
        raise ScenarioError(f"--shard is {text!r}; write it as I/N, such as 0/4")
    return Shard(index=int(index), count=int(count))


def until_of(text: str | None, most: int | None) -> Until | None:
    """Rule that ends a run, from `--until-ci` and `--max`."""
    if text is None:
        if most is not None:
            raise ScenarioError("--max belongs to --until-ci; a number of replicates is -n N")
        return None
    from hinomi.study.until import parse

    return parse(text, most=most)


def keep_of(text: str | None) -> int | None:
    """How many first replicates are kept in full."""
    from hinomi.study.plan import MAX_REPLICATES

    if text is None or text.isdecimal():
        return None if text is None else int(text)
    if text not in ("all", "none"):
        raise ScenarioError(f"--keep-tracks is {text!r}; it is all, none or a number of replicates")
    return MAX_REPLICATES if text == "all" else 0


def companions_of(wanted: int | None) -> int:
    """How many replicates the companions have."""
    from hinomi.study.companions import REPLICATES

    if wanted is not None and wanted < 0:
        raise ScenarioError(f"--companions is {wanted}; it must be 0 (none) or more")
    return REPLICATES if wanted is None else wanted


def changes_of(pairs: list[str]) -> dict[str, object]:
    """`KEY=VALUE` pairs of a command line; a value is TOML, and bare words are text.

    Raises
    ------
    ScenarioError
        when a pair has no equals sign or a key is given twice.
    """
    import tomllib

    out: dict[str, object] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise ScenarioError(
                f"--set {pair}: write KEY=VALUE, for example warning.compliance=0.3"
            )
        if key.strip() in out:
            raise ScenarioError(f"--set {key.strip()} is given twice")
        try:
            out[key.strip()] = tomllib.loads(f"x = {value}")["x"]
        except tomllib.TOMLDecodeError:
            out[key.strip()] = value.strip()
    return out
