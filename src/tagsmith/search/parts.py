"""What a search consists of: words, phrases and filters, each frozen. Its text form reads back the same.

How typed text becomes these parts is in `query`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_noop

from tagsmith.search.values import spell_dates, spell_numbers
from tagsmith.sentences import Sentence, say


class Field(StrEnum):
    """The fields that can be asked by name."""

    TITLE = "title"
    DESCRIPTION = "description"
    KEYWORDS = "keywords"
    CREATOR = "creator"
    TAGS = "tags"
    SET = "set"
    SMART = "smart"
    PATH = "path"
    TYPE = "type"
    ORIENTATION = "orientation"
    MODEL = "model"
    COLLECTION = "collection"
    STATUS = "status"
    WIDTH = "width"
    HEIGHT = "height"
    SIZE = "size"
    CONFIDENCE = "confidence"
    CREATED = "created"
    MODIFIED = "modified"


@dataclass(frozen=True, slots=True)
class Term:
    """One folded word, perhaps with wildcards; it also finds the word's other forms."""

    text: str

    def __str__(self) -> str:
        return self.text

    @property
    def is_pattern(self) -> bool:
        """Whether it has wildcards; such a term finds what it spells, not other forms."""
        return "*" in self.text or "?" in self.text

    @property
    def prefix(self) -> str | None:
        """What words must begin with, where the only wildcard is one `*` at the end."""
        start = self.text.removesuffix("*")
        return start if start != self.text and not Term(start).is_pattern else None

    @property
    def like(self) -> str:
        """The pattern for SQL's LIKE; words hold nothing that would need escaping."""
        return self.text.replace("*", "%").replace("?", "_")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words in a row, exactly so; a phrase of one word does not find its other forms."""

    text: str

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class TextFilter:
    """Words within one field of the metadata."""

    field: Field
    text: Term | Phrase

    def __str__(self) -> str:
        return f"{self.field}:{self.text}"


@dataclass(frozen=True, slots=True)
class NameFilter:
    """Something named: a tag by title or id, a folder or file by path, a tag model, a type, an orientation, a status.

    The value is as it was typed, wildcards included: whoever knows the names decides what it means.
    """

    field: Field
    value: str

    def __str__(self) -> str:
        return f'{self.field}:"{self.value}"'


@dataclass(frozen=True, slots=True)
class NumberFilter:
    """A half-open range of pixels, bytes, or thousandths of confidence."""

    field: Field
    start: int | None
    end: int | None

    def __str__(self) -> str:
        scale = 1000 if self.field is Field.CONFIDENCE else 1
        return f"{self.field}:{spell_numbers(self.start, self.end, scale)}"


@dataclass(frozen=True, slots=True)
class DateFilter:
    """A half-open range of moments in UTC."""

    field: Field
    start: datetime | None
    end: datetime | None

    def __str__(self) -> str:
        return f"{self.field}:{spell_dates(self.start, self.end)}"


Filter = TextFilter | NameFilter | NumberFilter | DateFilter
Part = Term | Phrase | Filter


class Notice(StrEnum):
    """What a person should know about how the text was read."""

    UNREADABLE = gettext_noop("“{about}” could not be understood and was left out.")
    SWAPPED = gettext_noop("“{about}” runs backwards; its ends were swapped.")
    NO_VALUE = gettext_noop("“{about}” has no value and was left out.")
    NO_WILDCARD = gettext_noop("The wildcards in “{about}” were left out.")
    TOO_WIDE = gettext_noop("“{about}” stands for very many words; not all of them were used.")
    TOO_MANY = gettext_noop("Only the first {about} words were used.")


@dataclass(frozen=True, slots=True)
class Note:
    """A notice about one part of the text."""

    notice: Notice
    about: str

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> Sentence:
        """What pages say in the reader's language."""
        return say(self.notice.value, about=self.about)


@dataclass(frozen=True, slots=True)
class Query:
    """A search: every part must hold. Only `terms` may be met by smart tags; the rest restricts every tier."""

    terms: tuple[Term, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    filters: tuple[Filter, ...] = ()
    excluded: tuple[Part, ...] = ()
    notes: tuple[Note, ...] = field(default=(), compare=False)

    def __bool__(self) -> bool:
        """Whether anything is asked for; an empty query leaves nothing out."""
        return bool(self.terms or self.phrases or self.filters or self.excluded)

    def __str__(self) -> str:
        return " ".join(
            [*map(str, (*self.terms, *self.phrases, *self.filters)), *(f"-{part}" for part in self.excluded)]
        )
