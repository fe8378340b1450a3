"""What tags are called in the reader's language, also where something names them by their keys."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from django.utils.translation import get_language

from tagsmith.ordering import sorting_key
from tagsmith.sentences import Sentence
from tagsmith.tagging.events import Event, sentence
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.suggesting import titles_of, titles_of_keys
from tagsmith.training.models import TagModel
from tagsmith.web.phrases import Said, phrase

T = TypeVar("T")


def language() -> str:
    """Return the reader's language."""
    return get_language() or "en"


def called(tags: Iterable[Tag]) -> dict[int, str]:
    """Return what tags are called, by number: their titles, or their names; one query, however many there are."""
    known = {tag.pk: tag.name for tag in tags}
    return {**known, **titles_of(known, language())}


def in_order(some: Iterable[T], title: Callable[[T], str]) -> list[T]:
    """Return things in the order of their titles, as readers of the language expect it."""
    return sorted(some, key=lambda one: sorting_key(title(one), language()))


def with_titles(said: Sequence[str | Said]) -> list[str]:
    """Return what is said with the titles of the tags that it names; one query, however many there are."""
    texts = [one if isinstance(one, str) else one.sentence for one in said]
    keys = {key for text in texts for key in _keys(text)}
    titles = titles_of_keys(keys, language()) if keys else {}
    return [_titled(text, titles) for text in texts]


def tell_failures(models: Iterable[TagModel]) -> None:
    """Have trainings that failed name tags by their titles; one query, however many there are."""
    failed = [model for model in models if model.failure]
    for model, said in zip(failed, with_titles([model.failure for model in failed]), strict=True):
        model.failure = said


def name_in(key: str) -> str:
    """Return the name in a tag's key, for one that is not there to be asked."""
    return key.rpartition("/")[2].rpartition(":")[2]


def told(events: Sequence[Event]) -> list[str]:
    """Return events in words, with the titles of the tags that they name; one query, however many there are."""
    return [phrase(text) for text in with_titles([sentence(event) for event in events])]


def _keys(text: str) -> Iterator[str]:
    """Yield the tags that a sentence names, and the sentences in it."""
    for name, value in text.values.items() if isinstance(text, Sentence) else ():
        if name == "tag":
            yield value
        yield from _keys(value)


def _titled(text: str, titles: Mapping[str, str]) -> str:
    if not isinstance(text, Sentence):
        return text
    values = {
        name: titles.get(value, value) if name == "tag" else _titled(value, titles)
        for name, value in text.values.items()
    }
    return Sentence(text.words, values)
