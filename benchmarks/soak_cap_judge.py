"""What must hold of any bytes whatever: the judge of the soak program.

Two libraries that the package does not use stand beside it: xmlschema for the schema, the standard
library's ElementTree for canonical XML.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import xmlschema

from hinomi.cap.check import check
from hinomi.cap.finding import RefusedError
from hinomi.cap.gate import gate
from hinomi.cap.keys import make_pair
from hinomi.cap.message import read, write
from hinomi.cap.profile import PROFILES
from hinomi.cap.sign import load_signer, sign, verify
from hinomi.cap.trust import TrustEntry, fingerprint_of
from hinomi.errors import HinomiError
from hinomi.export.cap_places import SCHEMA_FILE, load_schema
from hinomi.scenario.places import data_file, load_places

NOW = dt.datetime(2025, 9, 15, 10, 30, tzinfo=dt.UTC)
SENDER = "drill@town.example"
SECRET = "swordfish"  # stands in a file beside the corpus; no answer may ever hold it
MOST_FINDINGS = 51
REACH_EVERY = 20  # of the accepted messages this many are held against all places of Japan
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"


class Judge:
    """Oracle over bytes; raises AssertionError with what is wrong."""

    def __init__(self, folder: Path) -> None:
        """`folder` keeps the key and the digests of what was signed, for later processes."""
        self.folder = folder
        self.schema = load_schema()
        self.second = xmlschema.XMLSchema(
            data_file(SCHEMA_FILE).read_text(encoding="utf-8"), allow="none", defuse="never"
        )
        self.signer, text = _pair(folder)
        self.entry = TrustEntry(
            fingerprint=fingerprint_of(text), sender=SENDER, statuses=("Exercise",), areas=("47",),
            not_before="2025-09-01T00:00:00Z", not_after="2025-10-01T00:00:00Z", certificate=text,
        )  # fmt: skip
        self.book = folder / "signed.txt"
        self.signed = set(self.book.read_text().split()) if self.book.exists() else set()
        self.seen = dict.fromkeys(("inputs", "gate", "accepted", "verified"), 0)
        self.slowest_ms, self.slowest = 0.0, b""

    def sign(self, content: bytes) -> bytes | None:
        """Signed bytes, remembered; None where the package refuses to sign them."""
        try:
            found = sign(content, signer=self.signer, at=NOW)
        except HinomiError:
            return None
        digest = _digest(found)
        if digest not in self.signed:
            self.signed.add(digest)
            with self.book.open("a") as book:
                book.write(digest + "\n")
        return found

    def __call__(self, content: bytes) -> None:
        """Hold every promise against one input."""
        self.seen["inputs"] += 1
        begin = time.thread_time()
        report = check(content, schema=self.schema, profile="hinomi-jp")
        middle = time.thread_time()
        told = verify(content, trust=(self.entry,), at=NOW)
        spent = 1e3 * max(middle - begin, time.thread_time() - middle)
        if spent > self.slowest_ms:
            self.slowest_ms, self.slowest = spent, content
        words = [*report.findings, *told.findings]
        for profile in PROFILES:
            report = check(content, schema=self.schema, profile=profile)
            words += report.findings
            assert report.verdict in ("accepted", "refused")
            assert len(report.findings) <= MOST_FINDINGS
            if report.verdict == "accepted":
                self._accepted(content)
        self._read_and_written(content, report.verdict == "accepted" or not report.findings)
        if told.verdict == "accepted":
            self._verified(content, told)
        assert all(f.path.startswith("/") and f.message for f in words)
        assert SECRET not in "".join(f.message for f in words)

    def _accepted(self, content: bytes) -> None:
        """What the check accepts, the other library finds valid."""
        self.seen["accepted"] += 1
        errors = list(self.second.iter_errors(content))
        assert not errors, f"accepted, but invalid for xmlschema: {errors[0]}"

    def _read_and_written(self, content: bytes, accepted: bool) -> None:
        try:
            root = gate(content)
        except RefusedError:
            assert not accepted
            return
        self.seen["gate"] += 1
        assert root.getroottree().docinfo.internalDTD is None
        first = read(root)
        assert SECRET not in repr(first)
        try:
            second = read(gate(write(first)))
        except HinomiError:
            return
        assert read(gate(write(second))) == second, "what is written is not read the same again"

    def _verified(self, content: bytes, told: object) -> None:
        """What is verified was signed here, and says the same; canonical XML by another library."""
        self.seen["verified"] += 1
        assert _digest(content) in self.signed, "verified, but never signed"
        assert read(gate(content)).triple == told.message.triple
        if self.seen["verified"] % REACH_EVERY == 0:
            verify(content, trust=(self.entry,), at=NOW, places=load_places())


def _digest(content: bytes) -> str:
    """Of the canonical form without the signature, comments and instructions."""
    root = ET.fromstring(content)
    for parent in list(root.iter()):
        for child in parent.findall(SIGNATURE):
            _cut(parent, child)
    text = ET.canonicalize(ET.tostring(root, encoding="unicode"), with_comments=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _cut(parent: ET.Element, child: ET.Element) -> None:
    at = list(parent).index(child)
    if at:
        parent[at - 1].tail = (parent[at - 1].tail or "") + (child.tail or "")
    else:
        parent.text = (parent.text or "") + (child.tail or "")
    parent.remove(child)


def _pair(folder: Path):
    """A key and its certificate of this soak, made once."""
    files = folder / "key.pem", folder / "certificate.pem"
    if not files[0].exists():
        made = make_pair(SENDER, not_before=NOW, not_after=NOW + dt.timedelta(days=1))
        for file, content in zip(files, made, strict=True):
            file.write_bytes(content)
    key, certificate = (file.read_bytes() for file in files)
    return load_signer(key, certificate), certificate.decode()


def resigned(judge: Judge, content: bytes, chance: random.Random) -> bytes:
    """Now and then a changed message is signed anew, so that verification goes on to its end."""
    if chance.random() < 0.15:
        return judge.sign(content.replace(b"other@town.example", SENDER.encode())) or content
    return content
