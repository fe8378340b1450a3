"""Advice on a title while it is being typed, and on tags that are about to be taught."""

from collections.abc import Iterator
from functools import cache

from django.db.models import Q

from tagsmith.sentences import Sentence, say
from tagsmith.taxonomy.advice.alike import NUMBER, SAME, SLIP, Text
from tagsmith.taxonomy.advice.lexicon import NOWHERE
from tagsmith.taxonomy.advice.likeness import is_slip, letters_of, same, singular
from tagsmith.taxonomy.advice.lint import texts_of
from tagsmith.taxonomy.advice.seeing import unseen
from tagsmith.taxonomy.models import Label, Tag
from tagsmith.taxonomy.selectors import live_tags

SHOWN = 3
BLOCKED = say("it is on the blocklist: no tag model gives it")


def hints_on(text: str, language: str = NOWHERE, but: int | None = None) -> list[Sentence]:
    """Return what speaks against a title for a tag, new or already there (`but`): nothing of it is a block."""
    found = unseen(text, language)
    hints = [say("{reason}; {remedy}", reason=found.reason, remedy=found.remedy)] if found else []
    return [*hints, *_like(text, language, but)][:SHOWN]


def hint_on_taught(tag: Tag, title: str, language: str) -> Sentence | None:
    """Return why a tag model should not be taught a tag of this title, if something speaks against it."""
    if tag.blocked:
        return BLOCKED
    found = unseen(title, language)
    return say("{reason}; {remedy}", reason=found.reason, remedy=found.remedy) if found else None


def _like(text: str, language: str, but: int | None) -> Iterator[Sentence]:
    """Yield which tags have nearly the same title: of those that begin with the same letter."""
    words, told = letters_of(text), {but}
    for other in _beginning_alike(words) if words else ():
        if other.tag in told:
            continue
        if same(words) == same(other.words):
            reason = SAME
        elif language == other.language and singular(words, language) == singular(other.words, language):
            reason = NUMBER
        elif language == other.language and is_slip(words, other.words):
            reason = SLIP
        else:
            continue
        told.add(other.tag)
        yield say("like {title} ({key}): {reason}", title=other.text, key=other.key, reason=reason)


def _beginning_alike(words: tuple[str, ...]) -> Iterator[Text]:
    begins = [Q(folded__startswith=letter) for letter in _letters(words[0][0])]
    labels = Label.objects.filter(tag__deleted__isnull=True).filter(Q(*begins, _connector=Q.OR))
    called = [Q(name__istartswith=letter) for letter in _letters(words[0][0])]
    rows = live_tags().filter(Q(*called, _connector=Q.OR) | Q(pk__in=labels.values("tag")))
    tags = list(rows.values_list("pk", "key", "name"))
    yield from texts_of(tags, labels.values_list("tag_id", "language", "text", "is_title"))


@cache
def _letters(letter: str) -> tuple[str, ...]:
    """Return a letter with all its accents."""
    accented = (chr(code) for code in range(0xC0, 0x250) if chr(code).islower())
    return (letter, *(one for one in accented if letters_of(one)[:1] and letters_of(one)[0][0] == letter))
