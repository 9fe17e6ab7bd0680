"""`hinomi alert compose` and `hinomi alert keys`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hinomi.cli.files import refuse_folder
from hinomi.cli.options import text_option, whole_option
from hinomi.errors import FenceError, ScenarioError

if TYPE_CHECKING:
    from hinomi.cap.message import Message

SENDER = "exercise@hinomi.example"
STATUSES = {"exercise": "Exercise", "test": "Test"}


def time_or_now(text: str | None, option: str) -> datetime:
    """Time that was asked for, or now."""
    from hinomi.cap.times import asked_time
    from hinomi.study.provenance import now_utc

    return asked_time(text, option) if text is not None else datetime.fromisoformat(now_utc())


def languages_of(text: str, option: str) -> tuple[str, ...]:
    """Full tags of languages apart by commas; one without texts is refused."""
    from hinomi.cap.texts import LANGUAGES, full_tag

    tags = tuple(full_tag(tag.strip()) for tag in text.split(",") if tag.strip())
    if not tags or any(tag not in LANGUAGES for tag in tags):
        raise ScenarioError(
            f"{option} is {text!r}; write one or more of {', '.join(LANGUAGES)}, apart by commas"
        )
    return tags


def read_file(path: Path, option: str) -> bytes:
    """Bytes of a file that an option names; at most 1 MiB."""
    try:
        with path.open("rb") as stream:
            return stream.read(1 << 20)
    except OSError as error:
        raise ScenarioError(
            f"{option} {path}: cannot be read: {error.strerror}; name a file that is there"
        ) from None


def read_text(path: Path, option: str) -> str:
    """Text of a file in UTF-8."""
    try:
        return read_file(path, option).decode()
    except UnicodeDecodeError:
        raise ScenarioError(f"{option} {path}: is no text in UTF-8") from None


def status_of(text: str) -> str:
    """Status by its option; a real one is outside the scope."""
    if text.casefold() not in STATUSES:
        raise FenceError(
            f"--status is {text!r}: messages here are exercise or test, by construction; "
            "alerts for real are outside the scope of this project"
        )
    return STATUSES[text.casefold()]


Run = Annotated[Path | None, typer.Argument(metavar="DIR", help="A run's folder: its alerts.")]
KindName = Annotated[
    str | None,
    text_option(
        "--kind", "KIND", "launch, shelter, passed, stay, fell, fell-near, all-clear, cancel."
    ),
]
Place = Annotated[
    list[str] | None,
    text_option("--place", "CODE", "A municipality, code or name; again for more."),
]
Prefecture = Annotated[list[str] | None, text_option("--prefecture", "NAME", "Again for more.")]
Language = Annotated[str, text_option("--language", "TAG,...", "ja, en, zh-CN, zh-TW, ko.")]
Status = Annotated[str | None, text_option("--status", "exercise|test", "exercise otherwise.")]
Follows = Annotated[
    list[Path] | None,
    text_option("--follows", "FILE", "Earlier message of the chain; again for more."),
]
Remaining = Annotated[
    list[str] | None,
    text_option("--remaining", "CODE", "With all-clear: who must stay; again for more."),
]
Sender = Annotated[str, text_option("--sender", "NAME", "Sender, without spaces.")]
SenderName = Annotated[str, text_option("--sender-name", "TEXT", "Sender in words.")]
Incident = Annotated[
    str | None, text_option("--incident", "NAME", "The first message's otherwise, or raid-1.")
]
Exercise = Annotated[str, text_option("--exercise", "TEXT", "Name of the exercise.")]
Scope = Annotated[str, text_option("--scope", "restricted|public", "Who may be shown it.")]
Sent = Annotated[str | None, text_option("--sent", "TIME", "Time of sending; now.")]
Minutes = Annotated[int, whole_option("--minutes", "Minutes until it expires.")]
Replicate = Annotated[int, whole_option("--replicate", "Of a run: which replicate.")]
Architecture = Annotated[
    str | None, text_option("--architecture", "NAME", "Of a run: which; its first otherwise.")
]
Track = Annotated[
    str | None,
    text_option("--track", "N", "Of a run: one threat track; PICTURE:N where two have it."),
]
Out = Annotated[Path | None, typer.Option("-o", "--out", metavar="PATH", help="File; folder of a run.")]  # fmt: skip


def compose_command(
    run: Run = None,
    kind: KindName = None,
    place: Place = None,
    prefecture: Prefecture = None,
    language: Language = "ja-JP,en-US",
    status: Status = None,
    follows: Follows = None,
    remaining: Remaining = None,
    sender: Sender = SENDER,
    sender_name: SenderName = "hinomi exercise",
    incident: Incident = None,
    exercise: Exercise = "hinomi",
    scope: Scope = "restricted",
    sent: Sent = None,
    minutes: Minutes = 30,
    replicate: Replicate = 0,
    architecture: Architecture = None,
    track: Track = None,
    out: Out = None,
) -> None:
    """Compose a message for places, or all messages of one replicate of a run."""
    wanted_status = status_of(status or "exercise")
    tags = languages_of(language, "--language")
    if not 1 <= minutes <= 1440:
        raise ScenarioError(f"--minutes is {minutes}; it must be between 1 and 1440")
    if scope.lower() not in ("restricted", "public"):
        raise ScenarioError(f"--scope is {scope!r}; it is restricted or public")
    how = _How(
        sender=sender, sender_name=sender_name, languages=tags, exercise=exercise,
        scope=scope.capitalize(), expires_s=60.0 * minutes,
    )  # fmt: skip
    if run is not None:
        _refuse_beside_run(kind, place, prefecture, follows, remaining, incident, sent, status)
        _from_run(run, how, replicate=replicate, architecture=architecture, track=track, out=out)
        return
    if kind is None:
        raise ScenarioError("name a kind, such as --kind launch, or the folder of a run")
    from hinomi.cap.compose import dropped

    chain, time = [_earlier(path) for path in follows or ()], time_or_now(sent, "--sent")
    message = _one(
        kind, chain, how, names=place or [], prefectures=prefecture or [],
        remaining=remaining or [], status=wanted_status,
        incident=incident or (chain[0].incidents if chain else "raid-1"),
        sent=time,
    )  # fmt: skip
    _give(message, out)
    silent = dropped(message, chain, time)
    if silent and message.kind == "Update":
        typer.echo(
            f"hinomi: {len(silent)} municipalities of the earlier message are named no more, and "
            "nothing tells them so: name them too, or send them an all-clear with --remaining",
            err=True,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    """How messages are written, whatever they are about."""

    sender: str
    sender_name: str
    languages: tuple[str, ...]
    exercise: str
    scope: str
    expires_s: float


def _refuse_beside_run(*given: object) -> None:
    if any(each is not None and each != [] for each in given):
        raise ScenarioError(
            "a run says kind, places, times and status itself: leave out --kind, --place, "
            "--prefecture, --follows, --remaining, --incident, --sent and --status"
        )


def _give(message: Message, out: Path | None) -> None:
    """Print a message, or write its file."""
    from hinomi.cap.message import write
    from hinomi.cli.files import refuse_files, write_files

    text = write(message)
    if out is None:
        typer.echo(text.decode(), nl=False)
        return
    refuse_files({"--out": out})

    def put(path: Path) -> None:
        path.write_bytes(text)

    write_files({"--out": out}, {"--out": put})
    count = len(message.codes_of_areas)
    typer.echo(f"{out}: {message.kind} {message.identifier}, {count} municipalities")


def _earlier(path: Path) -> Message:
    from hinomi.cap.gate import gate
    from hinomi.cap.message import read

    return read(gate(read_file(path, "--follows")))


def _one(
    kind: str, chain: list[Message], how: _How, *, names: list[str], prefectures: list[str],
    remaining: list[str], status: str, incident: str, sent: datetime,
) -> Message:  # fmt: skip
    from hinomi.cap.compose import Order
    from hinomi.export.cap_made import composed
    from hinomi.export.cap_places import codes_of, target_of

    codes = codes_of(names=names, prefectures=prefectures)
    if not codes and chain:
        codes = chain[-1].codes_of_areas
    if not codes:
        raise ScenarioError("name who is meant: --prefecture Okinawa, or --place 47201")
    stay = codes_of(names=remaining, prefectures=[])
    if stay and kind != "all-clear":
        raise ScenarioError("--remaining goes with --kind all-clear: it names who must stay")
    return composed(
        Order(
            kind=kind, status=status, sent=sent, incident=incident, follows=tuple(chain),
            target=target_of(tuple(c for c in codes if c not in stay)),
            remaining=target_of(stay) if stay else None, **asdict(how),
        )
    )  # fmt: skip


def _from_run(
    run: Path, how: _How, *, replicate: int, architecture: str | None, track: str | None,
    out: Path | None,
) -> None:  # fmt: skip
    from hinomi.cap.kinds import EVENT_CODE
    from hinomi.cap.message import write
    from hinomi.export.cap_run import Wanted, chains_of

    if out is None:
        raise ScenarioError("a run has many messages: name a new folder for them with -o")
    if out.exists():
        raise ScenarioError(f"--out {out}: is there already; name a new folder")
    refuse_folder("--out", out)
    messages, remarks = chains_of(
        Wanted(
            folder=run, replicate=replicate, architecture=architecture, track=track, **asdict(how)
        )
    )
    out.mkdir(parents=True)
    for number, message in enumerate(messages):
        code = dict(message.infos[0].event_codes)[EVENT_CODE]
        path = out / f"{number:03d}-{message.kind}-{code}.xml".lower()
        path.write_bytes(write(message))
        typer.echo(f"{path}: {message.sent}, {len(message.codes_of_areas)} municipalities")
    for remark in remarks:
        typer.echo(remark)


SignStatus = Annotated[str, text_option("--status", "exercise|test,...", "What it may sign.")]
KeyArea = Annotated[
    str,
    text_option("--area", "CODE,...", "First digits of municipality codes; everywhere otherwise."),
]
Days = Annotated[int, whole_option("--days", "Valid for so long.")]
Rsa = Annotated[bool, typer.Option("--rsa", help="RSA of 3072 bits instead of ECDSA P-256.")]
Store = Annotated[
    Path | None,
    text_option("--trust", "FILE", "Add the entry to this store; DIR/trust.json otherwise."),
]
KeyFolder = Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="New folder.")]


def keys_command(
    sender: Sender = SENDER,
    status: SignStatus = "exercise",
    area: KeyArea = "",
    days: Days = 30,
    rsa: Rsa = False,
    trust: Store = None,
    out: KeyFolder = Path("keys"),
) -> None:
    """Make a private key, its certificate, and the entry that lets receivers trust it."""
    from hinomi.cap.keys import make_pair
    from hinomi.cap.times import text_of
    from hinomi.cap.trust import TrustEntry, fingerprint_of, parse_trust, trust_text

    statuses = tuple(dict.fromkeys(status_of(s.strip()) for s in status.split(",")))
    if not 1 <= days <= 3650:
        raise ScenarioError(f"--days is {days}; it must be between 1 and 3650")
    if out.exists():
        raise ScenarioError(f"--out {out}: is there already; name a new folder")
    refuse_folder("--out", out)
    now = time_or_now(None, "")
    end = now + timedelta(days=days)
    key, certificate = make_pair(sender, not_before=now - timedelta(minutes=5), not_after=end, rsa_key=rsa)  # fmt: skip
    entry = TrustEntry(
        fingerprint=fingerprint_of(certificate.decode()), sender=sender, statuses=statuses,
        areas=tuple(a.strip() for a in area.split(",") if a.strip()),
        not_before=text_of((now - timedelta(minutes=5)).astimezone(UTC)),
        not_after=text_of(end.astimezone(UTC)), certificate=certificate.decode(),
    )  # fmt: skip
    known = () if trust is None or not trust.exists() else parse_trust(read_text(trust, "--trust"), str(trust))  # fmt: skip
    out.mkdir(parents=True)
    private = out / "key.pem"
    private.touch(mode=0o600)  # readable by its owner alone before there is anything in it
    private.write_bytes(key)
    (out / "certificate.pem").write_bytes(certificate)
    store = trust or out / "trust.json"
    store.write_text(trust_text((*known, entry)), encoding="utf-8")
    typer.echo(f"{private}: keep it secret; it signs {' and '.join(statuses)} for {sender}")
    typer.echo(f"{out / 'certificate.pem'}: fingerprint {entry.fingerprint}")
    typer.echo(f"{store}: {len(known) + 1} entries; give this file to receivers")
