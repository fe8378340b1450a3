"""Giving rows to contents that have arrived: what is the same, what replaces something, what is new."""

import enum
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from tagsmith.assets.arrivals import Arrival
from tagsmith.assets.models import LIVE, Asset, AssetVersion, Folder, State
from tagsmith.assets.naming import fold, numbered
from tagsmith.assets.origins import is_below
from tagsmith.assets.scope import Scope
from tagsmith.assets.services.tree import Tree
from tagsmith.audit.services import Actor, record


class Policy(enum.Enum):
    """What happens where another content arrives at the path of an asset."""

    REPLACE = "replace"  # the asset keeps its id, metadata and tags
    NEW_VERSION = "version"  # the same, and the old content stays retrievable
    KEEP_BOTH = "both"  # the new one comes in under a number


@dataclass
class Adopted:
    """The assets that a batch added, changed, and found as they were, and the contents that were replaced."""

    added: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Batch:
    """What the arrivals of one transaction have in common.

    `root` is the origin of the tree that is being imported, `into` the path of the folder that it goes to;
    `claimed` grows over the batches of one import.
    """

    actor: Actor
    on_same: Policy
    unit: UUID
    into: str = ""
    root: str = ""
    claimed: set[int] = field(default_factory=set)


class Adopter:
    """Rows for one batch, in the caller's transaction, which holds the tree's lock.

    An asset is known by its origin. Else it is known by its path, unless it came from another file of the same tree,
    or was met before in the same import: two files never become one asset because their names differ only in case,
    in Unicode form or in bytes that are not UTF-8.
    """

    def __init__(self, batch: Batch, arrivals: Iterable[Arrival]) -> None:
        self._batch = batch
        tree = Tree(batch.actor)
        self._places = [(arrival, tree.folder(arrival.folder)) for arrival in arrivals]
        self._by_origin, self._by_name = _known(self._places, batch.into)

    def adopt(self) -> Adopted:
        """Write the rows."""
        adopted = Adopted()
        for arrival, folder in self._places:
            asset = self._match(arrival, folder)
            if asset is None or (asset.content != arrival.content and self._keeps(asset)):
                asset = self._add(arrival, folder)
                adopted.added.append(asset.pk)
            elif asset.content == arrival.content:
                _note_origin(asset, arrival)
                adopted.unchanged.append(asset.pk)
            else:
                if self._replace(asset, arrival):
                    adopted.replaced.append(asset.content)
                adopted.changed.append(asset.pk)
            self._batch.claimed.add(asset.pk)
        return adopted

    def _match(self, arrival: Arrival, folder: Folder) -> Asset | None:
        known = self._by_origin.get(arrival.origin)
        if known is not None:
            return known
        namesake = self._by_name.get((folder.pk, fold(arrival.name)))
        if namesake is None or namesake.name != arrival.name or namesake.pk in self._batch.claimed:
            return None
        return None if self._batch.root and is_below(namesake.origin, self._batch.root) else namesake

    def _keeps(self, asset: Asset) -> bool:
        """Whether the asset stays as it is; of an original that lies elsewhere there is no content to keep."""
        on_same = self._batch.on_same
        return on_same is Policy.KEEP_BOTH or (on_same is Policy.NEW_VERSION and asset.in_place)

    def _add(self, arrival: Arrival, folder: Folder) -> Asset:
        name = self._free_name(arrival.name, folder)
        asset = Asset(folder=folder, name=name, folded=fold(name), modified=timezone.now(), **_file_fields(arrival))
        asset.save()
        self._by_name[folder.pk, asset.folded] = asset
        after = {"path": asset.path, "content": asset.content}
        record(self._batch.actor, "asset.imported", "asset", asset.pk, after=after, unit=self._batch.unit)
        return asset

    def _free_name(self, name: str, folder: Folder) -> str:
        """Return the name, numbered where it is taken; `_by_name` knows about the unnumbered one without asking."""
        if (folder.pk, fold(name)) not in self._by_name:
            return name
        others = (numbered(name, number) for number in itertools.count(2))
        return next(
            other for other in others if not Asset.objects.filter(LIVE, folder=folder, folded=fold(other)).exists()
        )

    def _replace(self, asset: Asset, arrival: Arrival) -> bool:
        """Give the asset its new content; return whether the old one is to go."""
        keeps = self._batch.on_same is Policy.NEW_VERSION
        if keeps:
            AssetVersion.objects.create(asset=asset, content=asset.content, size=asset.size)
        before = {"content": asset.content, "size": asset.size}
        unprepared = {"state": State.NEW, "failure": "", "format": "", "width": None, "height": None, "likeness": None}
        fields = {**_file_fields(arrival), **unprepared, "modified": timezone.now()}
        Asset.objects.filter(pk=asset.pk).update(**fields, revision=F("revision") + 1)
        after = {"content": arrival.content, "size": arrival.size}
        record(
            self._batch.actor, "asset.replaced", "asset", asset.pk, before=before, after=after, unit=self._batch.unit
        )
        return not keeps


def _known(
    places: Sequence[tuple[Arrival, Folder]], into: str
) -> tuple[dict[str, Asset], dict[tuple[int, str], Asset]]:
    """Return the assets that the arrivals may be, by origin (below `into`) and by folder and name."""
    origins = [arrival.origin for arrival, _ in places if arrival.origin]
    by_origin = Asset.objects.filter(LIVE, origin__in=origins).exclude(origin="").select_related("folder")
    by_origin = Scope((into,)).assets(by_origin)
    folders = {folder.pk for _, folder in places}
    names = {fold(arrival.name) for arrival, _ in places}
    by_name = Asset.objects.filter(LIVE, folder__in=folders, folded__in=names).select_related("folder")
    return (
        {asset.origin: asset for asset in by_origin.order_by("pk")},
        {(asset.folder_id, asset.folded): asset for asset in by_name},
    )


def _file_fields(arrival: Arrival) -> dict[str, object]:
    return {
        "content": arrival.content,
        "size": arrival.size,
        "origin": arrival.origin,
        "origin_changed": arrival.changed,
        "in_place": arrival.in_place,
    }


def _note_origin(asset: Asset, arrival: Arrival) -> None:
    """Remember where the same content was seen now, so that the next import need not read it."""
    if asset.in_place and not arrival.in_place:
        return  # its original lies where it was referenced; another copy is no reason to forget that
    seen = arrival.origin, arrival.changed
    if arrival.origin and seen != (asset.origin, asset.origin_changed):
        Asset.objects.filter(pk=asset.pk).update(origin=arrival.origin, origin_changed=arrival.changed)
