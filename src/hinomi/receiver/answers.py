"""Signed answers to a sender: CAP Ack for what was shown, CAP Error for what was refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from hinomi.cap.answer import answer
from hinomi.cap.compose import NAME_FORM
from hinomi.cap.finding import RefusedError
from hinomi.cap.gate import gate
from hinomi.cap.keys import make_pair
from hinomi.cap.message import read, write
from hinomi.cap.sign import Signer, load_signer, sign
from hinomi.errors import FenceError, FolderError, ScenarioError
from hinomi.transport.contract import Receipt
from hinomi.transport.secret_files import write_secret

KEY, CERTIFICATE = "key.pem", "certificate.pem"
VALID: Final = timedelta(days=3650)
DOMAIN: Final = "receiver.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The key of a host's receivers."""

    signer: Signer

    def of(self, receipt: Receipt, content: bytes, *, at: datetime) -> bytes:
        """Signed Ack or Error to the bytes of a message; empty where it cannot be answered.

        A message that claims another status than Exercise and Test, or cannot be named by a
        reference, gets a receipt in plain words alone.
        """
        try:
            message = read(gate(content))
            kind: Final = "Error" if receipt.stage == "refused" else "Ack"
            told = answer(
                message, kind=kind, sender=sender_of(receipt.receiver), at=at,
                note=receipt.reason or receipt.stage,
            )  # fmt: skip
            public = self.signer.certificate
            moment = min(max(at, public.not_valid_before_utc), public.not_valid_after_utc)
            return sign(write(told), signer=self.signer, at=moment)
        except (RefusedError, FenceError, ScenarioError):
            return b""


def sender_of(receiver: str) -> str:
    """Name of a receiver as a sender of CAP writes it."""
    plain = re.sub(r"[^A-Za-z0-9.@_-]+", "-", receiver).strip("-.@_") or "receiver"
    found = plain if "@" in plain else f"{plain}@{DOMAIN}"
    return found if NAME_FORM.fullmatch(found) else f"receiver@{DOMAIN}"


def load_answers(folder: Path, *, name: str, at: datetime) -> Answers:
    """Read the key of a folder; made on first use, readable by its owner alone."""
    key, certificate = folder / KEY, folder / CERTIFICATE
    try:
        if not (key.exists() and certificate.exists()):
            made, public = make_pair(
                sender_of(name)[:64], not_before=at - VALID, not_after=at + VALID
            )
            write_secret(key, made)
            write_secret(certificate, public)  # last: without it both are made anew
        return Answers(signer=load_signer(key.read_bytes(), certificate.read_bytes()))
    except OSError as error:
        raise FolderError(
            f"{folder}: no key can be kept there: {error.strerror}; name another folder"
        ) from None
    except ScenarioError:
        raise FolderError(
            f"{folder}: {KEY} and {CERTIFICATE} are no pair; remove both, and the receiver makes new "
            "ones"
        ) from None
