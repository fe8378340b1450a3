"""Parts of a query as PostgreSQL's tsquery, in its text form."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.db import connection

from tagsmith.search.analysis import pair, quoted, sought, words
from tagsmith.search.parts import Note, Notice, Phrase, Term
from tagsmith.search.tag_words import forms

NOTHING = "'!'"  # no text holds this lexeme
MOST_WORDS_OF_A_PATTERN = 1000
_LIKE = "SELECT text FROM search_word WHERE text LIKE %s ORDER BY text LIMIT %s"

Text = Term | Phrase


@dataclass(frozen=True)
class Lexemes:
    """Makes tsqueries of a query's texts; which words its patterns stand for has been looked up."""

    languages: Collection[str]
    spelled: dict[Term, list[str]]
    _known: dict[tuple[Text, tuple[str, ...]], str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of(self, text: Text, marks: Sequence[str] = ("",)) -> str:
        """Return what finds a term or phrase in the fields with these marks; without any, in all."""
        key = text, tuple(marks)
        if key not in self._known:
            self._known[key] = any_of(self._of(text, mark) for mark in marks)
        return self._known[key]

    def _of(self, text: Text, mark: str) -> str:
        if isinstance(text, Phrase):
            return _in_a_row(text.text, mark)
        if text.prefix:
            return quoted(mark + text.prefix) + ":*"
        if text.is_pattern:
            return any_of(quoted(mark + word) for word in self.spelled.get(text, ()))
        if words(text.text)[0].dense:
            return _in_a_row(text.text, mark)
        return any_of(quoted(mark + lexeme) for lexeme in forms(text.text, self.languages))


def any_of(queries: Iterable[str]) -> str:
    """Return what finds any of these."""
    return f"({' | '.join(queries) or NOTHING})"


def all_of(queries: Iterable[str]) -> str:
    """Return what finds all of these, of which there is at least one."""
    return f"({' & '.join(queries)})"


def spell_out(terms: Iterable[Term]) -> tuple[dict[Term, list[str]], list[Note]]:
    """Return the words that patterns with a wildcard inside stand for, and which patterns stand for too many."""
    spelled, notes = {}, []
    for term in terms:
        if term.is_pattern and not term.prefix:
            found = _words_like(term.like)
            if len(found) > MOST_WORDS_OF_A_PATTERN:
                notes.append(Note(Notice.TOO_WIDE, str(term)))
            spelled[term] = found[:MOST_WORDS_OF_A_PATTERN]
    return spelled, notes


def _words_like(pattern: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_LIKE, (pattern, MOST_WORDS_OF_A_PATTERN + 1))
        return [word for (word,) in cursor.fetchall()]


def _in_a_row(text: str, mark: str) -> str:
    """Return what finds lexemes in a row: first by their pairs, then by looking at the texts that have them."""
    parts = sought(text)
    query, pairs = "", []
    for before, part in pairwise([None, *parts]):
        assert part is not None  # noqa: S101 - only the first has none before it
        lexeme = quoted(mark + part.lexeme) + (":*" if part.prefix else "")
        distance = part.offset - before.offset if before else 0
        query += f" <{distance}> {lexeme}" if before else lexeme
        if before and distance == 1 and not part.prefix:
            pairs.append(quoted(pair(before.lexeme, part.lexeme)))
    return all_of([*pairs, f"({query})"]) if parts else NOTHING
