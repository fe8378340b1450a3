"""What people do to smart tags: promote, remove, allow again; and setting tags by hand."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from tagsmith.accounts.models import Person
from tagsmith.assets.models import Asset
from tagsmith.audit.services import Actor, record
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.tagging.models import SmartTag
from tagsmith.taxonomy.models import Tag

SUBJECT = "asset"


@transaction.atomic
def promote(actor: Actor, assets: Collection[int], tag: Tag, unit: UUID | None = None) -> int:
    """Move a smart tag to the assets' own tags; return on how many assets it was one."""
    smart = set(SmartTag.objects.filter(asset_id__in=_locked(assets), tag=tag).values_list("asset_id", flat=True))
    _set(actor.person, smart, tag, promoted=True)
    for asset in sorted(smart):
        record(actor, "promote", SUBJECT, asset, after={"tag": tag.key}, unit=unit)
    return len(smart)


@transaction.atomic
def set_tag(actor: Actor, assets: Collection[int], tag: Tag, unit: UUID | None = None) -> int:
    """Set a tag by hand; return on how many assets it was not set before."""
    chosen = set(_locked(assets))
    new = chosen - set(HumanTag.objects.filter(asset_id__in=chosen, tag=tag).values_list("asset_id", flat=True))
    _set(actor.person, new, tag, promoted=False)
    for asset in sorted(new):
        record(actor, "set tag", SUBJECT, asset, after={"tag": tag.key}, unit=unit)
    return len(new)


@transaction.atomic
def remove(actor: Actor, assets: Collection[int], tag: Tag, unit: UUID | None = None) -> int:
    """Take a tag of either kind from the assets and keep machines from putting it back; return how many had it."""
    chosen = _locked(assets)
    had = {
        asset
        for rows in (SmartTag.objects, HumanTag.objects)
        for asset in rows.filter(asset_id__in=chosen, tag=tag).values_list("asset_id", flat=True)
    }
    SmartTag.objects.filter(asset_id__in=had, tag=tag).delete()
    HumanTag.objects.filter(asset_id__in=had, tag=tag).delete()
    Rejection.objects.bulk_create(
        (Rejection(asset_id=asset, tag=tag, person=actor.person) for asset in had), ignore_conflicts=True
    )
    for asset in sorted(had):
        record(actor, "remove tag", SUBJECT, asset, before={"tag": tag.key}, unit=unit)
    return len(had)


@transaction.atomic
def allow_again(actor: Actor, assets: Collection[int], tag: Tag, unit: UUID | None = None) -> int:
    """Let machines put a rejected tag on the assets again; return on how many it was rejected."""
    rows = Rejection.objects.filter(asset_id__in=_locked(assets), tag=tag)
    allowed = sorted(rows.values_list("asset_id", flat=True))
    rows.delete()
    for asset in allowed:
        record(actor, "allow tag again", SUBJECT, asset, after={"tag": tag.key}, unit=unit)
    return len(allowed)


def _locked(assets: Collection[int]) -> list[int]:
    rows = Asset.objects.filter(pk__in=list(assets)).order_by("pk")
    return list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def _set(person: Person | None, assets: Collection[int], tag: Tag, *, promoted: bool) -> None:
    HumanTag.objects.bulk_create(
        (HumanTag(asset_id=asset, tag=tag, person=person, promoted=promoted) for asset in assets), ignore_conflicts=True
    )
    SmartTag.objects.filter(asset_id__in=assets, tag=tag).delete()
    Rejection.objects.filter(asset_id__in=assets, tag=tag).delete()
