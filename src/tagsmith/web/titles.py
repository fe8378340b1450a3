"""What tags are called in the reader's language, also where something names them by their keys."""

from collections.abc import Iterable, Sequence

from django.utils.translation import get_language

from tagsmith.sentences import Sentence
from tagsmith.tagging.events import Event, sentence
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.suggesting import titles_of, titles_of_keys
from tagsmith.web.phrases import phrase


def language() -> str:
    """Return the reader's language."""
    return get_language() or "en"


def called(tags: Iterable[Tag]) -> dict[int, str]:
    """Return what tags are called, by number: their titles, or their names; one query, however many there are."""
    known = {tag.pk: tag.name for tag in tags}
    return {**known, **titles_of(known, language())}


def told(events: Sequence[Event]) -> list[str]:
    """Return events in words, with the titles of the tags that they name; one query, however many there are."""
    titles = titles_of_keys({event.details["tag"] for event in events if event.details.get("tag")}, language())
    return [phrase(_titled(sentence(event), titles)) for event in events]


def _titled(said: Sentence, titles: dict[str, str]) -> Sentence:
    key = said.values.get("tag")
    return Sentence(said.words, {**said.values, "tag": titles.get(key, key)}) if key else said
