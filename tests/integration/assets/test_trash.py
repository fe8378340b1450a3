"""The trash: in, out as it was, or gone for good with what nothing else needs."""

import pytest

from tagsmith.assets.models import LIVE, Asset, Folder
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.selectors.assets import find_asset, trashed_assets
from tagsmith.assets.selectors.folders import find_folder, trashed_folders
from tagsmith.assets.services.trash import (
    Emptied,
    empty_trash,
    restore_assets,
    restore_folder,
    trash_assets,
    trash_folder,
    undo_trashing,
)
from tagsmith.audit.models import Entry
from tagsmith.errors import ConflictError, NotFoundError

pytestmark = pytest.mark.django_db


def live_paths():
    return sorted(asset.path for asset in Asset.objects.filter(LIVE).select_related("folder"))


def asset(path):
    return find_asset(EVERYTHING, path)


@pytest.mark.req("L1c")
def test_asset_goes_into_the_trash_and_comes_back(put, bring, actor):
    put("a.png", 1)
    put("b.png", 2)
    bring()
    gone = asset("in/a.png")
    trash_assets(EVERYTHING, actor, [gone.pk])
    assert live_paths() == ["in/b.png"]
    assert [one.pk for one in trashed_assets(EVERYTHING).assets] == [gone.pk]
    restore_assets(EVERYTHING, actor, [gone.pk])
    assert live_paths() == ["in/a.png", "in/b.png"]
    entries = Entry.objects.filter(subject="asset", subject_id=gone.pk).order_by("pk")
    assert [entry.action for entry in entries] == ["asset.imported", "asset.trashed", "asset.restored"]


@pytest.mark.req("L1c")
def test_asset_whose_name_was_given_away_comes_back_with_a_number(put, bring, actor):
    path = put("a.png", 1)
    bring()
    old = asset("in/a.png")
    trash_assets(EVERYTHING, actor, [old.pk])
    path.unlink()
    put("A.png", 2)
    bring()
    restore_assets(EVERYTHING, actor, [old.pk])
    assert live_paths() == ["in/A.png", "in/a (2).png"]


@pytest.mark.req("L1c")
def test_two_of_one_name_come_back_together_the_second_with_a_number(put, bring, actor):
    path = put("a.png", 1)
    bring()
    first = asset("in/a.png")
    trash_assets(EVERYTHING, actor, [first.pk])
    path.unlink()
    put("A.png", 2)
    bring()
    second = asset("in/A.png")
    trash_assets(EVERYTHING, actor, [second.pk])
    assert restore_assets(EVERYTHING, actor, [first.pk, second.pk]) == 2
    assert live_paths() == ["in/A (2).png", "in/a.png"]


@pytest.mark.req("L1c")
def test_unit_is_taken_back_out_once(put, bring, actor):
    for number in range(2):
        put(f"{number}.png", number)
    bring()
    unit = trash_assets(EVERYTHING, actor, [asset(f"in/{number}.png").pk for number in range(2)])
    undo_trashing(EVERYTHING, actor, unit)
    assert live_paths() == ["in/0.png", "in/1.png"]
    with pytest.raises(ConflictError, match="undone before"):
        undo_trashing(EVERYTHING, actor, unit)
    other = trash_assets(EVERYTHING, actor, [asset("in/0.png").pk])
    restore_assets(EVERYTHING, actor, [asset.pk for asset in trashed_assets(EVERYTHING).assets])
    with pytest.raises(ConflictError, match="nothing to take back"):
        undo_trashing(EVERYTHING, actor, other)


@pytest.mark.req("L1c")
def test_folder_is_taken_back_out_once(put, bring, actor):
    put("f/a.png", 1)
    bring()
    unit = trash_folder(EVERYTHING, actor, find_folder(EVERYTHING, "in/f").pk)
    undo_trashing(EVERYTHING, actor, unit)
    assert live_paths() == ["in/f/a.png"]
    with pytest.raises(ConflictError, match="undone before"):
        undo_trashing(EVERYTHING, actor, unit)


@pytest.mark.req("L1c")
def test_folder_comes_back_with_what_went_with_it_and_only_that(put, bring, actor):
    put("f/a.png", 1)
    put("f/g/b.png", 2)
    put("f/before.png", 3)
    bring()
    trash_assets(EVERYTHING, actor, [asset("in/f/before.png").pk])
    folder = find_folder(EVERYTHING, "in/f")
    trash_folder(EVERYTHING, actor, folder.pk)
    assert live_paths() == []
    assert [one.name for one in trashed_folders(EVERYTHING)] == ["f"]
    restore_folder(EVERYTHING, actor, folder.pk)
    assert live_paths() == ["in/f/a.png", "in/f/g/b.png"]
    assert [one.name for one in trashed_assets(EVERYTHING).assets] == ["before.png"]


@pytest.mark.req("L1c")
def test_name_of_a_trashed_folder_is_free_and_it_comes_back_beside_the_new_one(put, bring, actor):
    put("f/a.png", 1)
    bring()
    old = find_folder(EVERYTHING, "in/f")
    trash_folder(EVERYTHING, actor, old.pk)
    bring()
    restore_folder(EVERYTHING, actor, old.pk)
    assert live_paths() == ["in/f (2)/a.png", "in/f/a.png"]


@pytest.mark.req("L1c")
def test_what_lay_in_a_trashed_folder_waits_for_it(put, bring, actor):
    put("f/g/a.png", 1)
    bring()
    one = asset("in/f/g/a.png")
    inner, outer = find_folder(EVERYTHING, "in/f/g"), find_folder(EVERYTHING, "in/f")
    trash_assets(EVERYTHING, actor, [one.pk])
    trash_folder(EVERYTHING, actor, inner.pk)
    trash_folder(EVERYTHING, actor, outer.pk)
    with pytest.raises(ConflictError, match="restore its folder 'g' first"):
        restore_assets(EVERYTHING, actor, [one.pk])
    with pytest.raises(ConflictError, match="restore the folder 'f' first"):
        restore_folder(EVERYTHING, actor, inner.pk)
    restore_folder(EVERYTHING, actor, outer.pk)
    restore_folder(EVERYTHING, actor, inner.pk)
    restore_assets(EVERYTHING, actor, [one.pk])
    assert live_paths() == ["in/f/g/a.png"]


@pytest.mark.req("L1c")
def test_emptying_deletes_what_nothing_else_needs(put, bring, actor, storage):
    put("f/g/only.png", 1)
    put("f/shared.png", 2)
    put("shared.png", 2)
    bring()
    only, shared = asset("in/f/g/only.png").content, asset("in/shared.png").content
    storage.put_rendition(only, 512, b"webp")
    trash_folder(EVERYTHING, actor, find_folder(EVERYTHING, "in/f").pk)
    assert empty_trash(EVERYTHING, actor, storage) == Emptied(assets=2, folders=2)
    assert set(storage.contents()) == {shared}
    assert live_paths() == ["in/shared.png"]
    assert sorted(Folder.objects.values_list("path", flat=True)) == ["", "in"]
    assert Entry.objects.filter(action="asset.deleted").count() == 2
    assert empty_trash(EVERYTHING, actor, storage) == Emptied(assets=0, folders=0)


@pytest.mark.req("L1c", "A1a")
def test_trash_of_others_is_out_of_reach(put, bring, actor, storage):
    put("mine/a.png", 1)
    put("theirs/b.png", 2)
    bring()
    theirs = asset("in/theirs/b.png")
    folder = find_folder(EVERYTHING, "in/theirs")
    scope = Scope(("in/mine",))
    trash_assets(scope, actor, [theirs.pk])
    assert live_paths() == ["in/mine/a.png", "in/theirs/b.png"]
    trash_folder(EVERYTHING, actor, folder.pk)
    restore_assets(scope, actor, [theirs.pk])
    with pytest.raises(NotFoundError):
        restore_folder(scope, actor, folder.pk)
    assert empty_trash(scope, actor, storage) == Emptied(assets=0, folders=0)
    assert trashed_assets(scope).assets == []
    assert trashed_folders(scope) == []


@pytest.mark.req("A1a")
def test_trash_of_a_folder_is_not_seen_by_those_who_may_see_its_successor(put, bring, actor):
    put("f/secret.png", 1)
    bring()
    trash_folder(EVERYTHING, actor, find_folder(EVERYTHING, "in/f").pk)
    bring()
    assert trashed_assets(Scope(("in/f",))).assets == []
    assert [one.name for one in trashed_assets(Scope(("in",))).assets] == ["secret.png"]
