"""Sentences that remember what they were made of: plain English in a terminal, any language on a page.

No language is known here. `make messages` finds the words, and `web.phrases` says a sentence in the reader's language.
"""

from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from typing import Any, Self


class Sentence(str):
    """A text in English, with the words it was made of, and the values put into them.

    Attributes
    ----------
    words
        One form, or the form for one and the form for many; values stand in them as for `str.format`.
    values
        By name. Sentences among them are said in the reader's language, too.
    """

    words: tuple[str, ...]
    values: Mapping[str, Any]

    def __new__(cls, words: tuple[str, ...], values: Mapping[str, Any]) -> Self:
        """Put the values into the words; words without values are left as they are, also if they hold braces."""
        form = words[0] if len(words) == 1 or values["count"] == 1 else words[1]
        sentence = super().__new__(cls, form.format_map(values) if values else form)
        sentence.words, sentence.values = words, values
        return sentence

    def __getnewargs__(self) -> tuple[tuple[str, ...], Mapping[str, Any]]:  # type: ignore[override]
        return self.words, self.values


def say(words: str, /, **values: object) -> Sentence:
    """Return a sentence."""
    return words if isinstance(words, Sentence) else fill((words,), **values)


def say_many(one: str, many: str, /, count: int, **values: object) -> Sentence:
    """Return a sentence whose form depends on a number, which is its value `count`."""
    return fill((one, many), count=count, **values)


def forms(one: str, many: str = "") -> tuple[str, ...]:
    """Return the words of a sentence whose values come later, for `fill`."""
    return (one, many) if many else (one,)


def fill(words: tuple[str, ...], /, **values: object) -> Sentence:
    """Return a sentence of these words; what is no number and no sentence among the values becomes text."""
    return Sentence(words, {name: _plain(value) for name, value in values.items()})


def joined(between: str, sentences: Iterable[str]) -> Sentence:
    """Return several sentences as one."""
    parts = {f"part{number}": sentence for number, sentence in enumerate(sentences)}
    return Sentence((between.join(f"{{{name}}}" for name in parts),), parts)


def _plain(value: object) -> str | int | float:
    """Return what can be stored, and is the same when it comes back."""
    if isinstance(value, Integral):
        return int(value)
    return float(value) if isinstance(value, Real) else value if isinstance(value, str) else str(value)
