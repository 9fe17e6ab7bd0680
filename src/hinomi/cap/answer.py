"""Answers of a receiver: CAP Ack and Error, with the reference of the message they are about."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from hinomi.cap.compose import NAME_FORM, identifier
from hinomi.cap.message import Message
from hinomi.cap.times import text_of, time_of
from hinomi.cap.words import marked
from hinomi.errors import FenceError, ScenarioError
from hinomi.records.alerts import EXERCISE, TEST

LONGEST_NOTE: Final = 500  # characters of what an answer says


def answer(
    message: Message, *, kind: Literal["Ack", "Error"], sender: str, at: datetime, note: str
) -> Message:
    """Compose an Ack or an Error to a message, for its sender alone.

    Parameters
    ----------
    message
        what is answered; its status is taken over.
    sender
        who answers, in the form of a sender.
    at
        time of the answer; that of the message where it lies before that.
    note
        plain words; for an Error what was wrong.

    Raises
    ------
    FenceError
        for a message of a status other than Exercise and Test.
    ScenarioError
        for a sender, or a message, that references cannot name.
    """
    if message.status not in (EXERCISE, TEST):
        raise FenceError(
            f"a message of status {message.status!r} is not answered; only {EXERCISE} and {TEST}"
        )
    for name in (sender, message.sender, message.identifier):
        if not NAME_FORM.fullmatch(name):
            raise ScenarioError(
                f"{name[:80]!r} cannot be named by references: letters, digits and . @ _ - alone"
            )
    try:
        sent = max(at, time_of(message.sent))
    except ValueError as error:
        raise ScenarioError(f"the message cannot be answered: {error}") from None
    key = f"{kind}|{sender}|{','.join(message.triple)}"
    return Message(
        identifier=identifier(sender, sent, key),
        sender=sender,
        sent=text_of(sent),
        status=message.status,
        kind=kind,
        source="hinomi",
        scope="Private",
        addresses=message.sender,
        codes=("hinomi-jp-1",),
        note=marked(note[:LONGEST_NOTE], message.status, "en-US"),
        references=(message.triple,),
        incidents=message.incidents if NAME_FORM.fullmatch(message.incidents or "-") else "",
    )
