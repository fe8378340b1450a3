"""Editing, renaming and moving assets. New ones come by `ingest`, the trash is in `trash`."""

from collections.abc import Collection
from typing import Any, NoReturn
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from tagsmith.assets.fields import Changes, as_logged, checked
from tagsmith.assets.following import FOLLOWERS
from tagsmith.assets.locks import lock_tree
from tagsmith.assets.models import LIVE, Asset, Folder
from tagsmith.assets.naming import checked_name, fold, join
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import get_asset, live_assets
from tagsmith.assets.selectors.folders import get_folder
from tagsmith.audit.models import Entry
from tagsmith.audit.services import Actor, Change, record, record_all
from tagsmith.errors import ConflictError
from tagsmith.sentences import say


def edit_asset(scope: Scope, actor: Actor, asset_id: int, changes: Changes, *, revision: int) -> Asset:
    """Change an asset's metadata, if it still is at the revision that the caller saw.

    Raises
    ------
    ConflictError
        Somebody changed it meanwhile; the message says who and when.
    LibraryError
        There is no such field, or it cannot hold this.
    """
    clean = {field: checked(field, value) for field, value in changes.items()}
    with transaction.atomic():
        asset = get_asset(scope, asset_id)
        changed = {field: value for field, value in clean.items() if getattr(asset, field) != value}
        rows = Asset.objects.filter(LIVE, pk=asset.pk, revision=revision)
        if not changed and asset.revision == revision:
            return asset
        if not rows.update(**changed, revision=F("revision") + 1, modified=timezone.now()):
            _tell_of_change(asset)
        before = {field: as_logged(getattr(asset, field)) for field in changed}
        after = {field: as_logged(value) for field, value in changed.items()}
        record(actor, "asset.edited", "asset", asset.pk, before=before, after=after)
        FOLLOWERS.changed([asset.pk])
        return get_asset(scope, asset_id)


def rename_asset(scope: Scope, actor: Actor, asset_id: int, name: str, unit: UUID | None = None) -> Asset:
    """Give an asset another name, which `undo_moves` takes back; raises ConflictError if an asset beside it has it."""
    clean = checked_name(name)
    with transaction.atomic():
        lock_tree()
        asset = get_asset(scope, asset_id)
        _refuse_taken(asset.folder, {fold(clean): clean}, [asset.pk])
        if clean != asset.name:
            before = asset.path
            Asset.objects.filter(pk=asset.pk).update(name=clean, folded=fold(clean), revision=F("revision") + 1)
            asset.refresh_from_db()
            paths = {"path": before}, {"path": asset.path}
            record(actor, "asset.renamed", "asset", asset.pk, before=paths[0], after=paths[1], unit=unit or uuid4())
            FOLLOWERS.changed([asset.pk])
    return asset


def move_assets(scope: Scope, actor: Actor, asset_ids: Collection[int], into_id: int, unit: UUID | None = None) -> int:
    """Put assets into another folder, all or none; return how many were moved. `undo_moves` takes it back.

    Raises
    ------
    ConflictError
        Two would have the same name there; the message names it.
    """
    with transaction.atomic():
        lock_tree()
        into = get_folder(scope, into_id)
        refuse_clash(scope, asset_ids, into)
        return put_into(actor, list(_elsewhere(scope, asset_ids, into)), into, unit or uuid4())


def refuse_clash(scope: Scope, asset_ids: Collection[int], into: Folder) -> None:
    """Raise ConflictError if two assets would have the same name in a folder; the message names it."""
    names: dict[str, str] = {}
    for folded, name in _elsewhere(scope, asset_ids, into).values_list("folded", "name"):
        if folded in names:
            raise ConflictError("two of the assets are called {asset!r}", asset=name)
        names[folded] = name
    _refuse_taken(into, names, [])


def put_into(actor: Actor, assets: Collection[Asset], into: Folder, unit: UUID) -> int:
    """Write that assets lie in another folder now, where no name is taken; the caller holds the tree's lock."""
    said = [Change(asset.pk, place_of(asset.folder, asset.name), place_of(into, asset.name)) for asset in assets]
    record_all(actor, "asset.moved", "asset", said, unit)
    moved = Asset.objects.filter(pk__in=[asset.pk for asset in assets])
    return moved.update(folder=into, revision=F("revision") + 1)


def place_of(folder: Folder, name: str) -> dict[str, Any]:
    """Return what the audit log says of where an asset lies: also the folder itself, which may be renamed later."""
    return {"path": join(folder.path, name), "folder": folder.pk}


def _elsewhere(scope: Scope, asset_ids: Collection[int], into: Folder) -> QuerySet[Asset]:
    """Return those of the assets that are not in a folder yet."""
    rows = live_assets(scope).filter(pk__in=asset_ids).exclude(folder=into)
    return rows.select_related("folder").order_by("pk")


def _refuse_taken(folder: Folder, names: dict[str, str], except_ids: Collection[int]) -> None:
    beside = Asset.objects.filter(LIVE, folder=folder, folded__in=list(names)).exclude(pk__in=except_ids)
    taken = beside.order_by("folded").first()
    if taken is not None:
        raise ConflictError("there is an asset {path!r} already", path=join(folder.path, taken.name))


def _tell_of_change(asset: Asset) -> NoReturn:
    entries = Entry.objects.filter(subject="asset", subject_id=asset.pk, action__startswith="asset.")
    entry = entries.order_by("-at", "-pk").first()
    if entry is None:
        raise ConflictError(
            "{asset} was changed, after you opened it; look at it again before you change it", asset=asset.name
        )
    who, at = entry.actor_name or say("somebody"), f"{entry.at:%Y-%m-%d %H:%M}"
    raise ConflictError(
        "{asset} was changed by {who} at {at} UTC, after you opened it; look at it again before you change it",
        asset=asset.name,
        who=who,
        at=at,
    )
