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
    labelled = Label.objects.filter(folded__startswith=folded_label(text.strip())).values("tag")
    return _branches(live_tags().filter(Q(pk__in=labelled) | Q(folded__contains=fold(text.strip())))[:MOST], language)


def _branches(tags: QuerySet[Tag], language: str) -> list[Branch]:
    below = live_tags().filter(parent=OuterRef("pk"))
    rows = list(tags.annotate(has_children=Exists(below)))
    titles = titles_of((row.pk for row in rows), language)
    return [Branch(row, titles.get(row.pk, row.name), row.has_children) for row in rows]
