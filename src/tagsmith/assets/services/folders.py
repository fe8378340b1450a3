"""Making, renaming and moving folders, and granting them to people. The trash is in `trash`."""

from uuid import UUID, uuid4

from django.db import transaction

from tagsmith.accounts.models import Person
from tagsmith.assets.locks import lock_tree
from tagsmith.assets.models import LIVE, Folder, FolderGrant
from tagsmith.assets.naming import checked_name, fold, join, steps_of
from tagsmith.assets.scope import Scope, is_within
from tagsmith.assets.selectors.folders import get_folder
from tagsmith.assets.services.tree import Tree, change_path, root_folder
from tagsmith.audit.services import Actor, record
from tagsmith.errors import ConflictError, LibraryError, NotFoundError

MOVED, RENAMED = "folder.moved", "folder.renamed"


def create_folder(scope: Scope, actor: Actor, path: str) -> Folder:
    """Return the folder of a path, made with those above it where they are missing.

    Raises
    ------
    LibraryError
        A name in the path cannot be one.
    NotFoundError
        The caller may not see that place.
    """
    steps = steps_of(path)
    with transaction.atomic():
        lock_tree()
        folder = Tree(actor).folder(steps)
        if not scope.covers(folder.path):
            raise NotFoundError(f"no folder {path!r}")
    return folder


def rename_folder(scope: Scope, actor: Actor, folder_id: int, name: str, unit: UUID | None = None) -> Folder:
    """Give a folder another name, which `undo_moves` takes back; the paths below change with it.

    Raises
    ------
    LibraryError
        The name cannot be one, or this is the root.
    ConflictError
        A folder beside it has the name.
    """
    clean = checked_name(name)
    with transaction.atomic():
        lock_tree()
        folder = _changeable(scope, folder_id)
        return place(actor, RENAMED, folder, folder.parent or root_folder(), clean, unit=unit)


def move_folder(scope: Scope, actor: Actor, folder_id: int, into_id: int, unit: UUID | None = None) -> Folder:
    """Put a folder, with all below it, into another; `undo_moves` takes it back.

    Raises
    ------
    LibraryError
        It would come to lie in itself, or this is the root.
    ConflictError
        A folder there has its name.
    """
    with transaction.atomic():
        lock_tree()
        folder, into = _changeable(scope, folder_id), get_folder(scope, into_id)
        if is_within(into.path, folder.path):
            raise LibraryError("{path!r} cannot be moved into itself", path=folder.path)
        return place(actor, MOVED, folder, into, folder.name, unit=unit)


def grant(actor: Actor, folder: Folder, person: Person) -> None:
    """Let a person see a folder and all below it, and no longer everything."""
    with transaction.atomic():
        if FolderGrant.objects.get_or_create(folder=folder, person=person)[1]:
            record(actor, "grant.added", "folder", folder.pk, after={"path": folder.path, "person": person.username})


def show_nothing(person: Person) -> None:
    """Let somebody who is new see nothing: without any grant they would see everything."""
    FolderGrant.objects.get_or_create(folder=None, person=person)


def revoke(actor: Actor, folder: Folder, person: Person) -> None:
    """Take a grant back; somebody left without any sees everything again."""
    with transaction.atomic():
        if FolderGrant.objects.filter(folder=folder, person=person).delete()[0]:
            before = {"path": folder.path, "person": person.username}
            record(actor, "grant.removed", "folder", folder.pk, before=before)


def revoke_lost(actor: Actor, person: Person, grant_id: int) -> None:
    """Take back a grant on a folder that is gone for good."""
    with transaction.atomic():
        if FolderGrant.objects.filter(pk=grant_id, folder=None, person=person).delete()[0]:
            record(actor, "grant.removed", "person", person.pk, before={"username": person.username})


def _changeable(scope: Scope, folder_id: int) -> Folder:
    folder = get_folder(scope, folder_id)
    if folder.parent_id is None:
        raise LibraryError("the topmost folder stays as it is")
    return folder


def place(actor: Actor, action: str, folder: Folder, parent: Folder, name: str, *, unit: UUID | None = None) -> Folder:
    """Write where a folder lies now and what it is called; the caller holds the tree's lock."""
    if Folder.objects.filter(LIVE, parent=parent, folded=fold(name)).exclude(pk=folder.pk).exists():
        raise ConflictError("there is a folder {path!r} already", path=join(parent.path, name))
    before = {"path": folder.path, "parent": folder.parent_id}
    change_path(folder, join(parent.path, name))
    folder.parent, folder.name, folder.folded = parent, name, fold(name)
    folder.save(update_fields=("parent", "name", "folded"))
    after = {"path": folder.path, "parent": parent.pk}
    if after != before:
        record(actor, action, "folder", folder.pk, before=before, after=after, unit=unit or uuid4())
    return folder
