"""Editing, renaming and moving assets; who changed what is told."""

import re
from datetime import UTC, datetime

import pytest

from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.selectors.assets import find_asset
from tagsmith.assets.selectors.folders import find_folder
from tagsmith.assets.services.assets import edit_asset, move_assets, rename_asset
from tagsmith.audit.models import Entry
from tagsmith.audit.services import Actor
from tagsmith.errors import ConflictError, LibraryError, NotFoundError

pytestmark = pytest.mark.django_db


@pytest.fixture
def asset(put, bring):
    put("a.png", 1)
    put("b.png", 2)
    put("f/a.png", 3)
    bring()
    return find_asset(EVERYTHING, "in/a.png")


@pytest.mark.req("L1d")
def test_metadata_is_edited_and_the_log_has_before_and_after(asset, actor):
    taken = datetime(2024, 5, 1, 12, tzinfo=UTC)
    changes = {"title": "Disc", "captured": taken, "keywords": ["round ", "round", ""], "custom": {"shelf": 3}}
    edited = edit_asset(EVERYTHING, actor, asset.pk, changes, revision=1)
    assert (edited.title, edited.captured, edited.keywords, edited.custom) == ("Disc", taken, ["round"], {"shelf": 3})
    assert edited.revision == 2
    assert edited.modified > asset.modified
    entry = Entry.objects.latest("pk")
    assert (entry.action, entry.before["title"], entry.after["title"]) == ("asset.edited", "", "Disc")
    assert entry.after["captured"] == "2024-05-01T12:00:00+00:00"


@pytest.mark.req("L1d")
def test_second_of_two_editors_is_told_who_was_first(asset, actor):
    edit_asset(EVERYTHING, Actor(name="Grace"), asset.pk, {"title": "One"}, revision=1)
    message = r"a\.png was changed by Grace at \d{4}-\d\d-\d\d \d\d:\d\d UTC"
    with pytest.raises(ConflictError, match=message):
        edit_asset(EVERYTHING, actor, asset.pk, {"title": "Two"}, revision=1)
    assert Asset.objects.get(pk=asset.pk).title == "One"


def test_edit_that_changes_nothing_is_none(asset, actor):
    count = Entry.objects.count()
    assert edit_asset(EVERYTHING, actor, asset.pk, {"title": ""}, revision=1).revision == 1
    assert Entry.objects.count() == count


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "a\0"},
        {"title": "\ud800"},
        {"title": None},
        {"keywords": "word"},
        {"keywords": [1]},
        {"captured": datetime(2024, 1, 1)},  # noqa: DTZ001 - without a zone
        {"custom": {"a": "\0"}},
        {"revision": 7},
        {"content": "x"},
    ],
)
def test_what_a_field_cannot_hold_is_refused_by_name(asset, actor, changes):
    with pytest.raises(LibraryError, match=re.escape(next(iter(changes)))):
        edit_asset(EVERYTHING, actor, asset.pk, changes, revision=1)


@pytest.mark.req("L1a")
def test_rename_and_move(asset, actor):
    assert rename_asset(EVERYTHING, actor, asset.pk, "A.png").path == "in/A.png"
    folder = find_folder(EVERYTHING, "in/f")
    assert move_assets(EVERYTHING, actor, [find_asset(EVERYTHING, "in/b.png").pk], folder.pk) == 1
    assert find_asset(EVERYTHING, "in/F/B.PNG").revision == 2
    assert [entry.after["path"] for entry in Entry.objects.order_by("-pk")[:2]] == ["in/f/b.png", "in/A.png"]


@pytest.mark.req("L1a")
def test_taken_names_are_refused_and_nothing_moves(asset, actor):
    folder = find_folder(EVERYTHING, "in/f")
    other = find_asset(EVERYTHING, "in/b.png")
    with pytest.raises(ConflictError, match=r"'in/b\.png' already"):
        rename_asset(EVERYTHING, actor, asset.pk, "B.png")
    with pytest.raises(ConflictError, match=r"'in/f/a\.png' already"):
        move_assets(EVERYTHING, actor, [asset.pk, other.pk], folder.pk)
    both = [asset.pk, find_asset(EVERYTHING, "in/f/a.png").pk]
    with pytest.raises(ConflictError, match="two of the assets"):
        move_assets(EVERYTHING, actor, both, find_folder(EVERYTHING, "").pk)
    assert find_asset(EVERYTHING, "in/b.png") == other


@pytest.mark.req("A1a")
def test_assets_outside_the_scope_are_not_found(asset, actor):
    scope = Scope(("in/f",))
    with pytest.raises(NotFoundError):
        edit_asset(scope, actor, asset.pk, {"title": "x"}, revision=1)
    with pytest.raises(NotFoundError):
        rename_asset(scope, actor, asset.pk, "x.png")
    with pytest.raises(NotFoundError):
        move_assets(scope, actor, [asset.pk], find_folder(EVERYTHING, "in").pk)
    assert move_assets(scope, actor, [asset.pk], find_folder(EVERYTHING, "in/f").pk) == 0
