"""The trash: folders and assets go in, come back out as they went in, or are gone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from tagsmith.assets.content import discard_unneeded
from tagsmith.assets.following import FOLLOWERS
from tagsmith.assets.locks import lock_tree
from tagsmith.assets.models import LIVE, Asset, AssetVersion, Folder
from tagsmith.assets.naming import fold, join
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.assets.selectors.folders import get_folder
from tagsmith.assets.services.tree import change_path, free_asset_name, free_folder_name
from tagsmith.assets.storage import Storage
from tagsmith.audit.services import Actor, Change, record, record_all, refuse_undone, undoing_of
from tagsmith.errors import ConflictError, LibraryError, NotFoundError

CHUNK = 500


@dataclass(frozen=True)
class Emptied:
    """How much is gone for good."""

    assets: int
    folders: int


def trash_assets(scope: Scope, actor: Actor, asset_ids: Collection[int], unit: UUID | None = None) -> UUID:
    """Put assets into the trash as one unit; those that are not there (any more) do not count."""
    unit = unit or uuid4()
    with transaction.atomic():
        lock_tree()
        _trash(actor, live_assets(scope).filter(pk__in=asset_ids), unit)
    return unit


def trash_folder(scope: Scope, actor: Actor, folder_id: int) -> UUID:
    """Put a folder with all below it into the trash as one unit; its name is free at once."""
    unit = uuid4()
    with transaction.atomic():
        lock_tree()
        folder = get_folder(scope, folder_id)
        if folder.parent is None:
            raise LibraryError("the topmost folder stays as it is")
        subtree = Scope((folder.path,))
        _trash(actor, subtree.assets(Asset.objects.filter(LIVE)), unit)
        subtree.folders(Folder.objects.filter(LIVE)).update(trashed=timezone.now(), trashing=unit)
        record(actor, "folder.trashed", "folder", folder.pk, before={"path": folder.path}, unit=unit)
        change_path(folder, f"{folder.parent.path}//{folder.pk}")
    return unit


def restore_assets(scope: Scope, actor: Actor, asset_ids: Collection[int], unit: UUID | None = None) -> int:
    """Take assets out of the trash; one whose name was given away meanwhile comes back with a number. Return how many.

    Raises
    ------
    ConflictError
        The folder of one is in the trash as well.
    """
    with transaction.atomic():
        lock_tree()
        rows = list(scope.assets(Asset.objects.filter(~LIVE, pk__in=asset_ids)).select_related("folder").order_by("pk"))
        for asset in rows:
            if asset.folder.trashed:
                raise ConflictError(
                    "{asset}: restore its folder {folder!r} first", asset=asset.name, folder=asset.folder.name
                )
        _restore(actor, rows, unit)
    return len(rows)


def restore_folder(scope: Scope, actor: Actor, folder_id: int) -> Folder:
    """Take a folder out of the trash with all that went with it; what was there before it stays.

    Raises
    ------
    ConflictError
        The folder above it is in the trash as well.
    """
    with transaction.atomic():
        lock_tree()
        trashed = scope.folders(Folder.objects.filter(~LIVE, pk=folder_id))
        folder = trashed.select_related("parent").first()
        if folder is None or folder.parent is None:
            raise NotFoundError(f"no folder {folder_id} in the trash")
        if folder.parent.trashed:
            raise ConflictError(
                "{folder}: restore the folder {above!r} first", folder=folder.name, above=folder.parent.name
            )
        unit = folder.trashing
        folder.name = free_folder_name(folder.parent, folder.name)
        folder.folded = fold(folder.name)
        change_path(folder, join(folder.parent.path, folder.name))
        folder.save(update_fields=("name", "folded"))
        Folder.objects.filter(trashing=unit).update(trashed=None, trashing=None)
        undoing = undoing_of(unit) if unit else None
        _restore(actor, Asset.objects.filter(trashing=unit).select_related("folder").order_by("pk"), undoing)
        record(actor, "folder.restored", "folder", folder.pk, after={"path": folder.path}, unit=undoing)
    folder.refresh_from_db()
    return folder


def undo_trashing(scope: Scope, actor: Actor, unit: UUID) -> None:
    """Take back out what was put in as one unit: a folder with what went with it, or assets.

    Raises
    ------
    ConflictError
        A folder above it is in the trash as well; or nothing of it is there any more.
    """
    top = scope.folders(Folder.objects.filter(trashing=unit)).exclude(parent__trashing=unit).first()
    if top is not None:
        restore_folder(scope, actor, top.pk)
    elif not restore_assets(scope, actor, trashed_as(unit), undoing_of(unit)):
        refuse_undone(unit)
        raise ConflictError("there is nothing to take back")


def trashed_as(unit: UUID) -> list[int]:
    """Return the assets in the trash that were put there as one unit."""
    return list(Asset.objects.filter(trashing=unit).order_by("pk").values_list("pk", flat=True))


def empty_trash(scope: Scope, actor: Actor, storage: Storage) -> Emptied:
    """Delete what is in the trash for good, with the originals that no other asset or version needs."""
    assets = 0
    unit = uuid4()
    while contents := _delete_some(scope, actor, unit):
        assets += len(contents)
        discard_unneeded(storage, set().union(*contents))
    with transaction.atomic():
        lock_tree()
        folders = _delete_folders(scope, actor, unit)
    return Emptied(assets, folders)


def _trash(actor: Actor, assets: QuerySet[Asset], unit: UUID) -> None:
    rows = list(assets.select_related("folder").order_by("pk"))
    said = (Change(asset.pk, {"path": asset.path}, None) for asset in rows)
    record_all(actor, "asset.trashed", "asset", said, unit)
    for start in range(0, len(rows), CHUNK):
        chunk = [asset.pk for asset in rows[start : start + CHUNK]]
        Asset.objects.filter(pk__in=chunk).update(trashed=timezone.now(), trashing=unit)


def _restore(actor: Actor, assets: Iterable[Asset], unit: UUID | None) -> None:
    """Take assets out, those whose names are free at once; the others get a number, one after the other."""
    waiting, free, taken = list[Asset](), list[Asset](), _taken(assets)
    for asset in assets:
        place = asset.folder_id, asset.folded
        (waiting if place in taken else free).append(asset)
        taken.add(place)
    Asset.objects.filter(pk__in=[asset.pk for asset in free]).update(trashed=None, trashing=None)
    for asset in waiting:
        asset.name = free_asset_name(asset.folder, asset.name)
        asset.folded = fold(asset.name)
        asset.trashed = asset.trashing = None
        asset.save(update_fields=("name", "folded", "trashed", "trashing"))
    said = (Change(asset.pk, None, {"path": asset.path}) for asset in (*free, *waiting))
    record_all(actor, "asset.restored", "asset", said, unit)
    FOLLOWERS.changed([asset.pk for asset in waiting])


def _taken(assets: Iterable[Asset]) -> set[tuple[int, str]]:
    """Return where names of these assets are given away: folders and names."""
    folders, names = {asset.folder_id for asset in assets}, [asset.folded for asset in assets]
    rows = Asset.objects.filter(LIVE, folder__in=folders, folded__in=names)
    return set(rows.values_list("folder_id", "folded"))


def _delete_some(scope: Scope, actor: Actor, unit: UUID) -> list[set[str]]:
    """Delete some assets; return for each the contents that it, now or before, had."""
    with transaction.atomic(durable=True):
        lock_tree()
        rows = list(scope.assets(Asset.objects.filter(~LIVE)).select_related("folder").order_by("pk")[:CHUNK])
        contents = {asset.pk: {asset.content} for asset in rows}
        for version in AssetVersion.objects.filter(asset__in=rows):
            contents[version.asset_id].add(version.content)
        for asset in rows:
            before = {"path": asset.path, "content": asset.content}
            record(actor, "asset.deleted", "asset", asset.pk, before=before, unit=unit)
        Asset.objects.filter(pk__in=contents).delete()
    return list(contents.values())


def _delete_folders(scope: Scope, actor: Actor, unit: UUID) -> int:
    """Delete the trashed folders, the deepest first; one that still holds something stays."""
    children = Folder.objects.filter(parent=OuterRef("pk"))
    assets = Asset.objects.filter(folder=OuterRef("pk"))
    empty = scope.folders(Folder.objects.filter(~LIVE)).exclude(Exists(children)).exclude(Exists(assets))
    count = 0
    while leaves := list(empty.all()):  # anew each time
        for folder in leaves:
            record(actor, "folder.deleted", "folder", folder.pk, before={"name": folder.name}, unit=unit)
        Folder.objects.filter(pk__in=[folder.pk for folder in leaves]).delete()
        count += len(leaves)
    return count
