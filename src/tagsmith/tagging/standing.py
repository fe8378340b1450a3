"""How an asset and a tag stand with each other: read, written, and put in words for the audit log."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from tagsmith.assets.following import FOLLOWERS
from tagsmith.assets.models import Asset
from tagsmith.audit.services import Actor, Change
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.tagging.models import SmartTag, Suggestion
from tagsmith.taxonomy.models import Tag
from tagsmith.training.models import Version

Found = tuple[int, int]  # confidence, version


@dataclass(frozen=True)
class Standing:
    """How an asset and a tag stand: set by a person (how), rejected, a smart tag, suggested."""

    own: str = ""
    rejected: bool = False
    smart: Found | None = None
    suggested: Found | None = None


def standings_of(assets: Collection[int], tag: Tag) -> dict[int, Standing]:
    """Return how these assets stand with a tag."""
    own = dict(HumanTag.objects.filter(asset_id__in=assets, tag=tag).values_list("asset_id", "promoted"))
    rejected = set(Rejection.objects.filter(asset_id__in=assets, tag=tag).values_list("asset_id", flat=True))
    smart, suggested = _found(SmartTag, assets, tag), _found(Suggestion, assets, tag)
    how = {None: "", False: "set", True: "promoted"}
    return {
        asset: Standing(how[own.get(asset)], asset in rejected, smart.get(asset), suggested.get(asset))
        for asset in assets
    }


def _found(kind: type[SmartTag | Suggestion], assets: Collection[int], tag: Tag) -> dict[int, Found]:
    rows = kind._default_manager.filter(asset_id__in=assets, tag=tag)  # noqa: SLF001 - Django's documented name
    return {
        asset: (confidence, version)
        for asset, confidence, version in rows.values_list("asset_id", "confidence", "version_id")
    }


def put(actor: Actor, tag: Tag, changes: Mapping[int, tuple[Standing, Standing]]) -> None:
    """Bring assets, which the caller has locked, from one standing to another: write the rows that differ."""
    own = {asset: now.own for asset, (was, now) in changes.items() if was.own != now.own}
    rejected = {asset: now.rejected for asset, (was, now) in changes.items() if was.rejected != now.rejected}
    smart = {asset: now.smart for asset, (was, now) in changes.items() if was.smart != now.smart}
    suggested = {asset: now.suggested for asset, (was, now) in changes.items() if was.suggested != now.suggested}
    for rows, changed in ((HumanTag, own), (Rejection, rejected), (SmartTag, smart), (Suggestion, suggested)):
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
    Suggestion.objects.bulk_create(
        Suggestion(asset_id=asset, tag=tag, confidence=found[0], version_id=found[1])
        for asset, found in suggested.items()
        if found
    )
    FOLLOWERS.changed(sorted(own))


def change_of(asset: int, tag: Tag, was: Standing, now: Standing) -> Change:
    """Return what the audit log says of a change."""
    named = {"tag": tag.key, "tag_id": tag.pk}
    return Change(asset, {**named, **asdict(was)}, {**named, **asdict(now)})


def read_standing(state: Mapping[str, Any]) -> Standing:
    """Return a standing that the audit log holds."""
    smart, suggested = (tuple(found) if found else None for found in (state["smart"], state["suggested"]))
    return Standing(state["own"], state["rejected"], smart, suggested)


def serving_versions(standings: Iterable[Standing]) -> set[int]:
    """Return the versions behind smart tags and suggestions whose tag model still serves."""
    versions = {found[1] for was in standings for found in (was.smart, was.suggested) if found}
    rows = Version.objects.filter(pk__in=versions, model__versions__live=True)
    return set(rows.values_list("pk", flat=True))


def as_served(standing: Standing, versions: Collection[int]) -> Standing:
    """Leave out what another version than these gave or suggested."""

    def kept(found: Found | None) -> Found | None:
        return found if found and found[1] in versions else None

    return replace(standing, smart=kept(standing.smart), suggested=kept(standing.suggested))
