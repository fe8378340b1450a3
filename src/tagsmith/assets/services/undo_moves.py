"""Taking back that assets and folders were moved or renamed, where nobody has moved or renamed them since."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from tagsmith.assets.following import FOLLOWERS
from tagsmith.assets.locks import lock_tree
from tagsmith.assets.models import LIVE, Asset, Folder
from tagsmith.assets.naming import fold
from tagsmith.assets.scope import Scope, is_within
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.assets.selectors.folders import live_folders
from tagsmith.assets.services.assets import place_of, put_into
from tagsmith.assets.services.bulk_edit import Undone
from tagsmith.assets.services.folders import MOVED, RENAMED, place
from tagsmith.assets.services.tree import free_asset_name, free_folder_name
from tagsmith.audit.models import Entry
from tagsmith.audit.services import Actor, record, refuse_undone, undoing_of
from tagsmith.errors import NotFoundError

ACTIONS = ("asset.moved", "asset.renamed", MOVED, RENAMED)


def undo_moves(scope: Scope, actor: Actor, unit: UUID) -> Undone:
    """Put back what was moved or renamed as one unit; where its old name is taken meanwhile, it gets a number.

    What has been moved or renamed since, and what came from a folder that is gone, stays where it is. It is written to
    the log as what it is, a move, so that it can be taken back too.

    Raises
    ------
    NotFoundError
        Nothing was moved as this unit, or nothing that the caller may see.
    ConflictError
        It was taken back before.
    """
    with transaction.atomic():
        lock_tree()
        refuse_undone(unit)
        undoing = _Undoing(scope, actor, undoing_of(unit))
        found = sum(work(moves(unit)) for work in (undoing.moved, undoing.renamed, undoing.folders))
        if not found:
            raise NotFoundError(f"no move {unit}")
    return Undone(undoing.count, found - undoing.count)


def undo_some_moves(scope: Scope, actor: Actor, unit: UUID, assets: Collection[int]) -> int:
    """Put some of the assets back that were moved as one unit; return how many it could. For work part by part."""
    with transaction.atomic():
        lock_tree()
        undoing = _Undoing(scope, actor, undoing_of(unit))
        undoing.moved(moves(unit).filter(subject_id__in=assets))
    return undoing.count


def moves(unit: UUID) -> QuerySet[Entry]:
    """Return what was moved or renamed as one unit."""
    return Entry.objects.filter(unit=unit, action__in=ACTIONS)


class _Undoing:
    """One undo: its own unit, and how many it has put back so far. Each method returns of how many it found."""

    def __init__(self, scope: Scope, actor: Actor, unit: UUID) -> None:
        self.scope, self.actor, self.unit = scope, actor, unit
        self.count = 0

    def moved(self, entries: QuerySet[Entry]) -> int:
        """Put assets back into the folders that they came from."""
        said = {
            entry.subject_id: (entry.before or {}, entry.after or {}) for entry in entries.filter(action="asset.moved")
        }
        rows = live_assets(self.scope).filter(pk__in=said).select_related("folder")
        origins: defaultdict[int, list[Asset]] = defaultdict(list)
        for asset in rows.order_by("pk"):
            before, after = said[asset.pk]
            if asset.folder_id == after["folder"]:
                origins[before["folder"]].append(asset)
        for folder in live_folders(self.scope).filter(pk__in=origins):
            self._put_back(folder, origins[folder.pk])
        return len(rows)

    def renamed(self, entries: QuerySet[Entry]) -> int:
        """Give assets their old names back."""
        rows = entries.filter(action="asset.renamed")
        said = {entry.subject_id: (_name(entry.before), _name(entry.after)) for entry in rows}
        assets = list(live_assets(self.scope).filter(pk__in=said).select_related("folder").order_by("pk"))
        for asset in assets:
            before, after = said[asset.pk]
            if asset.name == after:
                is_same = fold(before) == asset.folded  # but for the case
                name = before if is_same else free_asset_name(asset.folder, before)
                self._put(asset, asset.folder, name, "asset.renamed")
                self.count += 1
        return len(assets)

    def folders(self, entries: QuerySet[Entry]) -> int:
        """Put folders back where they were, as they were called."""
        rows = entries.filter(subject="folder").order_by("-pk")
        folders = live_folders(self.scope).in_bulk([entry.subject_id for entry in rows])
        for entry in rows:
            if folder := folders.get(entry.subject_id):
                self._put_folder_back(folder, entry)
        return len(folders)

    def _put_back(self, folder: Folder, assets: list[Asset]) -> None:
        taken = _taken(folder, assets)
        free = [asset for asset in assets if asset.folded not in taken]
        put_into(self.actor, free, folder, self.unit)
        for asset in assets:
            if asset.folded in taken:
                self._put(asset, folder, free_asset_name(folder, asset.name), "asset.moved")
        self.count += len(assets)

    def _put(self, asset: Asset, folder: Folder, name: str, action: str) -> None:
        said = place_of(asset.folder, asset.name), place_of(folder, name)
        row = Asset.objects.filter(pk=asset.pk)
        row.update(folder=folder, name=name, folded=fold(name), revision=F("revision") + 1)
        record(self.actor, action, "asset", asset.pk, before=said[0], after=said[1], unit=self.unit)
        FOLLOWERS.changed([asset.pk])

    def _put_folder_back(self, folder: Folder, entry: Entry) -> None:
        before, after = entry.before or {}, entry.after or {}
        parent = folder.parent
        if before["parent"] != folder.parent_id:
            parent = live_folders(self.scope).filter(pk=before["parent"]).first()
        if parent is None or is_within(parent.path, folder.path):
            return
        if (folder.parent_id, folder.name) == (after["parent"], _name(after)):
            others = Folder.objects.filter(LIVE, parent=parent, folded=fold(_name(before))).exclude(pk=folder.pk)
            name = free_folder_name(parent, _name(before)) if others.exists() else _name(before)
            place(self.actor, entry.action, folder, parent, name, unit=self.unit)
            self.count += 1


def _name(state: dict[str, str] | None) -> str:
    return (state or {})["path"].rpartition("/")[2]


def _taken(folder: Folder, assets: Iterable[Asset]) -> set[str]:
    names = {asset.folded for asset in assets}
    return set(Asset.objects.filter(LIVE, folder=folder, folded__in=names).values_list("folded", flat=True))
