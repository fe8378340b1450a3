"""The taxonomy a level at a time, for pages that open it branch by branch, and finding tags in it."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from tagsmith.taxonomy.keys import fold
from tagsmith.taxonomy.models import Label, Tag
from tagsmith.taxonomy.selectors import live_tags
from tagsmith.taxonomy.suggesting import titles_of
from tagsmith.taxonomy.wording import folded_label

MOST = 200


@dataclass(frozen=True)
class Branch:
    """A tag with its title, and whether there are tags below it."""

    tag: Tag
    title: str
    has_children: bool


def top_branches(language: str = "en") -> list[Branch]:
    """Return the tags at the top of each namespace; two queries."""
    return _branches(live_tags().filter(parent=None), language)


def branches_below(tag: Tag, language: str = "en") -> list[Branch]:
    """Return the tags directly below one; two queries."""
    return _branches(live_tags().filter(parent=tag), language)


def found_branches(text: str, language: str = "en") -> list[Branch]:
    """Return tags that have the text in their key, or a title or synonym that begins with it; not more than `MOST`."""
    return _branches(_called(text)[:MOST], language)


def blocked_tags(text: str = "") -> QuerySet[Tag]:
    """Return the tags on the blocklist, all or those that a text finds, in the order of their keys."""
    return (_called(text) if text.strip() else live_tags()).filter(blocked=True)


def blocked_page(text: str, language: str = "en", *, after: str = "", size: int = MOST) -> tuple[list[Branch], str]:
    """Return a page of the blocklist behind a key, and the last key if more follow; two queries."""
    rows = _branches(blocked_tags(text).filter(key__gt=after)[: size + 1], language)
    return rows[:size], rows[size - 1].tag.key if len(rows) > size else ""


def _called(text: str) -> QuerySet[Tag]:
    labelled = Label.objects.filter(folded__startswith=folded_label(text.strip())).values("tag")
    return live_tags().filter(Q(pk__in=labelled) | Q(folded__contains=fold(text.strip())))


def _branches(tags: QuerySet[Tag], language: str) -> list[Branch]:
    below = live_tags().filter(parent=OuterRef("pk"))
    rows = list(tags.annotate(has_children=Exists(below)))
    titles = titles_of((row.pk for row in rows), language)
    return [Branch(row, titles.get(row.pk, row.name), row.has_children) for row in rows]
