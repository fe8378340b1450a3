"""Which types of report there are: their columns, and how their rows are found."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tagsmith.errors import BadInputError
from tagsmith.reports.training import reason_in_words, state_in_words, training_rows

Row = dict[str, Any]


class Cell(Enum):
    """What a column holds."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"  # 0 to 1; None where it cannot be said
    STATE = "state"  # "good" or "fair": shown in green or yellow, and in words
    REASON = "reason"


@dataclass(frozen=True)
class Column:
    """A column by its name in the rows."""

    name: str
    title: Promise
    cell: Cell = Cell.TEXT


@dataclass(frozen=True)
class Kind:
    """A type of report. `rows` gives them as they are now; words are put to states and reasons when it is read.

    `tags` are what in a row holds a tag's id, and is its title when it is read; `order` is what it is then sorted by.
    """

    name: str
    title: Promise
    about: Promise
    columns: tuple[Column, ...]
    rows: Callable[[], list[Row]]
    state_in_words: Callable[[str], str]
    reason_in_words: Callable[[Row], str]
    tags: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

    def words(self, column: Column, row: Row) -> str | int | float | None:
        """Return what a cell shows."""
        value: str | int | float | None = row.get(column.name)
        if column.cell is Cell.STATE:
            return self.state_in_words(str(value))
        return self.reason_in_words(row) if column.cell is Cell.REASON else value


SMART_TAGS_TRAINING = Kind(
    "smart-tags-training",
    _("Smart Tags Training"),
    _("Every tag that a tag model teaches: whether it is completely trained, how good it is, and what to add if not."),
    (
        Column("tag", _("Tag")),
        Column("model", _("Tag model")),
        Column("version", _("Version"), Cell.COUNT),
        Column("examples", _("Examples"), Cell.COUNT),
        Column("state", _("Training status"), Cell.STATE),
        Column("precision", _("Precision"), Cell.SHARE),
        Column("recall", _("Recall"), Cell.SHARE),
        Column("reason", _("Reason"), Cell.REASON),
    ),
    training_rows,
    state_in_words,
    reason_in_words,
    tags=("tag", "confused"),
    order=("tag", "model"),
)

KINDS = {kind.name: kind for kind in (SMART_TAGS_TRAINING,)}


def find_kind(name: str) -> Kind:
    """Return a type of report; raises BadInputError."""
    if name not in KINDS:
        raise BadInputError("type: there is no type of report {name!r}", name=name)
    return KINDS[name]
