"""Tags for what somebody is typing, and the titles by which they are shown. What typed words mean is in `meaning`."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Q, QuerySet

from tagsmith.taxonomy.keys import fold
from tagsmith.taxonomy.models import Label, Tag
from tagsmith.taxonomy.selectors import live_tags
from tagsmith.taxonomy.wording import fallbacks, folded_label

SUGGESTED = 12
T = TypeVar("T")


@dataclass(frozen=True)
class Suggested:
    """A tag that may be meant, with its title."""

    key: str
    title: str


def suggest_tags(text: str, language: str = "en", size: int = SUGGESTED) -> list[Suggested]:
    """Return tags with a title or synonym that begins with the text, or with it in their key, the shortest first."""
    if not text.strip():
        return []
    labelled = Label.objects.filter(folded__startswith=folded_label(text)).values("tag")
    rows = live_tags().filter(Q(pk__in=labelled) | Q(folded__contains=fold(text.strip())))
    found = sorted(rows[: 10 * size], key=lambda tag: (len(tag.name), tag.key))[:size]
    titles = titles_of((tag.pk for tag in found), language)
    return [Suggested(tag.key, titles.get(tag.pk, tag.name)) for tag in found]


def titles_of(tags: Iterable[int], language: str = "en") -> dict[int, str]:
    """Return the titles in a language, else in English, of those tags that have one."""
    rows = _titles(language).filter(tag__in=list(tags)).values_list("tag_id", "language", "text")
    return {tag: text for tag, _, text in _the_best_last(rows, language)}


def titles_of_keys(keys: Iterable[str], language: str = "en") -> dict[str, str]:
    """Return the titles in a language, else in English, of those tags that have one, by their keys."""
    rows = _titles(language).filter(tag__key__in=set(keys), tag__deleted=None)
    return {key: text for key, _, text in _the_best_last(rows.values_list("tag__key", "language", "text"), language)}


def _titles(language: str) -> QuerySet[Label]:
    return Label.objects.filter(is_title=True, language__in=fallbacks(language))


def _the_best_last(rows: Iterable[tuple[T, str, str]], language: str) -> list[tuple[T, str, str]]:
    return sorted(rows, key=lambda row: -fallbacks(language).index(row[1]))


def distinct_titles(tags: Iterable[Tag], language: str = "en") -> dict[int, str]:
    """Return each tag's title, or its name; where several have the same, with their ids."""
    known = list(tags)
    titles = titles_of((tag.pk for tag in known), language)
    shown = {tag.pk: titles.get(tag.pk, tag.name) for tag in known}
    counts = Counter(shown.values())
    return {tag.pk: text if counts[text := shown[tag.pk]] == 1 else f"{text} ({tag.key})" for tag in known}
