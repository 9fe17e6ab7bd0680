"""Check a message at three levels, after the gate: schema, rules of the text, profile."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from hinomi.cap.finding import ERROR, RULES, WARNING, Finding, RefusedError, Report
from hinomi.cap.gate import gate
from hinomi.cap.profile import CAP, PROFILES, check_profile
from hinomi.cap.rules import check_rules
from hinomi.cap.schema import Schema, check_schema
from hinomi.errors import ScenarioError

MOST: Final = 50  # findings that are told of one message


def check(message: bytes, *, schema: Schema, profile: str = CAP) -> Report:
    """Check the bytes of a message; never raises for what a message holds.

    Parameters
    ----------
    message
        exact bytes as received.
    schema
        of `cap.schema.parse_schema`.
    profile
        `cap` (schema and rules alone), `hinomi-jp` or `cell-broadcast`.

    Returns
    -------
    Report
        at most 50 findings in the order gate, schema, rules, profile. A message that fails the
        gate or the schema is not looked at further.

    Raises
    ------
    ScenarioError
        on an unknown profile.
    """
    if profile not in PROFILES:
        raise ScenarioError(f"no profile {profile!r}; the profiles are {', '.join(PROFILES)}")
    try:
        root = gate(message)
    except RefusedError as error:
        return Report(profile=profile, findings=(error.finding,))
    found = check_schema(root, schema)
    if not found:
        found = list(islice(_further(root, profile), MOST + 1))
        if len(found) > MOST:
            found[MOST] = _cut(found)
    return Report(profile=profile, findings=tuple(found))


def _further(root: Any, profile: str) -> Iterator[Finding]:
    yield from check_rules(root)
    yield from check_profile(root, profile)


def _cut(found: list[Finding]) -> Finding:
    """Say that there may be more; an error, so that nothing passes by having many warnings first."""
    first_error = any(f.severity == ERROR for f in found)
    return Finding(
        code="rules-many", level=RULES, severity=WARNING if first_error else ERROR,
        path="/cap:alert", message=f"more than {MOST} findings; mend these and check again",
    )  # fmt: skip
