"""Groups of untagged assets that look alike, as a job found them; making tags of them, or putting them aside.

What was found is kept for each scope, and what has been tagged, moved or hidden since is left out when it is read.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from tagsmith.assets.arrays import among
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import Scope
from tagsmith.audit.services import Actor, record
from tagsmith.errors import NotFoundError
from tagsmith.learning.clusters import LEAST
from tagsmith.tagging.gaps import SAMPLES, Gaps, find_gaps, untagged
from tagsmith.tagging.models import Group, GroupSearch
from tagsmith.tagging.moderation import set_tag
from tagsmith.tagging.scopes import read, written
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.selectors import live_tags
from tagsmith.training.drafting import choose_tags
from tagsmith.training.models import TagModel
from tagsmith.training.selectors import taught_tags
from tagsmith.training.services import add_examples

SUBJECT = "group"
ALIKE = 0.5  # of a group's assets that were in one put aside, from which on it is the same one


@dataclass(frozen=True)
class Shown:
    """A group with those of its assets that are still there and untagged, and the first of these."""

    group: Group
    ids: list[int]
    assets: list[Asset]

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.ids)


@dataclass(frozen=True)
class Done:
    """On how many assets a tag was set, how many of them teach it now, and the unit that takes the setting back."""

    unit: UUID
    count: int
    examples: int


@dataclass(frozen=True)
class Teaching:
    """A tag model that is to learn a tag as well, and from how many assets at most."""

    model: TagModel
    most: int


def last_search(scope: Scope) -> GroupSearch | None:
    """Return the last search of a scope, if there was one."""
    return GroupSearch.objects.filter(scope=written(scope)).first()


def groups_waiting(scope: Scope) -> int:
    """Return how many groups the last search found that nobody has dealt with."""
    return Group.objects.filter(search__scope=written(scope), aside=False).count()


def groups_found(scope: Scope, *, aside: bool = False) -> list[Shown]:
    """Return the groups that the last search found, or those of them put aside, the largest first."""
    groups = list(Group.objects.filter(search__scope=written(scope), aside=aside))
    left = _left(scope, {pk for group in groups for pk in group.assets})
    rows = [(group, [pk for pk in group.assets if pk in left]) for group in groups]
    assets = Asset.objects.select_related("folder").in_bulk([pk for _, ids in rows for pk in ids[:SAMPLES]])
    shown = [Shown(group, ids, [assets[pk] for pk in ids[:SAMPLES]]) for group, ids in rows if len(ids) >= LEAST]
    return sorted(shown, key=lambda one: (-one.size, one.group.pk))


def get_group(scope: Scope, number: int, size: int = SAMPLES) -> Shown:
    """Return a group of a scope with some of its assets; raises NotFoundError."""
    group = Group.objects.filter(pk=number, search__scope=written(scope)).first()
    if group is None:
        raise NotFoundError("no group {number}", number=number)
    left = _left(scope, group.assets)
    ids = [pk for pk in group.assets if pk in left]
    assets = Asset.objects.select_related("folder").in_bulk(ids[:size])
    return Shown(group, ids, [assets[pk] for pk in ids[:size]])


@transaction.atomic
def put_aside(scope: Scope, actor: Actor, number: int, *, aside: bool = True) -> None:
    """Hide a group, also from later searches, or show it again."""
    group = get_group(scope, number).group
    if group.aside != aside:
        Group.objects.filter(pk=number).update(aside=aside)
        record(actor, "put aside" if aside else "show again", SUBJECT, number, after={"assets": len(group.assets)})


@transaction.atomic
def begin_search(scope: Scope) -> GroupSearch:
    """Note that groups are to be looked for; whoever calls enqueues the job."""
    search, _ = GroupSearch.objects.update_or_create(scope=written(scope), defaults={"token": uuid4(), "failure": ""})
    return search


def end_search(number: int, token: UUID) -> None:
    """Look for groups and store them in the place of those of before, if that is still waited for."""
    search = GroupSearch.objects.filter(pk=number, token=token).first()
    if search is not None:
        _store(search, find_gaps(read(search.scope)))


def fail_search(number: int, token: UUID, reason: str) -> None:
    """Say why groups could not be looked for; those of before stay."""
    GroupSearch.objects.filter(pk=number, token=token).update(token=None, failure=reason)


@transaction.atomic
def tag_group(
    scope: Scope, actor: Actor, number: int, assets: Sequence[int], tag: Tag, *, teaching: Teaching | None = None
) -> Done:
    """Set a tag on those assets of a group that show it, perhaps let them teach it; the group is done with then."""
    group, unit = get_group(scope, number), uuid4()
    chosen = [pk for pk in group.ids if pk in set(assets)]
    count = set_tag(scope, actor, chosen, tag, unit)
    examples = _teach(actor, teaching.model, tag, chosen[: teaching.most]) if teaching else 0
    group.group.delete()
    record(actor, "make a tag of", SUBJECT, number, after={"tag": tag.key, "tag_id": tag.pk}, unit=unit)
    return Done(unit, count, examples)


def _teach(actor: Actor, model: TagModel, tag: Tag, assets: Sequence[int]) -> int:
    taught = list(taught_tags(model).values())
    if tag.pk not in taught:
        choose_tags(actor, model, [*live_tags().filter(pk__in=taught), tag])
    return add_examples(actor, model, tag, Asset.objects.filter(pk__in=assets))


@transaction.atomic
def _store(search: GroupSearch, found: Gaps) -> None:
    if not GroupSearch.objects.select_for_update().filter(pk=search.pk, token=search.token).exists():
        return
    aside = [set(group.assets) for group in search.groups.filter(aside=True)]
    search.groups.all().delete()
    Group.objects.bulk_create(
        Group(search=search, assets=one.ids, cohesion=one.cohesion, aside=_is_one_of(one.ids, aside))
        for one in found.groups
    )
    search.token, search.found = None, timezone.now()
    search.searched, search.untagged = found.searched, found.untagged
    search.save(update_fields=("token", "found", "searched", "untagged"))


def _is_one_of(assets: Collection[int], groups: Collection[set[int]]) -> bool:
    return any(len(group.intersection(assets)) >= ALIKE * len(assets) for group in groups)


def _left(scope: Scope, assets: Collection[int]) -> set[int]:
    return set(untagged(scope).filter(among("assets_asset.id", assets)).values_list("pk", flat=True))
