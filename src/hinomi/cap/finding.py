"""What a check found: code, level, severity, place in the message, plain words."""

from __future__ import annotations

from dataclasses import dataclass, field

from hinomi.errors import HinomiError

# Levels, in the order in which a message passes them.
XML, SCHEMA, RULES, PROFILE, SIGNATURE = "xml", "schema", "rules", "profile", "signature"
ERROR, WARNING, ADVICE = "error", "warning", "recommendation"
ACCEPTED, REFUSED = "accepted", "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a message does wrong, or could do better."""

    code: str  # stable, such as "rules-references-missing"
    level: str  # XML, SCHEMA, RULES, PROFILE or SIGNATURE
    severity: str  # "error", "warning" or "recommendation"
    path: str  # XPath, prefix `cap`
    message: str

    def as_object(self) -> dict[str, str]:
        """Fields for JSON."""
        names = ("code", "level", "severity", "path", "message")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a check found, and the verdict that follows."""

    profile: str
    findings: tuple[Finding, ...] = field(default=())

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings for which a message is refused."""
        return tuple(f for f in self.findings if f.severity == ERROR)

    @property
    def verdict(self) -> str:
        """`accepted`, or `refused` where there is an error."""
        return REFUSED if self.errors else ACCEPTED


class RefusedError(HinomiError):
    """A message cannot be used; `finding` says why (exit code 1)."""

    exit_code = 1

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.message} [{finding.code} at {finding.path}]")
        self.finding = finding


def refuse(code: str, message: str, path: str = "/") -> RefusedError:
    """Make the error for bytes that are not even read as XML."""
    return RefusedError(Finding(code=code, level=XML, severity=ERROR, path=path, message=message))
