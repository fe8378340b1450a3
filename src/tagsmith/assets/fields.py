"""What people may write about an asset: the fields, what each can hold, and how the audit log keeps it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypedDict

from tagsmith.errors import LibraryError

TEXTS = ("title", "description", "creator", "rights")
FIELDS = (*TEXTS, "captured", "keywords", "custom")

Values = Mapping[str, Any]  # by field


class Changes(TypedDict, total=False):
    """What people may change about an asset; what is left out stays as it is."""

    title: str
    description: str
    creator: str
    rights: str
    captured: datetime | None
    keywords: list[str]
    custom: dict[str, Any]


def checked(field: str, value: Any) -> Any:
    """Return a value as the field holds it; raises LibraryError, by the field's name, for what it cannot hold."""
    if field in TEXTS:
        return checked_text(field, value)
    if field == "keywords" and isinstance(value, list):
        return checked_keywords(value)
    if field == "captured" and (value is None or (isinstance(value, datetime) and value.tzinfo)):
        return value
    if field == "custom" and isinstance(value, dict):
        return {
            checked_text(field, key): checked_text(field, one) if isinstance(one, str) else one
            for key, one in value.items()
        }
    raise LibraryError("{field} cannot be set to {value}", field=field, value=f"{value!r:.60}")


def checked_keywords(words: Iterable[object]) -> list[str]:
    """Return keywords without outer spaces, each once, in their order."""
    return list(dict.fromkeys(filter(None, (checked_text("keywords", word).strip() for word in words))))


def checked_text(field: str, value: object) -> str:
    """Return a text, or refuse what PostgreSQL cannot hold: NUL, and halves of characters."""
    if not isinstance(value, str) or any(one == "\0" or "\ud800" <= one <= "\udfff" for one in value):
        raise LibraryError("{field} cannot hold {value}", field=field, value=f"{value!r:.60}")
    return value


def as_logged(value: Any) -> Any:
    """Return a field's value as the audit log keeps it."""
    return value.isoformat() if isinstance(value, datetime) else value


def as_stored(field: str, value: Any) -> Any:
    """Return the value that the audit log keeps of a field."""
    return datetime.fromisoformat(value) if field == "captured" and value else value
