"""Reading assets: one, a page of a folder, versions, the trash, and files of the same content."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from tagsmith.assets.cursor import Cursor
from tagsmith.assets.models import LIVE, Asset, AssetVersion, Folder
from tagsmith.assets.naming import checked_name, fold
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.folders import find_folder
from tagsmith.errors import LibraryError, NotFoundError

PAGE = 100


@dataclass(frozen=True)
class Page:
    """Some assets, and the word that asks for the next ones; empty at the end."""

    assets: list[Asset]
    after: str


def live_assets(scope: Scope) -> QuerySet[Asset]:
    """Return the assets that are not in the trash."""
    return scope.assets(Asset.objects.filter(LIVE))


def get_asset(scope: Scope, asset_id: int) -> Asset:
    """Return an asset that is not in the trash, with its folder; raises NotFoundError."""
    asset = live_assets(scope).select_related("folder").filter(pk=asset_id).first()
    if asset is None:
        raise NotFoundError(f"no asset {asset_id}")
    return asset


def find_asset(scope: Scope, path: str) -> Asset:
    """Return the asset of a path, in whatever case it is written; raises NotFoundError."""
    above, _, name = path.rpartition("/")
    try:
        name = checked_name(name)
    except LibraryError:
        raise NotFoundError(f"no asset {path!r}") from None
    folder = find_folder(scope, above)
    asset = live_assets(scope).select_related("folder").filter(folder=folder, folded=fold(name)).first()
    if asset is None:
        raise NotFoundError(f"no asset {path!r}")
    return asset


def newest(scope: Scope, *, after: str = "", size: int = PAGE) -> Page:
    """Return a page of all assets, those imported last first."""
    rows = live_assets(scope).order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=Cursor.read(after).pk)
    return _page(rows, size)


def newest_in(scope: Scope, folder: Folder, *, after: str = "", size: int = PAGE) -> Page:
    """Return a page of the assets directly in a folder, those imported last first."""
    rows = live_assets(scope).filter(folder=folder).order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=Cursor.read(after).pk)
    return _page(rows, size)


def by_name_in(scope: Scope, folder: Folder, *, after: str = "", size: int = PAGE) -> Page:
    """Return a page of the assets directly in a folder, in the order of their names."""
    rows = live_assets(scope).filter(folder=folder).order_by("folded")
    if after:
        rows = rows.filter(folded__gt=Cursor.read(after).name)
    return _page(rows, size)


def beside(scope: Scope, asset_id: int) -> tuple[Asset | None, Asset | None]:
    """Return the assets before and after one in its folder, those imported last first; raises NotFoundError."""
    rows = live_assets(scope).filter(folder=get_asset(scope, asset_id).folder_id)
    return rows.filter(pk__gt=asset_id).order_by("pk").first(), rows.filter(pk__lt=asset_id).order_by("-pk").first()


def trashed_assets(scope: Scope, *, after: str = "", size: int = PAGE) -> Page:
    """Return a page of the assets in the trash, those imported last first."""
    rows = scope.assets(Asset.objects.filter(~LIVE)).order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=Cursor.read(after).pk)
    return _page(rows, size)


def versions_of(scope: Scope, asset_id: int) -> list[AssetVersion]:
    """Return the contents that an asset had before, the latest first."""
    asset = get_asset(scope, asset_id)
    return list(asset.versions.order_by("-pk"))


def duplicates_of(scope: Scope, asset_id: int) -> list[Asset]:
    """Return the other assets of the same content, oldest first."""
    asset = get_asset(scope, asset_id)
    same = live_assets(scope).filter(content=asset.content).exclude(pk=asset.pk)
    return list(same.select_related("folder").order_by("pk"))


def duplicate_groups(scope: Scope, *, after: str = "", size: int = PAGE) -> tuple[list[list[Asset]], str]:
    """Return groups of assets of the same content, the oldest of each first, and the word for the next groups.

    The groups are in the order of their content's digest, which says nothing and stays.
    """
    same = Asset.objects.order_by().values("content").annotate(count=Count("pk")).filter(count__gt=1)
    rows = live_assets(scope).filter(content__in=same.values("content"))  # few: the index alone says which
    contents = rows.order_by("content").values("content").annotate(count=Count("pk")).filter(count__gt=1)
    if after:
        contents = contents.filter(content__gt=Cursor.read(after).name)
    found = [row["content"] for row in contents[: size + 1]]
    groups: dict[str, list[Asset]] = {content: [] for content in found[:size]}
    for asset in live_assets(scope).filter(content__in=groups).select_related("folder").order_by("pk"):
        groups[asset.content].append(asset)
    return list(groups.values()), Cursor(0, found[size - 1]).written() if len(found) > size else ""


def _page(rows: QuerySet[Asset], size: int) -> Page:
    found = list(rows.select_related("folder")[: size + 1])
    if len(found) <= size:
        return Page(found, "")
    last = found[size - 1]
    return Page(found[:size], Cursor(last.pk, last.folded).written())
