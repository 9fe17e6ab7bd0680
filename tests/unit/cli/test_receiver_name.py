"""What a receiver is called that was given no name."""

from pathlib import Path

import pytest

from hinomi.cli.receive import _called
from hinomi.receiver.many import refuse_name


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("naha", "naha"),
        ("results/naha desk", "naha-desk"),
        (".hidden", "hidden"),
        ("那覇", "receiver"),
        ("x" * 90, "x" * 64),
    ],
)
def test_a_receiver_without_a_name_is_called_as_its_folder(folder, name):
    found = _called(Path(folder))
    refuse_name(found)  # whatever the folder is called, the name is one
    assert found == name
