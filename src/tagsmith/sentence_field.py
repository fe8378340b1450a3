"""Columns of sentences: stored with their words and values, so that pages can say them in the reader's language."""

import json
from typing import TYPE_CHECKING, Any

from django.db import models

from tagsmith.sentences import Sentence

START = '{"words":'

if TYPE_CHECKING:
    Text = models.TextField[str, str]
else:
    Text = models.TextField


class SentenceField(Text):
    """A column of text. What is a `Sentence` comes back as one; any other text stays what it is."""

    def deconstruct(self) -> Any:
        """Describe the column to migrations as the text that it is."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def get_prep_value(self, value: Any) -> Any:
        """Return what is stored."""
        return stored(value) if isinstance(value, str) else super().get_prep_value(value)

    def from_db_value(self, value: str | None, *_context: object) -> str | None:
        """Return what was stored."""
        return value and restored(value)


def stored(text: str) -> str:
    """Return a text as its column holds it; for statements that are written by hand."""
    return json.dumps(_packed(text)) if isinstance(text, Sentence) and text else str(text)


def restored(text: str) -> str:
    """Return a text, or a sentence if it was one."""
    return _unpacked(json.loads(text)) if text.startswith(START) else text


def _packed(value: Any) -> Any:
    if not isinstance(value, Sentence):
        return value
    return {"words": value.words, "values": {name: _packed(one) for name, one in value.values.items()}}


def _unpacked(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return Sentence(tuple(value["words"]), {name: _unpacked(one) for name, one in value["values"].items()})
