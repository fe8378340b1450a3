"""What is suggested while somebody types a search: tags and titles; rooms above add what they have (`PROVIDERS`)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from tagsmith.accounts.models import Person
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import Scope
from tagsmith.search.analysis import words
from tagsmith.search.beginnings import Beginning, Beginnings
from tagsmith.search.editing import spelled, typeable
from tagsmith.search.names import name_of
from tagsmith.search.parts import Field, Query, Term, TextFilter
from tagsmith.search.preparing import prepared
from tagsmith.search.statements import by_index
from tagsmith.search.tag_words import TagWords, tag_words
from tagsmith.search.typed import Ending, Typed, read
from tagsmith.taxonomy.suggesting import titles_of

SIZE = 5  # suggestions of a kind
LOOKED_AT = 60  # assets whose titles may be suggested, the newest
SHORTEST = 2  # letters, where titles are suggested: one begins words of very many


class Kind(StrEnum):
    """What is suggested, as people call it."""

    TAG = "tag"
    TITLE = "title"
    SAVED = "saved search"


@dataclass(frozen=True)
class Suggestion:
    """Something that may be meant, perhaps with why; `search` is the text of the box once it is chosen."""

    kind: Kind
    text: str
    search: str
    why: str = ""


@dataclass(frozen=True)
class Asking:
    """Who types, what they may see, in which language; what they type, as it is and taken apart."""

    person: Person
    scope: Scope
    language: str
    text: str
    typed: Typed
    tags: TagWords


Provider = Callable[[Asking], Iterable[Suggestion]]


def suggest(person: Person, scope: Scope, text: str, language: str = "en") -> list[Suggestion]:
    """Return what may be meant by what somebody has typed so far, kind by kind, the nearest first."""
    asking = Asking(person, scope, language, text, read(text), tag_words())
    return [one for provider in PROVIDERS for one in provider(asking)]


def suggest_tags(asking: Asking) -> list[Suggestion]:
    """Suggest tags for the last words, for as many of them as begin one together."""
    if asking.typed.name is Field.TITLE:
        return []
    found: dict[int, tuple[Beginning, Ending]] = {}
    for ending in asking.typed.endings:
        for one in asking.tags.beginnings.of(ending.words, asking.language):
            found.setdefault(one.tag, (one, ending))
    nearest = [*found.values()][:SIZE]
    titles = titles_of((one.tag for one, _ in nearest), asking.language)
    return [_tag(asking, one, ending, titles.get(one.tag, one.wording)) for one, ending in nearest]


def suggest_titles(asking: Asking) -> list[Suggestion]:
    """Suggest titles of assets that the caller may see, which have all of the last words."""
    typed = asking.typed
    if typed.minus or typed.name not in {None, Field.TITLE} or not typed.endings:
        return []
    ending = typed.endings[0]
    start = " ".join(ending.words)
    titles = _titles(asking, ending.words)
    titles.sort(key=lambda title: (not " ".join(word.text for word in words(title)).startswith(start), len(title)))
    return [Suggestion(Kind.TITLE, title, ending.followed_by(_as_phrase(title))) for title in titles[:SIZE]]


PROVIDERS: list[Provider] = [suggest_tags, suggest_titles]


def _tag(asking: Asking, found: Beginning, ending: Ending, title: str) -> Suggestion:
    """Return the suggestion of a tag; it tells the word by which it was found, where that is not its title."""
    name = name_of(asking.tags, found.tag, title)
    part = spelled(asking.typed.name or Field.TAGS, name)
    why = "" if Beginnings([(found.tag, [(title, None)])]).of(ending.words) else found.wording
    if name != typeable(title):
        why = asking.tags.tags[found.tag].key
    return Suggestion(Kind.TAG, title, ending.followed_by("-" * asking.typed.minus + part), why)


def _as_phrase(title: str) -> str:
    return f'{Field.TITLE}:"{" ".join(typeable(title).replace("?", " ").split())}"'


def _titles(asking: Asking, typed: tuple[str, ...]) -> list[str]:
    *whole, last = typed
    is_dense = words(last)[0].dense
    if len("".join(typed)) < SHORTEST and not is_dense:
        return []
    terms = [*map(Term, whole), Term(last if is_dense else f"{last}*")]
    query = Query(filters=tuple(TextFilter(Field.TITLE, term) for term in terms))
    with by_index():
        newest = prepared(asking.scope, query, asking.tags).newest(LOOKED_AT)
        titles = Asset.objects.filter(pk__in=newest.tolist()).order_by("-pk").values_list("title", flat=True)
        return list(dict.fromkeys(titles))
