"""What was moved or renamed goes back, unless somebody has moved or renamed it since."""

from uuid import uuid4

import pytest
from django.utils import timezone

from tagsmith.assets.models import Asset, Folder
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.services.assets import move_assets, rename_asset
from tagsmith.assets.services.folders import create_folder, move_folder, rename_folder
from tagsmith.assets.services.trash import trash_folder
from tagsmith.assets.services.undo_moves import undo_moves
from tagsmith.audit.models import Entry
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.errors import ConflictError, NotFoundError

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(db):
    return lambda path: create_folder(EVERYTHING, COMMAND_LINE, path)


@pytest.fixture
def add():
    def made(folder, name):
        row = Asset.objects.create(folder=folder, name=name, folded=name.lower(), size=1, modified=timezone.now())
        return row.pk

    return made


def paths():
    return [asset.path for asset in Asset.objects.select_related("folder").order_by("pk")]


def undone(unit, actor, scope=EVERYTHING):
    done = undo_moves(scope, actor, unit)
    return done.count, done.left


@pytest.mark.req("L1j")
def test_moved_assets_go_back_to_where_each_came_from(make, add, actor):
    one, two, into, unit = make("one"), make("two"), make("into"), uuid4()
    assets = [add(one, "a.jpg"), add(two, "b.jpg")]
    move_assets(EVERYTHING, actor, assets, into.pk, unit)
    rename_folder(EVERYTHING, actor, one.pk, "uno")
    assert undone(unit, actor) == (2, 0)
    assert paths() == ["uno/a.jpg", "two/b.jpg"]


@pytest.mark.req("L1j")
def test_asset_that_was_moved_on_stays_and_a_taken_name_gets_a_number(make, add, actor):
    one, into, other, unit = make("one"), make("into"), make("other"), uuid4()
    assets = [add(one, "a.jpg"), add(one, "b.jpg")]
    move_assets(EVERYTHING, actor, assets, into.pk, unit)
    move_assets(EVERYTHING, actor, assets[1:], other.pk)
    add(one, "A.JPG")
    add(into, "a (2).jpg")
    assert undone(unit, actor) == (1, 1)
    assert paths() == ["one/a (2).jpg", "other/b.jpg", "one/A.JPG", "into/a (2).jpg"]


@pytest.mark.req("L1j")
def test_renamed_asset_is_called_as_before_unless_it_was_renamed_since(make, add, actor):
    one, (first, second) = make("one"), (uuid4(), uuid4())
    asset = add(one, "a.jpg")
    rename_asset(EVERYTHING, actor, asset, "A.jpg", first)
    assert undone(first, actor) == (1, 0)
    assert paths() == ["one/a.jpg"]
    rename_asset(EVERYTHING, actor, asset, "b.jpg", second)
    add(one, "a.jpg")
    assert undone(second, actor) == (1, 0)
    assert paths()[0] == "one/a (2).jpg"
    with pytest.raises(ConflictError, match="undone before"):
        undone(second, actor)


@pytest.mark.req("L1j")
def test_moved_and_renamed_folders_go_back_with_all_below(make, add, actor):
    inner, into, units = make("one/inner"), make("into"), [uuid4(), uuid4()]
    add(inner, "a.jpg")
    move_folder(EVERYTHING, actor, inner.pk, into.pk, units[0])
    rename_folder(EVERYTHING, actor, inner.pk, "INNER", units[1])
    assert paths() == ["into/INNER/a.jpg"]
    assert undone(units[0], actor) == (0, 1)
    assert undone(units[1], actor) == (1, 0)
    assert undone(units[0], actor) == (1, 0)
    assert paths() == ["one/inner/a.jpg"]


@pytest.mark.req("L1j")
def test_folder_comes_back_with_a_number_where_its_name_is_taken(make, actor):
    folder, unit = make("one"), uuid4()
    rename_folder(EVERYTHING, actor, folder.pk, "two", unit)
    make("one")
    assert undone(unit, actor) == (1, 0)
    assert Folder.objects.get(pk=folder.pk).path == "one (2)"


@pytest.mark.req("L1j")
def test_what_came_from_a_folder_that_is_gone_stays(make, add, actor):
    one, into, (unit, other) = make("one/inner"), make("into"), (uuid4(), uuid4())
    move_assets(EVERYTHING, actor, [add(one, "a.jpg")], into.pk, unit)
    move_folder(EVERYTHING, actor, one.pk, into.pk, other)
    trash_folder(EVERYTHING, actor, make("one").pk)
    assert undone(other, actor) == (0, 1)
    trash_folder(EVERYTHING, actor, one.pk)
    assert undone(unit, actor) == (0, 1)
    assert paths() == ["into/a.jpg"]


@pytest.mark.req("L1j")
def test_undo_is_in_the_log_and_can_be_taken_back(make, add, actor):
    one, into, unit = make("one"), make("into"), uuid4()
    move_assets(EVERYTHING, actor, [add(one, "a.jpg")], into.pk, unit)
    undone(unit, actor)
    entry = Entry.objects.latest("pk")
    assert (entry.action, entry.before["path"], entry.after["path"]) == ("asset.moved", "into/a.jpg", "one/a.jpg")
    assert undone(entry.unit, actor) == (1, 0)
    assert paths() == ["into/a.jpg"]


@pytest.mark.req("L1j", "A1a")
def test_what_the_caller_may_not_see_stays(make, add, actor):
    mine, secret, into, unit = make("mine"), make("secret"), make("mine/into"), uuid4()
    move_assets(EVERYTHING, actor, [add(mine, "a.jpg"), add(secret, "b.jpg")], into.pk, unit)
    with pytest.raises(NotFoundError):
        undo_moves(Scope(("secret",)), actor, unit)
    assert undone(unit, actor, Scope(("mine",))) == (1, 1)
    assert paths() == ["mine/a.jpg", "mine/into/b.jpg"]
    renaming = uuid4()
    rename_folder(Scope(("mine",)), actor, mine.pk, "ours", renaming)
    assert undone(renaming, actor, Scope(("ours",))) == (1, 0)
    with pytest.raises(NotFoundError):
        undo_moves(EVERYTHING, actor, uuid4())


@pytest.mark.req("L1j")
def test_many_are_moved_and_put_back_with_as_many_statements_as_few(make, add, actor, django_assert_max_num_queries):
    one, into, unit = make("one"), make("into"), uuid4()
    assets = [add(one, f"{number}.jpg") for number in range(40)]
    with django_assert_max_num_queries(12):
        move_assets(EVERYTHING, actor, assets, into.pk, unit)
    with django_assert_max_num_queries(15):
        undo_moves(EVERYTHING, actor, unit)
    assert paths()[0] == "one/0.jpg"
