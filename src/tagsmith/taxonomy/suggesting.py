"""Tags for what somebody has typed of one: while typing, and once it is typed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from tagsmith.errors import NotFoundError, TaxonomyError
from tagsmith.taxonomy.keys import fold
from tagsmith.taxonomy.models import Label, Tag
from tagsmith.taxonomy.selectors import find_tag, live_tags
from tagsmith.taxonomy.wording import folded_label

SUGGESTED = 12


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


def tag_meant(text: str) -> Tag:
    """Return the tag of a key, or the one that has this name, title or synonym.

    Raises
    ------
    TaxonomyError
        There is none, or several have this word; the message says so.
    """
    text = text.replace("\0", "").strip()
    try:
        return find_tag(text)
    except (NotFoundError, TaxonomyError):
        pass
    labelled = Label.objects.filter(folded=folded_label(text)).values("tag")
    found = list(live_tags().filter(Q(pk__in=labelled) | Q(name__iexact=text))[:2])
    if len(found) == 1:
        return found[0]
    if found:
        raise TaxonomyError(f"{text!r} may be {found[0].key} or {found[1].key}: write which")
    raise TaxonomyError(f"there is no tag {text!r}")


def titles_of(tags: Iterable[int], language: str = "en") -> dict[int, str]:
    """Return the titles in a language, else in English, of those tags that have one."""
    labels = Label.objects.filter(tag__in=list(tags), is_title=True, language__in=("en", language))
    rows = sorted(labels.values_list("tag_id", "language", "text"), key=lambda row: row[1] == language)
    return {tag: text for tag, _, text in rows}
