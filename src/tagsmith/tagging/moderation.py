"""What people say of tags on assets: promote, remove, allow again, set by hand; and taking that back."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from tagsmith.assets.following import FOLLOWERS
from tagsmith.assets.locks import lock_assets
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import Scope
from tagsmith.audit.models import Entry
from tagsmith.audit.services import Actor, Change, record_all
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.errors import ConflictError
from tagsmith.tagging.models import SmartTag
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.services.changing import holding
from tagsmith.training.models import Version

SUBJECT = "asset"
PROMOTE, SET, REMOVE, ALLOW = "promote", "set tag", "remove tag", "allow tag again"
KEEP, UNDO = "keep tag removed", "undo moderation"


@dataclass(frozen=True)
class Standing:
    """How an asset and a tag stand: set by a person (how), rejected, a smart tag (confidence, version)."""

    own: str = ""
    rejected: bool = False
    smart: tuple[int, int] | None = None


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


@transaction.atomic
def save(scope: Scope, actor: Actor, asset: int, *, promoted: Collection[Tag], removed: Collection[Tag]) -> UUID:
    """Apply what a person chose on an asset's tags, all or nothing; return the unit that takes it back."""
    unit = uuid4()
    for tag in removed:
        remove(scope, actor, [asset], tag, unit)
    for tag in promoted:
        promote(scope, actor, [asset], tag, unit)
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
def undo_moderation(scope: Scope, actor: Actor, unit: UUID) -> int:
    """Take back what people did as one unit, where nothing changed since; return how many it was.

    A smart tag comes back only of a tag model that still serves.
    """
    holding()
    entries = Entry.objects.filter(unit=unit, subject=SUBJECT, action__in=(PROMOTE, SET, REMOVE, ALLOW))
    undoing, count = uuid4(), 0
    for entry in entries.order_by("-pk"):
        was, now = entry.before or {}, entry.after or {}
        before, after = _read(was), _read(now)
        for asset in _within(scope, [entry.subject_id]):
            tag = Tag.objects.get(pk=now["tag_id"])
            if _standings([asset], tag)[asset] == after:
                _put(actor, tag, {asset: (after, _serving(before))})
                record_all(actor, UNDO, SUBJECT, [_said(asset, tag, after, before)], undoing)
                count += 1
    return count


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
        standings = _standings(_within(self.scope, assets), present)
        changes = {asset: (was, outcome(was)) for asset, was in standings.items() if outcome(was) != was}
        _put(self.actor, present, changes)
        said = [_said(asset, present, was, now) for asset, (was, now) in sorted(changes.items())]
        record_all(self.actor, self.action, SUBJECT, said, self.unit or uuid4())
        return len(changes)


def _present(tag: Tag) -> Tag:
    """Return the tag as it is now, or what it was merged into; raises ConflictError if it was deleted."""
    found = Tag.objects.select_related("merged_into").get(pk=tag.pk)
    found = found.merged_into or found
    if found.deleted is not None:
        raise ConflictError(f"{found.key} was deleted meanwhile")
    return found


def _within(scope: Scope, assets: Collection[int]) -> list[int]:
    """Lock the assets' rows; return those that are there for this caller."""
    rows = scope.assets(Asset.objects.filter(pk__in=lock_assets(assets)))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _standings(assets: Collection[int], tag: Tag) -> dict[int, Standing]:
    own = dict(HumanTag.objects.filter(asset_id__in=assets, tag=tag).values_list("asset_id", "promoted"))
    rejected = set(Rejection.objects.filter(asset_id__in=assets, tag=tag).values_list("asset_id", flat=True))
    rows = SmartTag.objects.filter(asset_id__in=assets, tag=tag).values_list("asset_id", "confidence", "version_id")
    smart = {asset: (confidence, version) for asset, confidence, version in rows}
    how = {None: "", False: "set", True: "promoted"}
    return {asset: Standing(how[own.get(asset)], asset in rejected, smart.get(asset)) for asset in assets}


def _put(actor: Actor, tag: Tag, changes: Mapping[int, tuple[Standing, Standing]]) -> None:
    """Write the rows of all three kinds where they differ."""
    own = {asset: now.own for asset, (was, now) in changes.items() if was.own != now.own}
    rejected = {asset: now.rejected for asset, (was, now) in changes.items() if was.rejected != now.rejected}
    smart = {asset: now.smart for asset, (was, now) in changes.items() if was.smart != now.smart}
    for rows, changed in ((HumanTag, own), (Rejection, rejected), (SmartTag, smart)):
        rows.objects.filter(asset_id__in=changed, tag=tag).delete()
    HumanTag.objects.bulk_create(
        HumanTag(asset_id=asset, tag=tag, person=actor.person, promoted=how == "promoted")
        for asset, how in own.items()
        if how
    )
    contents = dict(Asset.objects.filter(pk__in=rejected).values_list("pk", "content"))
    Rejection.objects.bulk_create(
        Rejection(asset_id=asset, tag=tag, person=actor.person, content=contents[asset])
        for asset, yes in rejected.items()
        if yes
    )
    SmartTag.objects.bulk_create(
        SmartTag(asset_id=asset, tag=tag, confidence=found[0], version_id=found[1])
        for asset, found in smart.items()
        if found
    )
    FOLLOWERS.changed(sorted(own))


def _said(asset: int, tag: Tag, was: Standing, now: Standing) -> Change:
    named = {"tag": tag.key, "tag_id": tag.pk}
    return Change(asset, {**named, **asdict(was)}, {**named, **asdict(now)})


def _read(state: Mapping[str, Any]) -> Standing:
    smart = state["smart"]
    return Standing(state["own"], state["rejected"], tuple(smart) if smart else None)


def _serving(standing: Standing) -> Standing:
    """Leave a smart tag out whose tag model serves no more."""
    if standing.smart is None:
        return standing
    serves = Version.objects.filter(pk=standing.smart[1], model__versions__live=True).exists()
    return standing if serves else replace(standing, smart=None)
