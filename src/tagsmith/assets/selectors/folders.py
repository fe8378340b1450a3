"""Reading the folder tree."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tagsmith.accounts.models import Person, Role
from tagsmith.assets.models import LIVE, Asset, Folder, FolderGrant
from tagsmith.assets.naming import fold, steps_of
from tagsmith.assets.scope import Scope
from tagsmith.errors import LibraryError, NotFoundError


@dataclass(frozen=True)
class Child:
    """A folder as its parent's page lists it: how many assets lie directly in it, whether folders do."""

    folder: Folder
    assets: int
    has_children: bool


@dataclass(frozen=True)
class FolderCounts:
    """What a folder holds: folders directly in it, assets directly in it, and assets in its whole subtree."""

    folders: int
    assets: int
    assets_below: int


def scope_of(person: Person) -> Scope:
    """Return what a person may see: administrators and people without any grant see everything."""
    if not person.is_active:
        return Scope(())
    paths: list[str | None] = []
    if not person.may(Role.ADMINISTRATOR):
        paths.extend(FolderGrant.objects.filter(person=person).values_list("folder__path", flat=True))
    return Scope(tuple(path for path in paths if path is not None) if paths else None, person.pk)


def live_folders(scope: Scope) -> QuerySet[Folder]:
    """Return the folders that are not in the trash."""
    return scope.folders(Folder.objects.filter(LIVE))


def get_folder(scope: Scope, folder_id: int) -> Folder:
    """Return a folder that is not in the trash; raises NotFoundError."""
    folder = live_folders(scope).filter(pk=folder_id).first()
    if folder is None:
        raise NotFoundError(f"no folder {folder_id}")
    return folder


def find_folder(scope: Scope, path: str) -> Folder:
    """Return the folder of a path, in whatever case it is written; raises NotFoundError."""
    try:
        steps = steps_of(path)
    except LibraryError:
        raise NotFoundError(f"no folder {path!r}") from None
    folder = live_folders(scope).filter(path="/".join(steps)).first() or _walk_to(steps)
    if folder is None or not scope.covers(folder.path):
        raise NotFoundError(f"no folder {path!r}")
    return folder


def _walk_to(steps: tuple[str, ...]) -> Folder | None:
    folder = Folder.objects.filter(path="").first()
    for name in steps:
        folder = Folder.objects.filter(LIVE, parent=folder, folded=fold(name)).first() if folder else None
    return folder


def children(scope: Scope, folder_id: int | None = None) -> list[Child]:
    """Return the folders directly in a folder, by name; without one, the topmost that the caller may see."""
    if folder_id is not None:
        folders = live_folders(scope).filter(parent=get_folder(scope, folder_id))
    elif scope.paths is None:
        folders = live_folders(scope).filter(parent__path="")
    else:
        folders = live_folders(scope).filter(path__in=scope.tops())
    below = Folder.objects.filter(LIVE, parent=OuterRef("pk"))
    counted = folders.annotate(
        asset_count=Count("assets", filter=Q(assets__trashed__isnull=True)), has_children=Exists(below)
    )
    return [Child(folder, folder.asset_count, folder.has_children) for folder in counted.order_by("folded", "pk")]


def folder_counts(scope: Scope, folder_id: int) -> FolderCounts:
    """Return how much a folder holds."""
    folder = get_folder(scope, folder_id)
    assets = scope.assets(Asset.objects.filter(LIVE))
    below = Scope((folder.path,)).assets(assets)
    direct = Count("pk", filter=Q(folder=folder))
    counts = below.aggregate(direct=direct, below=Count("pk"))
    return FolderCounts(live_folders(scope).filter(parent=folder).count(), counts["direct"], counts["below"])


def trashed_folders(scope: Scope) -> list[Folder]:
    """Return the folders that were put in the trash themselves, latest first, without those that went with them."""
    with_parent = Folder.objects.filter(pk=OuterRef("parent"), trashing=OuterRef("trashing"))
    trashed = scope.folders(Folder.objects.filter(~LIVE)).exclude(Exists(with_parent))
    return list(trashed.select_related("parent").order_by("-trashed", "-pk"))
