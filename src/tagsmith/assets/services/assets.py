"""Editing, renaming and moving assets. New ones come by `ingest`, the trash is in `trash`."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NoReturn, TypedDict
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tagsmith.assets.following import FOLLOWERS
from tagsmith.assets.locks import lock_tree
from tagsmith.assets.models import LIVE, Asset, Folder
from tagsmith.assets.naming import checked_name, fold, join
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import get_asset, live_assets
from tagsmith.assets.selectors.folders import get_folder
from tagsmith.audit.models import Entry
from tagsmith.audit.services import Actor, record
from tagsmith.errors import ConflictError, LibraryError


class Changes(TypedDict, total=False):
    """What people may change about an asset; what is left out stays as it is."""

    title: str
    description: str
    creator: str
    rights: str
    captured: datetime | None
    keywords: list[str]
    custom: dict[str, Any]


def edit_asset(scope: Scope, actor: Actor, asset_id: int, changes: Changes, *, revision: int) -> Asset:
    """Change an asset's metadata, if it still is at the revision that the caller saw.

    Raises
    ------
    ConflictError
        Somebody changed it meanwhile; the message says who and when.
    LibraryError
        There is no such field, or it cannot hold this.
    """
    clean = {field: _checked(field, value) for field, value in changes.items()}
    with transaction.atomic():
        asset = get_asset(scope, asset_id)
        changed = {field: value for field, value in clean.items() if getattr(asset, field) != value}
        rows = Asset.objects.filter(LIVE, pk=asset.pk, revision=revision)
        if not changed and asset.revision == revision:
            return asset
        if not rows.update(**changed, revision=F("revision") + 1, modified=timezone.now()):
            _tell_of_change(asset)
        before = {field: _plain(getattr(asset, field)) for field in changed}
        after = {field: _plain(value) for field, value in changed.items()}
        record(actor, "asset.edited", "asset", asset.pk, before=before, after=after)
        FOLLOWERS.changed([asset.pk])
        return get_asset(scope, asset_id)


def rename_asset(scope: Scope, actor: Actor, asset_id: int, name: str) -> Asset:
    """Give an asset another name; raises ConflictError if an asset beside it has it."""
    clean = checked_name(name)
    with transaction.atomic():
        lock_tree()
        asset = get_asset(scope, asset_id)
        _refuse_taken(asset.folder, {fold(clean): clean}, [asset.pk])
        if clean != asset.name:
            before = asset.path
            Asset.objects.filter(pk=asset.pk).update(name=clean, folded=fold(clean), revision=F("revision") + 1)
            asset.refresh_from_db()
            record(actor, "asset.renamed", "asset", asset.pk, before={"path": before}, after={"path": asset.path})
            FOLLOWERS.changed([asset.pk])
    return asset


def move_assets(scope: Scope, actor: Actor, asset_ids: Collection[int], into_id: int) -> int:
    """Put assets into another folder, all or none; return how many were moved.

    Raises
    ------
    ConflictError
        Two would have the same name there; the message names it.
    """
    unit = uuid4()
    with transaction.atomic():
        lock_tree()
        into = get_folder(scope, into_id)
        rows = live_assets(scope).filter(pk__in=asset_ids).exclude(folder=into)
        assets = list(rows.select_related("folder").order_by("pk"))
        names: dict[str, str] = {}
        for asset in assets:
            if asset.folded in names:
                raise ConflictError(f"two of the assets are called {asset.name!r}")
            names[asset.folded] = asset.name
        _refuse_taken(into, names, [])
        for asset in assets:
            paths = {"path": asset.path}, {"path": join(into.path, asset.name)}
            record(actor, "asset.moved", "asset", asset.pk, before=paths[0], after=paths[1], unit=unit)
        moved = Asset.objects.filter(pk__in=[asset.pk for asset in assets])
        return moved.update(folder=into, revision=F("revision") + 1)


def _refuse_taken(folder: Folder, names: dict[str, str], except_ids: Collection[int]) -> None:
    beside = Asset.objects.filter(LIVE, folder=folder, folded__in=names).exclude(pk__in=except_ids)
    taken = beside.order_by("folded").first()
    if taken is not None:
        raise ConflictError(f"there is an asset {join(folder.path, taken.name)!r} already")


def _tell_of_change(asset: Asset) -> NoReturn:
    entries = Entry.objects.filter(subject="asset", subject_id=asset.pk, action__startswith="asset.")
    entry = entries.order_by("-at", "-pk").first()
    by = f" by {entry.actor_name or 'somebody'} at {entry.at:%Y-%m-%d %H:%M} UTC" if entry else ""
    raise ConflictError(f"{asset.name} was changed{by}, after you opened it; look at it again before you change it")


def _checked(field: str, value: Any) -> Any:
    if field in ("title", "description", "creator", "rights"):
        return _text(field, value)
    if field == "keywords" and isinstance(value, list):
        return list(dict.fromkeys(filter(None, (_text(field, word).strip() for word in value))))
    if field == "captured" and (value is None or (isinstance(value, datetime) and value.tzinfo)):
        return value
    if field == "custom" and isinstance(value, dict):
        return {_text(field, key): _text(field, one) if isinstance(one, str) else one for key, one in value.items()}
    raise LibraryError(f"{field} cannot be set to {value!r:.60}")


def _text(field: str, value: object) -> str:
    """Return a text, or refuse what PostgreSQL cannot hold: NUL, and halves of characters."""
    if not isinstance(value, str) or any(one == "\0" or "\ud800" <= one <= "\udfff" for one in value):
        raise LibraryError(f"{field} cannot hold {value!r:.60}")
    return value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
