"""What is to be done to the metadata of many assets at once, field by field; and what undoing it would restore.

Pure: from what is written about an asset to what would be. Fields that hold several values are `keywords`, and
`custom`, whose values have names. Keywords are compared without case: nobody wants both of `Summer` and `summer`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tagsmith.assets.fields import FIELDS, Values, as_stored, checked, checked_keywords, checked_text
from tagsmith.assets.naming import fold
from tagsmith.errors import LibraryError

SEVERAL = ("keywords", "custom")
EMPTY: dict[str, Any] = {"captured": None, "keywords": [], "custom": {}}


class Mode(StrEnum):
    """What is done to a field; what no edit names stays as it is."""

    REPLACE = "replace"
    CLEAR = "clear"
    APPEND = "append"  # of fields that hold several values; of named ones, those of the same name are replaced
    REMOVE = "remove"


@dataclass(frozen=True)
class Edit:
    """What is done to one field, and with which value: to remove custom fields, their names."""

    mode: Mode
    value: Any = None


Edits = Mapping[str, Edit]


def checked_edits(edits: Edits) -> dict[str, Edit]:
    """Return edits whose values their fields can hold.

    Raises
    ------
    LibraryError
        There are none, there is no such field, or it cannot hold this or hold several; the message names it.
    """
    if not edits:
        raise LibraryError("say what to change")
    return {field: _checked(field, edit) for field, edit in edits.items()}


def applied(edits: Edits, values: Values) -> dict[str, Any]:
    """Return what the edits change of what is written about an asset: the new values, of fields that differ."""
    new = {field: _applied(field, edit, values[field]) for field, edit in edits.items()}
    return {field: value for field, value in new.items() if value != values[field]}


def restored(before: Values, after: Values, values: Values) -> dict[str, Any]:
    """Return what takes a change back, as the audit log has it, where nobody has changed it since.

    Of keywords, what others added since stays; of custom fields, each is looked at by itself.
    """
    new = {field: _restored(field, before[field], after[field], values[field]) for field in after}
    return {field: value for field, value in new.items() if value != values[field]}


def _checked(field: str, edit: Edit) -> Edit:
    if field not in FIELDS:
        raise LibraryError("there is no field {field!r}", field=field)
    if edit.mode is Mode.CLEAR:
        return Edit(edit.mode)
    if edit.mode is not Mode.REPLACE and field not in SEVERAL:
        raise LibraryError("{field} holds one value: replace or clear it", field=field)
    if edit.mode is Mode.REMOVE and field == "custom":
        value: Any = [checked_text(field, name).strip() for name in edit.value]
    else:
        value = checked(field, edit.value)
    if not value:
        raise LibraryError("{field}: say what to {mode}", field=field, mode=edit.mode.value)
    return Edit(edit.mode, value)


def _applied(field: str, edit: Edit, value: Any) -> Any:
    if edit.mode is Mode.CLEAR:
        return EMPTY.get(field, "")
    if edit.mode is Mode.REPLACE:
        return edit.value
    if field == "custom":
        if edit.mode is Mode.APPEND:
            return {**value, **edit.value}
        return {name: one for name, one in value.items() if name not in edit.value}
    if edit.mode is Mode.APPEND:
        return [*value, *_missing(edit.value, value)]
    return _missing(value, edit.value)


def _missing(words: Iterable[str], others: Iterable[str]) -> list[str]:
    """Return those of the words that are none of the others."""
    known = {fold(word) for word in others}
    return [word for word in words if fold(word) not in known]


def _restored(field: str, before: Any, after: Any, value: Any) -> Any:
    before, after = as_stored(field, before), as_stored(field, after)
    if value == after:
        return before
    if field == "keywords" and set(after) <= set(value):  # others have only added some
        return checked_keywords([*(word for word in value if word in before or word not in after), *before])
    if field == "custom":
        return _restored_by_name(before, after, value)
    return value


def _restored_by_name(before: Values, after: Values, value: Values) -> dict[str, Any]:
    absent = object()
    new = dict(value)
    for name in {**before, **after}:
        if value.get(name, absent) == after.get(name, absent):
            new.pop(name, None)
            if name in before:
                new[name] = before[name]
    return new
