"""The folder of an exercise: made once, whole; what is damaged is named with a way out."""

import shutil
import stat
from datetime import UTC, datetime

import pytest

from hinomi.errors import FolderError, StorageError
from hinomi.live import journal
from hinomi.live.folder import open_home
from hinomi.live.settings import Settings

EPOCH = datetime(2025, 9, 15, 10, 30, tzinfo=UTC)
FACTS = {"run": "r", "scenario": "x", "digest": "d", "seed": 1, "replicate": 0, "architecture": "a"}


def opened(folder):
    home = open_home(Settings(scenario="x", folder=folder), FACTS, text="x", epoch=EPOCH)
    home.close()
    return home


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home") / "e"
    opened(folder)
    return folder


@pytest.fixture
def folder(once, tmp_path):
    """A copy of a folder that was used once, to spoil."""
    return shutil.copytree(once, tmp_path / "e")


def test_what_signs_and_who_may_act_is_for_the_owner_alone(once):
    for name in ("keys/exercise/key.pem", "roles.json"):
        assert stat.S_IMODE((once / name).stat().st_mode) == 0o600, name


def test_a_folder_is_opened_again_with_the_same_keys_and_persons(folder):
    first, again = opened(folder), opened(folder)
    assert not first.fresh
    assert (first.persons, first.trust) == (again.persons, again.trust)


@pytest.mark.parametrize("content", [None, b"", b"\xff", b"[1]", b"5", b"{}"])
@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("keys/exercise/key.pem", "keys/exercise"),
        ("keys/exercise/certificate.pem", "keys/exercise"),
        ("trust.json", "trust.json"),
        ("roles.json", "roles.json"),
    ],
)
def test_a_file_that_is_gone_or_damaged_is_named_and_not_made_anew(folder, name, called, content):
    """New keys under an old exercise would be believed by nobody."""
    path = folder / name
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(FolderError, match=f"{called} cannot be read; put it back as it was"):
        opened(folder)
    assert (path.read_bytes() if path.exists() else None) == content


@pytest.mark.parametrize("content", [b"", b"\xff", b"[1]", b"5"])
def test_settings_that_cannot_be_read_are_no_settings_of_another_exercise(folder, content):
    (folder / "exercise.json").write_bytes(content)
    with pytest.raises(FolderError, match=r"exercise.json cannot be read; put it back"):
        opened(folder)


@pytest.mark.parametrize("content", [b"garbage " * 1000, b""], ids=["damaged", "empty"])
@pytest.mark.parametrize(
    "reader",
    [journal.read, journal.messages, journal.deliveries, journal.receipts, journal.news],
)
def test_whoever_reads_a_damaged_journal_is_told_so(folder, reader, content):
    (folder / journal.FILE).write_bytes(content)
    with pytest.raises(StorageError, match=rf"{journal.FILE}: .*; the file is damaged: put a copy"):
        reader(folder)


def test_nothing_is_written_into_a_damaged_journal(folder):
    content = b"garbage " * 1000
    (folder / journal.FILE).write_bytes(content)
    with pytest.raises(StorageError, match="the file is damaged: put a copy of it back"):
        journal.Journal(folder)
    assert (folder / journal.FILE).read_bytes() == content
