"""Reading the taxonomy."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet

from tagsmith.errors import NotFoundError
from tagsmith.taxonomy.keys import Key, checked_namespace, fold, parse_key
from tagsmith.taxonomy.models import Label, Redirect, Tag
from tagsmith.taxonomy.references import REFERENCES, Reference
from tagsmith.taxonomy.wording import fallbacks


def live_tags() -> QuerySet[Tag]:
    """Return the tags that are not deleted, in the order of their keys."""
    return Tag.objects.filter(deleted__isnull=True).order_by("key")


def live_at(key: Key) -> Tag | None:
    """Return the tag that lives at a key, whatever its case; redirects are not followed."""
    return live_tags().filter(folded=key.folded).first()


def redirected_from(key: Key) -> Tag | None:
    """Return the tag to which a key leads that a move or a merge has ended."""
    redirect = Redirect.objects.filter(folded=key.folded, tag__deleted__isnull=True).select_related("tag").first()
    return redirect.tag if redirect else None


def find_tag(key: str) -> Tag:
    """Return the tag of this key, also of one that a move or a merge has ended.

    Raises
    ------
    NotFoundError
        There is none.
    """
    parsed = parse_key(key)
    tag = live_at(parsed) or redirected_from(parsed)
    if tag is None:
        raise NotFoundError(f"no tag {parsed}")
    return tag


def subtree(tag: Tag) -> QuerySet[Tag]:
    """Return the tag and all below it, the tag first."""
    return live_tags().filter(Q(key=tag.key) | Q(key__startswith=tag.key + "/"))


def references(tag: Tag, limit: int = 5) -> list[Reference]:
    """Return what refers to the tag or to any below it: what deleting it would take along."""
    return REFERENCES.collect(list(subtree(tag).values_list("pk", flat=True)), limit)


def title(tag: Tag, language: str = "en") -> str:
    """Return the tag's title in a language, else in English, else its name."""
    titles = dict(Label.objects.filter(tag=tag, is_title=True).values_list("language", "text"))
    return next((titles[one] for one in fallbacks(language) if titles.get(one)), tag.name)


@dataclass(frozen=True)
class Node:
    """A tag as lists and exports show it, with all below it in the order of their names."""

    id: int
    key: str
    name: str
    titles: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]]
    description: str
    blocked: bool
    children: tuple["Node", ...]

    def title(self, language: str = "en") -> str:
        """Return its title in a language, else in English, else its name."""
        return next((self.titles[one] for one in fallbacks(language) if self.titles.get(one)), self.name)


def tree(namespace: str | None = None) -> tuple[Node, ...]:
    """Return the tags at the top of one namespace or of all; two queries, however many there are."""
    tags = live_tags()
    labels = Label.objects.filter(tag__deleted__isnull=True).order_by("language", "text")
    if namespace is not None:
        start = fold(checked_namespace(namespace)) + ":"
        tags = tags.filter(folded__startswith=start)
        labels = labels.filter(tag__folded__startswith=start)
    return _nested(tags, labels)


def _nested(tags: Iterable[Tag], labels: Iterable[Label]) -> tuple[Node, ...]:
    titles: defaultdict[int, dict[str, str]] = defaultdict(dict)
    synonyms: defaultdict[int, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for label in labels:
        if label.is_title:
            titles[label.tag_id][label.language] = label.text
        else:
            known = synonyms[label.tag_id]
            known[label.language] = (*known.get(label.language, ()), label.text)
    children: defaultdict[int | None, list[Node]] = defaultdict(list)
    for tag in sorted(tags, key=lambda tag: (-tag.key.count("/"), tag.folded)):
        own = (titles[tag.pk], synonyms[tag.pk], tag.description, tag.blocked)
        children[tag.parent_id].append(Node(tag.pk, tag.key, tag.name, *own, tuple(children.pop(tag.pk, ()))))
    return tuple(children[None])


@dataclass(frozen=True)
class Deletion:
    """Tags that were deleted together, and the key at their top."""

    id: UUID
    key: str
    count: int
    at: datetime


def deletions() -> list[Deletion]:
    """Return what can be restored, the newest first."""
    rows = Tag.objects.filter(deletion__isnull=False, deleted__isnull=False).values_list("deletion")
    found = rows.annotate(key=Min("key"), count=Count("pk"), at=Max("deleted")).order_by("-at", "key")
    return [Deletion(*row) for row in found]
