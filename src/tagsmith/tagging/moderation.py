"""What people say of tags on assets, suggested ones too: promote, remove, allow, set by hand; and taking that back."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from tagsmith.assets.locks import lock_assets
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import Scope
from tagsmith.audit.models import Entry
from tagsmith.audit.services import Actor, Change, record_all, refuse_undone, undoing_of
from tagsmith.curation.models import Rejection
from tagsmith.errors import ConflictError
from tagsmith.tagging.standing import (
    Standing,
    as_served,
    change_of,
    put,
    read_standing,
    serving_versions,
    standings_of,
)
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.services.changing import holding

SUBJECT = "asset"
PROMOTE, SET, REMOVE, ALLOW = "promote", "set tag", "remove tag", "allow tag again"
ACCEPT, REJECT = "accept suggestion", "reject suggestion"
KEEP, UNDO = "keep tag removed", "undo moderation"
UNDONE = (PROMOTE, SET, REMOVE, ALLOW, ACCEPT, REJECT)


def promote(scope: Scope, actor: Actor, assets: Collection[int], tag: Tag, unit: UUID | None = None) -> int:
    """Move a smart tag to the assets' own tags; return on how many assets it was one."""
    return _Act(scope, actor, PROMOTE, unit).on(assets, tag, lambda was: Standing("promoted") if was.smart else was)


def set_tag(scope: Scope, actor: Actor, assets: Collection[int], tag: Tag, unit: UUID | None = None) -> int:
    """Set a tag by hand; return on how many assets it was not set before."""
    return _Act(scope, actor, SET, unit).on(assets, tag, lambda was: was if was.own else Standing("set"))


def remove(scope: Scope, actor: Actor, assets: Collection[int], tag: Tag, unit: UUID | None = None) -> int:
    """Take a tag of either kind from the assets and keep machines from putting it back; return how many had it."""

    def removed(was: Standing) -> Standing:
        return Standing(rejected=True) if was.own or was.smart else was

    return _Act(scope, actor, REMOVE, unit).on(assets, tag, removed)


def allow_again(scope: Scope, actor: Actor, assets: Collection[int], tag: Tag, unit: UUID | None = None) -> int:
    """Let machines put a rejected tag on the assets again; return on how many it was rejected."""
    return _Act(scope, actor, ALLOW, unit).on(assets, tag, lambda was: replace(was, rejected=False))


def accept(scope: Scope, actor: Actor, assets: Collection[int], tag: Tag, unit: UUID | None = None) -> int:
    """Set a tag that was suggested, as promoting does; return on how many assets it was."""

    def accepted(was: Standing) -> Standing:
        return Standing("promoted") if was.suggested else was

    return _Act(scope, actor, ACCEPT, unit).on(assets, tag, accepted)


def reject(scope: Scope, actor: Actor, assets: Collection[int], tag: Tag, unit: UUID | None = None) -> int:
    """Keep machines from suggesting a tag again, or giving it; return on how many assets it was suggested."""

    def rejected(was: Standing) -> Standing:
        return Standing(rejected=True) if was.suggested else was

    return _Act(scope, actor, REJECT, unit).on(assets, tag, rejected)


@transaction.atomic
def save(
    scope: Scope,
    actor: Actor,
    asset: int,
    *,
    promoted: Collection[Tag],
    removed: Collection[Tag],
    added: Collection[Tag] = (),
    allowed: Collection[Tag] = (),
) -> UUID:
    """Apply what a person chose on an asset's tags, all or nothing; return the unit that takes it back."""
    unit = uuid4()
    for act, tags in ((remove, removed), (allow_again, allowed), (promote, promoted), (set_tag, added)):
        for tag in tags:
            act(scope, actor, [asset], tag, unit)
    return unit


@transaction.atomic
def keep_rejected(scope: Scope, actor: Actor, assets: Collection[int], tag: Tag, unit: UUID | None = None) -> int:
    """Confirm rejections for what the assets show now, after their content was replaced; return how many."""
    rows = Rejection.objects.filter(asset_id__in=_within(scope, assets), tag=tag).select_related("asset")
    stale = [row for row in rows if row.content != row.asset.content]
    named = {"tag": tag.key, "tag_id": tag.pk}
    said = [
        Change(row.asset_id, {**named, "content": row.content}, {**named, "content": row.asset.content})
        for row in stale
    ]
    for row in stale:
        row.content = row.asset.content
    Rejection.objects.bulk_update(stale, ("content",))
    record_all(actor, KEEP, SUBJECT, said, unit or uuid4())
    return len(stale)


@transaction.atomic
def undo_moderation(scope: Scope, actor: Actor, unit: UUID, assets: Collection[int] | None = None) -> int:
    """Take back what people did as one unit, on all or some assets, where nothing changed since; return how many.

    A smart tag comes back only of a tag model that still serves, and not if its tag is blocked. Whoever takes it back
    part by part asks `refuse_undone` before the first.

    Raises
    ------
    ConflictError
        It was taken back before.
    """
    holding()
    if assets is None:
        refuse_undone(unit)
    entries = moderated(unit) if assets is None else moderated(unit).filter(subject_id__in=assets)
    undoing = undoing_of(unit)
    alike = groupby(
        entries.order_by("-pk"), key=lambda entry: (entry.action, (entry.after or {})["tag_id"])
    )  # an asset once in each
    return sum(_take_back(scope, actor, tag, entries, undoing) for (_, tag), entries in alike)


def moderated(unit: UUID) -> QuerySet[Entry]:
    """Return what people did as one unit and can take back."""
    return Entry.objects.filter(unit=unit, subject=SUBJECT, action__in=UNDONE)


def _take_back(scope: Scope, actor: Actor, tag_id: int, entries: Iterable[Entry], undoing: UUID) -> int:
    done = {
        entry.subject_id: (read_standing(entry.after or {}), read_standing(entry.before or {})) for entry in entries
    }
    tag = Tag.objects.get(pk=tag_id)
    now = standings_of(_within(scope, done), tag)
    unchanged = {asset: done[asset] for asset, standing in now.items() if standing == done[asset][0]}
    serving = set() if tag.blocked else serving_versions(before for _, before in unchanged.values())
    put(actor, tag, {asset: (after, as_served(before, serving)) for asset, (after, before) in unchanged.items()})
    record_all(actor, UNDO, SUBJECT, [change_of(asset, tag, *states) for asset, states in unchanged.items()], undoing)
    return len(unchanged)


@dataclass(frozen=True)
class _Act:
    """What one person does to a tag on some assets; `unit` is new where none is given."""

    scope: Scope
    actor: Actor
    action: str
    unit: UUID | None

    @transaction.atomic
    def on(self, assets: Collection[int], tag: Tag, outcome: Callable[[Standing], Standing]) -> int:
        """Bring each asset to the outcome; return how many that changed."""
        holding()
        present = _present(tag)
        standings = standings_of(_within(self.scope, assets), present)
        changes = {asset: (was, outcome(was)) for asset, was in standings.items() if outcome(was) != was}
        put(self.actor, present, changes)
        said = [change_of(asset, present, was, now) for asset, (was, now) in sorted(changes.items())]
        record_all(self.actor, self.action, SUBJECT, said, self.unit or uuid4())
        return len(changes)


def _present(tag: Tag) -> Tag:
    """Return the tag as it is now, or what it was merged into; raises ConflictError if it was deleted."""
    found = Tag.objects.select_related("merged_into").get(pk=tag.pk)
    found = found.merged_into or found
    if found.deleted is not None:
        raise ConflictError("{tag} was deleted meanwhile", tag=found.key)
    return found


def _within(scope: Scope, assets: Collection[int]) -> list[int]:
    """Lock the assets' rows; return those that are there for this caller."""
    rows = scope.assets(Asset.objects.filter(pk__in=lock_assets(assets)))
    return list(rows.order_by("pk").values_list("pk", flat=True))
