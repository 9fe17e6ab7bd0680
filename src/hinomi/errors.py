"""Errors that reach a user. Each says what, the value, the limit and the way out.

HinomiError
├── ScenarioError     a scenario, catalogue or option is wrong (exit code 2)
├── FenceError        the request lies outside the scope of the project (exit code 2)
├── FolderError       a results folder cannot be used (exit code 2)
├── StorageError      the disk is full or refuses to write; what was finished is kept (exit code 1)
└── UnreachableError  a flight cannot reach its end point within its class (exit code 2)
"""

from __future__ import annotations


class HinomiError(Exception):
    """Base of every error that is shown to a user as a message, never as a traceback."""

    exit_code = 2


class ScenarioError(HinomiError):
    """A scenario, a catalogue or an option is wrong."""


class FenceError(HinomiError):
    """The request lies outside the scope of the project."""


class FolderError(HinomiError):
    """A results folder cannot be used."""


class StorageError(HinomiError):
    """The disk is full or refuses to write; what was finished is kept."""

    exit_code = 1


class UnreachableError(HinomiError):
    """A flight cannot reach its end point within its class."""


def stop_behind(error: BaseException) -> KeyboardInterrupt | None:
    """The interruption that an error came from, if any.

    A signal inside a compiled kernel arrives as the cause of a SystemError, and that again as the
    cause of another where one kernel's call lies within another's.
    """
    inside: BaseException | None = error
    while inside is not None and not isinstance(inside, KeyboardInterrupt):
        inside = inside.__cause__ or inside.__context__
    return inside
