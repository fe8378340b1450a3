"""What the rooms below say, in the reader's language: the web is where their sentences are translated."""

import string
from typing import Any, Protocol

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from tagsmith.sentences import Sentence


class Said(Protocol):
    """What says something: an error, or a note on a search."""

    @property
    def sentence(self) -> Sentence:
        """What it says."""


def phrase(said: str | Said) -> str:
    """Return a sentence in the reader's language; any other text as it is."""
    text = said if isinstance(said, str) else said.sentence
    if not isinstance(text, Sentence):
        return text
    if len(text.words) == 1:
        words = gettext(text.words[0]) if text.words[0] else ""
    else:
        one, many = text.words
        words = ngettext(one, many, text.values["count"])
    return _IN_ANY_LANGUAGE.vformat(words, (), text.values) if text.values else words


def phrases(said: str | Said) -> list[str]:
    """Return what is said in several lines, line by line."""
    return phrase(said).splitlines()


def share(value: float, decimals: int = 0) -> str:
    """Return a share in per cent as the reader writes it."""
    # Translators: a share in per cent, such as 87%; some languages put a space before the sign
    return gettext("{number}%").format(number=number_format(round(100 * value, decimals), decimals))


class _Formatter(string.Formatter):
    """Puts values into translated words: sentences in the same language, numbers as its readers write them."""

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        said = phrase(value) if isinstance(value, Sentence) else value
        return super().convert_field(said, conversion)

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "," and isinstance(value, int):
            return number_format(value, force_grouping=True)
        if format_spec.endswith("%"):
            return share(value, int(format_spec.strip(".%") or 0))
        if format_spec == "g" and isinstance(value, float):
            return number_format(super().format_field(value, format_spec))
        return str(super().format_field(value, format_spec))


_IN_ANY_LANGUAGE = _Formatter()
