"""The folder tree: made, renamed, moved, granted; paths below stay right."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagsmith.accounts.models import Role
from tagsmith.assets.models import Folder, FolderGrant
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.selectors.folders import find_folder, scope_of
from tagsmith.assets.services.folders import create_folder, grant, move_folder, rename_folder, revoke
from tagsmith.assets.services.trash import empty_trash, restore_folder, trash_folder
from tagsmith.audit.models import Entry
from tagsmith.errors import ConflictError, LibraryError, NotFoundError, TagsmithError

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(actor):
    return lambda path: create_folder(EVERYTHING, actor, path)


def paths():
    return sorted(Folder.objects.values_list("path", flat=True))


@pytest.mark.req("L1a")
def test_folder_is_made_with_those_above_it_once(make):
    assert make("travel/japan/kyoto").path == "travel/japan/kyoto"
    assert make("Travel/JAPAN").path == "travel/japan"
    assert paths() == ["", "travel", "travel/japan", "travel/japan/kyoto"]
    assert list(Entry.objects.order_by("pk").values_list("actor_name", "action", "after__path")) == [
        ("Ada", "folder.created", path) for path in ("travel", "travel/japan", "travel/japan/kyoto")
    ]


@pytest.mark.req("L1a")
def test_rename_changes_the_paths_below_and_no_others(make, actor):
    for path in ("a_b/c/d", "a_b c", "axb/c"):
        make(path)
    rename_folder(EVERYTHING, actor, find_folder(EVERYTHING, "a_b").pk, "neu")
    assert paths() == ["", "a_b c", "axb", "axb/c", "neu", "neu/c", "neu/c/d"]


def test_name_may_change_in_case_alone(make, actor):
    assert rename_folder(EVERYTHING, actor, make("travel").pk, "Travel").path == "Travel"


@pytest.mark.req("L1a")
def test_move_takes_the_subtree_along(make, actor):
    moved, into = make("a/b"), make("x/y")
    make("a/b/c")
    move_folder(EVERYTHING, actor, moved.pk, into.pk)
    assert paths() == ["", "a", "x", "x/y", "x/y/b", "x/y/b/c"]
    assert Folder.objects.get(path="x/y/b/c").parent.parent == into
    entry = Entry.objects.latest("pk")
    assert (entry.action, entry.before["path"], entry.after["path"]) == ("folder.moved", "a/b", "x/y/b")


@pytest.mark.req("L1a")
@pytest.mark.parametrize("into", ["a", "a/b", "a/b/c"])
def test_folder_cannot_come_to_lie_in_itself(make, actor, into):
    make("a/b/c")
    with pytest.raises(LibraryError, match="into itself"):
        move_folder(EVERYTHING, actor, find_folder(EVERYTHING, "a").pk, find_folder(EVERYTHING, into).pk)


@pytest.mark.req("L1a")
def test_siblings_have_different_names_whatever_the_case(make, actor):
    one, _, other = make("a/same"), make("a/else"), make("b/Same")
    with pytest.raises(ConflictError, match="'a/SAME' already"):
        rename_folder(EVERYTHING, actor, find_folder(EVERYTHING, "a/else").pk, "SAME")
    with pytest.raises(ConflictError, match="already"):
        move_folder(EVERYTHING, actor, other.pk, one.parent_id)


def test_topmost_folder_stays(make, actor):
    root = make("")
    for change in (
        lambda: rename_folder(EVERYTHING, actor, root.pk, "x"),
        lambda: move_folder(EVERYTHING, actor, root.pk, make("a").pk),
        lambda: trash_folder(EVERYTHING, actor, root.pk),
    ):
        with pytest.raises(LibraryError, match="topmost"):
            change()


def test_path_that_would_become_too_long_is_refused_and_nothing_changes(make, actor):
    make("a/" + "/".join(["x" * 250] * 9))
    with pytest.raises(LibraryError, match="at most"):
        rename_folder(EVERYTHING, actor, find_folder(EVERYTHING, "a").pk, "y" * 250)
    assert find_folder(EVERYTHING, "a/" + "x" * 250)


@pytest.mark.req("A1a")
def test_changes_outside_the_scope_are_refused_as_not_found(make, actor):
    mine, theirs = make("mine"), make("theirs")
    scope = Scope(("mine",))
    for change in (
        lambda: create_folder(scope, actor, "theirs/new"),
        lambda: create_folder(scope, actor, "mine2"),
        lambda: rename_folder(scope, actor, theirs.pk, "x"),
        lambda: move_folder(scope, actor, mine.pk, theirs.pk),
        lambda: move_folder(scope, actor, theirs.pk, mine.pk),
        lambda: trash_folder(scope, actor, theirs.pk),
    ):
        with pytest.raises(NotFoundError):
            change()
    assert paths() == ["", "mine", "theirs"]


@pytest.mark.req("A1a")
def test_grants_narrow_what_a_person_sees_and_follow_the_folder(make, actor, ada):
    folder = make("a/b")
    assert scope_of(ada) == Scope(None, ada.pk)
    grant(actor, folder, ada)
    grant(actor, folder, ada)
    assert scope_of(ada) == Scope(("a/b",), ada.pk)
    rename_folder(EVERYTHING, actor, folder.parent_id, "z")
    assert scope_of(ada) == Scope(("z/b",), ada.pk)
    ada.role = Role.ADMINISTRATOR
    assert scope_of(ada) == Scope(None, ada.pk)
    ada.is_active = False
    assert scope_of(ada) == Scope(())
    folder.refresh_from_db()
    revoke(actor, folder, ada)
    assert not FolderGrant.objects.exists()
    assert [entry.action for entry in Entry.objects.order_by("pk")][-3:] == [
        "grant.added",
        "folder.renamed",
        "grant.removed",
    ]


@pytest.mark.req("A1a")
def test_person_whose_only_folder_is_deleted_sees_nothing(make, actor, ada, storage):
    folder = make("only")
    grant(actor, folder, ada)
    trash_folder(EVERYTHING, actor, folder.pk)
    make("only")
    assert not scope_of(ada).covers("only")
    empty_trash(EVERYTHING, actor, storage)
    assert scope_of(ada) == Scope((), ada.pk)


NAMES = st.sampled_from(["a", "B", "ü%_\\"])
STEPS = st.lists(st.tuples(st.sampled_from(["make", "rename", "move", "trash", "restore"]), st.integers(0, 20), NAMES))


@pytest.mark.req("L1a", "L1c")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_paths_always_follow_from_the_tree(make, actor, steps):
    Folder.objects.exclude(path="").update(parent=None)
    Folder.objects.all().delete()
    make("a/b")
    for action, number, name in steps:
        folders = list(Folder.objects.order_by("pk"))
        one, other = folders[number % len(folders)], folders[number * 7 % len(folders)]
        with suppress(TagsmithError):
            {
                "make": lambda one, _, name: make(f"{one.path}/{name}".lstrip("/")),
                "rename": lambda one, _, name: rename_folder(EVERYTHING, actor, one.pk, name),
                "move": lambda one, other, _: move_folder(EVERYTHING, actor, one.pk, other.pk),
                "trash": lambda one, *_: trash_folder(EVERYTHING, actor, one.pk),
                "restore": lambda one, *_: restore_folder(EVERYTHING, actor, one.pk),
            }[action](one, other, name)
        for folder in Folder.objects.exclude(path="").select_related("parent"):
            is_top = folder.trashed and folder.trashing != folder.parent.trashing
            step = f"/{folder.pk}" if is_top else folder.name
            assert folder.path == (f"{folder.parent.path}/{step}" if is_top or folder.parent.path else step)
            assert folder.trashed or not folder.parent.trashed
