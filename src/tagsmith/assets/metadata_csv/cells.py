"""What the columns are called, and what stands in their cells."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from tagsmith.assets.fields import TEXTS, checked_keywords
from tagsmith.errors import LibraryError
from tagsmith.sheets import parted, several

ID, PATH, MODIFIED, CUSTOM = "id", "path", "modified", "custom."
FIELDS = (*TEXTS, "captured", "keywords")
COLUMNS = (ID, PATH, *FIELDS, MODIFIED)


def column(name: str) -> str:
    """Return a column's name as we write it, in whatever case it was; raises LibraryError for one that is none."""
    clean = name.strip()
    if clean.lower() in COLUMNS:
        return clean.lower()
    if clean.lower().startswith(CUSTOM) and clean[len(CUSTOM) :].strip():
        return CUSTOM + clean[len(CUSTOM) :].strip()
    raise LibraryError(
        "there is no column {name!r}; known are {columns}, and custom.shelf for a field of your own called shelf",
        name=clean,
        columns=", ".join(COLUMNS),
    )


def present(name: str, values: Mapping[str, Any]) -> Any:
    """Return what an asset has for a column; None for a custom field that it has not."""
    return values["custom"].get(name[len(CUSTOM) :]) if name.startswith(CUSTOM) else values[name]


def shown(name: str, value: Any) -> str:
    """Return a value as a cell shows it: custom fields that are no texts as JSON."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return moment_shown(value)
    if name == "keywords":
        return several(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def read(name: str, cell: str, now: Any) -> Any:
    """Return the value that a cell stands for, where the asset has another one now.

    Raises
    ------
    LibraryError
        It is no date.
    """
    if name == "captured":
        return read_moment(cell)
    if name == "keywords":
        return checked_keywords(parted(cell))
    return cell if now is None or isinstance(now, str) else _unshown(cell.lower() if isinstance(now, bool) else cell)


def _unshown(cell: str) -> Any:
    """Return what JSON in a cell stands for, so that a number stays a number; the text where it is none of ours."""
    with suppress(ValueError):
        return json.loads(cell, parse_constant=int) if "\\u" not in cell else cell
    return cell


def moment_shown(moment: datetime) -> str:
    """Return a date and time in UTC, in a form that spreadsheets leave alone."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_moment(cell: str) -> datetime:
    """Return the date and time in a cell, in UTC where it names no zone; raises LibraryError."""
    try:
        found = datetime.fromisoformat(cell.strip())
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise LibraryError("{cell!r} is no date: write 2024-05-01 or 2024-05-01T12:30:00Z", cell=cell[:40]) from None


def is_same(cell: str, other: str) -> bool:
    """Whether two cells show the same; spreadsheets write line ends as they like."""
    return cell.replace("\r\n", "\n") == other.replace("\r\n", "\n")
