"""`hinomi alert`: compose, check, show, sign and verify CAP 1.2 messages; make keys."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hinomi.cli import alert_make
from hinomi.cli.options import Json
from hinomi.cli.printed import print_json
from hinomi.errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hinomi.cap.finding import Finding

app = typer.Typer(
    help="CAP 1.2 messages of exercises and tests: compose, check, show, sign, verify; make keys.",
    no_args_is_help=True,
)

File = Annotated[str, typer.Argument(metavar="FILE", help="A CAP message; - reads stdin.")]
Profile = Annotated[
    str, typer.Option(metavar="NAME", help="cap, hinomi-jp or cell-broadcast.", show_default=True)
]


def read_message(name: str) -> bytes:
    """Bytes of a message: a file, stdin, or one of the bundled examples by its name."""
    from hinomi.cap.gate import MAX_BYTES

    if name == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    path = Path(name)
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)  # one more than the gate lets pass
    except OSError as error:
        from hinomi.export.cap_places import EXAMPLES, examples
        from hinomi.scenario.places import data_file

        if name in examples():
            return data_file(f"{EXAMPLES}/{name}").read_bytes()
        raise ScenarioError(
            f"{name}: cannot be read: {error.strerror}; name a file, - for stdin, or an example: "
            f"{', '.join(examples())}"
        ) from None


def _finding_lines(findings: Sequence[Finding]) -> list[str]:
    from hinomi.export.cap_show import clean

    return [
        clean(f"{f.severity:<14} {f.code:<22} {f.path}") + "\n    " + clean(f.message)
        for f in findings
    ]


@app.command(
    "check",
    short_help="Check a message at three levels; exit 1 where it is refused.",
    epilog="Example: hinomi alert check okinawa-1-launch.xml",
)
def check_command(file: File, profile: Profile = "cap", as_json: Json = False) -> None:
    """Check a message: schema, rules of the standard's text, and a profile."""
    from hinomi.cap.check import check
    from hinomi.cap.finding import ACCEPTED
    from hinomi.export.cap_places import load_schema

    report = check(read_message(file), schema=load_schema(), profile=profile)
    if as_json:
        findings = [f.as_object() for f in report.findings]
        print_json({"verdict": report.verdict, "profile": profile, "findings": findings})
    else:
        for line in _finding_lines(report.findings):
            typer.echo(line)
        typer.echo(
            f"{report.verdict}: {len(report.errors)} errors, "
            f"{len(report.findings) - len(report.errors)} other findings (profile {profile})"
        )
    if report.verdict != ACCEPTED:
        raise typer.Exit(1)


@app.command(
    "show",
    short_help="Show what a message says, and to whom.",
    epilog="Example: hinomi alert show okinawa-1-launch.xml",
)
def show_command(file: File, as_json: Json = False) -> None:
    """Show a message in words: status first, texts in each language, recipients by name."""
    from hinomi.cap.gate import gate
    from hinomi.cap.message import read
    from hinomi.cap.recipients import recipients
    from hinomi.export.cap_show import show_lines, show_object
    from hinomi.scenario.places import load_places

    message = read(gate(read_message(file)))
    places = load_places()
    found = recipients(message, places)
    if as_json:
        print_json(show_object(message, found))
    else:
        typer.echo("\n".join(show_lines(message, found, places)))


@app.command(
    "sign",
    short_help="Sign an Exercise or Test message.",
    epilog="Example: hinomi alert sign message.xml --key keys/key.pem --certificate keys/certificate.pem -o signed.xml",
)
def sign_command(
    file: File,
    key: Annotated[Path, typer.Option(metavar="FILE", help="Private key, PEM.")],
    certificate: Annotated[Path, typer.Option(metavar="FILE", help="Its certificate, PEM.")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE", help="The signed message.")],
    profile: Profile = "hinomi-jp",
    at: Annotated[str | None, typer.Option(metavar="TIME", help="Time of signing; now.")] = None,
) -> None:
    """Check a message, sign it, and write exactly the bytes to keep and send."""
    from hinomi.cap.check import check
    from hinomi.cap.finding import ACCEPTED
    from hinomi.cap.sign import load_signer, sign
    from hinomi.cli.files import refuse_files, write_files
    from hinomi.export.cap_places import load_schema

    refuse_files({"--out": out})
    message = read_message(file)
    time = alert_make.time_or_now(at, "--at")
    pair = load_signer(alert_make.read_file(key, "--key"), alert_make.read_file(certificate, "--certificate"))  # fmt: skip
    signed = sign(message, signer=pair, at=time)
    report = check(signed, schema=load_schema(), profile=profile)
    if report.verdict != ACCEPTED:
        for line in _finding_lines(report.errors):
            typer.echo(line)
        typer.echo("not signed: the message is refused by its check")
        raise typer.Exit(1)

    def put(path: Path) -> None:
        path.write_bytes(signed)

    write_files({"--out": out}, {"--out": put})
    typer.echo(f"{out}: {len(signed):,} bytes; any change to them breaks the signature")


@app.command(
    "verify",
    short_help="Verify a signature with pinned keys; exit 1 if not trusted.",
    epilog="Example: hinomi alert verify signed.xml --trust keys/trust.json",
)
def verify_command(
    file: File,
    trust: Annotated[Path, typer.Option(metavar="FILE", help="The trust store, JSON.")],
    profile: Profile = "hinomi-jp",
    at: Annotated[str | None, typer.Option(metavar="TIME", help="Judge at this time; now.")] = None,
    as_json: Json = False,
) -> None:
    """Verify who signed a message and whether that key may say so, then check the message."""
    from hinomi.cap.check import check
    from hinomi.cap.finding import ACCEPTED, ERROR, REFUSED
    from hinomi.cap.sign import verify
    from hinomi.cap.trust import parse_trust
    from hinomi.export.cap_places import load_schema
    from hinomi.scenario.places import load_places

    message = read_message(file)
    store = parse_trust(alert_make.read_text(trust, "--trust"), str(trust))
    time = alert_make.time_or_now(at, "--at")
    done = verify(message, trust=store, at=time, places=load_places())
    report = check(message, schema=load_schema(), profile=profile)
    findings = [*done.findings, *(f for f in report.findings if f not in done.findings)]
    verdict = REFUSED if any(f.severity == ERROR for f in findings) else ACCEPTED
    who = None if done.entry is None else done.entry.fingerprint
    if as_json:
        told = [f.as_object() for f in findings]
        print_json({"verdict": verdict, "fingerprint": who, "profile": profile, "findings": told})
    else:
        for line in _finding_lines(findings):
            typer.echo(line)
        typer.echo(
            f"{verdict}: " + (f"signed by key {who}" if who else "no pinned key signed this")
        )
    if verdict != ACCEPTED:
        raise typer.Exit(1)


app.command(
    "compose",
    short_help="Compose messages for places, or from a run.",
    epilog="Example: hinomi alert compose --kind launch --prefecture Okinawa -o message.xml",
)(alert_make.compose_command)
app.command(
    "keys",
    short_help="Make a key pair and its entry of a trust store.",
    epilog="Example: hinomi alert keys -o keys",
)(alert_make.keys_command)
