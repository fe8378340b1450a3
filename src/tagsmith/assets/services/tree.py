"""Finding and making places in the tree; the caller holds the tree's lock."""

import itertools
from collections.abc import Callable

from django.db.models import IntegerField, Max, Q
from django.db.models.expressions import Func, Value
from django.db.models.functions import Concat, Substr

from tagsmith.assets.models import LIVE, Asset, Folder
from tagsmith.assets.naming import check_path_length, fold, join, numbered
from tagsmith.audit.services import Actor, record


class Tree:
    """Folders by their names from the root; missing ones are made. Good for one transaction."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._known: dict[tuple[str, ...], Folder] = {}

    def folder(self, steps: tuple[str, ...]) -> Folder:
        """Return the folder of these names."""
        key = tuple(map(fold, steps))
        if key not in self._known:
            self._known[key] = self._make(self.folder(steps[:-1]), steps[-1]) if steps else root_folder()
        return self._known[key]

    def _make(self, parent: Folder, name: str) -> Folder:
        folder = Folder.objects.filter(LIVE, parent=parent, folded=fold(name)).first()
        if folder is None:
            path = join(parent.path, name)
            folder = Folder.objects.create(parent=parent, name=name, folded=fold(name), path=path)
            record(self.actor, "folder.created", "folder", folder.pk, after={"path": path})
        return folder


def root_folder() -> Folder:
    """Return the folder that everything lies in."""
    return Folder.objects.get_or_create(path="", defaults={"name": "", "folded": "", "parent": None})[0]


def free_folder_name(parent: Folder, name: str) -> str:
    """Return the name, numbered where a folder there has it."""
    return _free(name, lambda one: Folder.objects.filter(LIVE, parent=parent, folded=fold(one)).exists())


def free_asset_name(folder: Folder, name: str) -> str:
    """Return the name, numbered where an asset there has it."""
    return _free(name, lambda one: Asset.objects.filter(LIVE, folder=folder, folded=fold(one)).exists())


def change_path(folder: Folder, path: str) -> None:
    """Give a folder another path, and all below it with it, also what is in the trash."""
    old = folder.path
    subtree = Folder.objects.filter(Q(pk=folder.pk) | Q(path__startswith=f"{old}/"))
    longest = subtree.aggregate(longest=Max(Func("path", function="octet_length", output_field=IntegerField())))
    check_path_length(path, longest["longest"] - len(old.encode()) + len(path.encode()))
    subtree.update(path=Concat(Value(path), Substr("path", len(old) + 1)))
    folder.path = path


def _free(name: str, is_taken: Callable[[str], bool]) -> str:
    if not is_taken(name):
        return name
    return next(other for number in itertools.count(2) if not is_taken(other := numbered(name, number)))
