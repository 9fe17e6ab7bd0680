"""What a receiver keeps in its folder is there whole, or is said to be damaged, with a way out."""

import asyncio
import os
import stat
import sys

import pytest

from hinomi.cap.trust import trust_text
from hinomi.errors import FolderError, StorageError
from hinomi.receiver import begin, post
from hinomi.receiver.answers import CERTIFICATE, KEY, load_answers
from hinomi.receiver.folder import TRUST, pinned_trust
from hinomi.receiver.store import DATABASE
from hinomi.transport.secret_files import write_secret


def test_a_secret_is_its_owners_alone_and_replaces_what_others_could_read(tmp_path):
    path = tmp_path / "token"
    path.write_text("old")
    path.chmod(0o644)
    write_secret(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_secret_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "token"
    write_secret(path, b"old")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_secret(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("cut_off", [b"", b"\n"])
def test_a_token_that_was_cut_off_is_made_anew(tmp_path, cut_off):
    """An empty token would keep everybody out, and nobody would know why."""
    (tmp_path / post.DOOR_FILE).write_bytes(cut_off)
    token = post.load_token(tmp_path)
    assert len(token) >= 24
    assert post.load_token(tmp_path) == token


def test_a_key_whose_certificate_never_came_is_made_anew(tmp_path, sender):
    load_answers(tmp_path, name="naha", at=sender.now)
    (tmp_path / CERTIFICATE).unlink()
    (tmp_path / KEY).write_bytes(b"-----BEGIN")
    answers = load_answers(tmp_path, name="naha", at=sender.now)
    assert load_answers(tmp_path, name="naha", at=sender.now).signer.certificate == answers.signer.certificate  # fmt: skip


def test_a_damaged_key_is_named_with_a_way_out(tmp_path, sender):
    load_answers(tmp_path, name="naha", at=sender.now)
    (tmp_path / KEY).write_bytes(b"garbage")
    with pytest.raises(FolderError, match=r"key.pem and certificate.pem are no pair; remove both"):
        load_answers(tmp_path, name="naha", at=sender.now)


@pytest.mark.parametrize("content", [b"", b"\xff", b"[1]"])
def test_damaged_keys_that_were_pinned_are_no_reason_to_pin_others(tmp_path, sender, content):
    (tmp_path / TRUST).write_bytes(content)
    for given in (None, trust_text(sender.trust)):
        with pytest.raises(FolderError, match="cannot be read; put the file back"):
            pinned_trust(tmp_path, given)
    assert (tmp_path / TRUST).read_bytes() == content


def test_a_store_that_is_damaged_says_so_when_it_is_read_and_when_it_is_written(town, sender):
    """The first page, which names the tables, is whole: the file opens."""
    before = town()
    before.take(sender.delivered())
    before.store.close()
    path = before.folder / DATABASE
    whole = path.read_bytes()
    path.write_bytes(whole[:4096].ljust(len(whole), b"x"))
    naha = town()
    with pytest.raises(StorageError, match=rf"{DATABASE}: .*; the file is damaged: put a copy"):
        naha.store.messages()
    with pytest.raises(StorageError, match="the file is damaged"):
        naha.take(sender.delivered(incident="raid-2"))


def test_a_door_tells_a_full_disk_from_a_message_that_is_not_there(monkeypatch):
    def full(*_):
        raise StorageError("receiver.db: disk is full")

    async def asked():
        async with post.confirm_door(full, port=0, token="t") as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(
                b"POST /confirm HTTP/1.1\r\nAuthorization: Bearer t\r\nContent-Length: 2\r\n\r\n{}"
            )
            answer = await reader.read()
            writer.close()
            return answer

    assert asyncio.run(asked()).startswith(b"HTTP/1.1 507 ")


class _Terminal:
    """A pipe that says that it is a terminal."""

    def __init__(self, text):
        reading, writing = os.pipe()
        os.write(writing, text)
        os.close(writing)
        self.stream, self.reads = os.fdopen(reading), 0

    def isatty(self):
        return True

    def fileno(self):
        return self.stream.fileno()

    def readline(self):
        self.reads += 1
        return self.stream.readline()


def test_after_ctrl_d_the_keyboard_is_not_read_again(monkeypatch):
    """The end of a terminal stays readable: read on, it takes a whole core until the exercise ends."""
    typed, said = _Terminal(b"c\n"), []
    monkeypatch.setattr(sys, "stdin", typed)

    def refused(*_):
        raise StorageError("receiver.db: disk is full")

    async def sit():
        with begin._keyboard(refused, said.append):
            for _ in range(50):
                await asyncio.sleep(0.001)

    asyncio.run(sit())
    typed.stream.close()
    assert typed.reads == 2
    assert said[1:] == ["not confirmed: receiver.db: disk is full"]
