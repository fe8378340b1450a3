"""What a check finds: how bad it is, what it is, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum

SHOWN = 20  # of many of one kind


class Severity(StrEnum):
    """How bad it is: work is lost or stands still; something is missing or may come; nothing to worry about."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing that was found."""

    severity: Severity
    what: str
    remedy: str = ""


def named(names: list[str]) -> str:
    """Return the first of many names, and how many more there are."""
    more = f", and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
