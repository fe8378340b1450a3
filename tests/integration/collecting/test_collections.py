"""Collections: what is put into them, who sees what of it, and taking back what was done."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.services.trash import empty_trash, restore_assets, trash_assets
from tagsmith.audit.models import Entry
from tagsmith.audit.services import COMMAND_LINE, Actor
from tagsmith.collecting import picking, selectors
from tagsmith.collecting.models import Collection, Picked
from tagsmith.collecting.picking import add_assets, remove_assets
from tagsmith.collecting.services import change, create_collection, delete
from tagsmith.collecting.undoing import undo
from tagsmith.errors import BadInputError, ConflictError, NotFoundError

pytestmark = pytest.mark.django_db
MINE = Scope(("mine",))


@pytest.fixture
def shoot(eve):
    return create_collection(eve, "Spring shoot", "For the catalogue", shared=True)


@pytest.fixture
def filled(shoot, eve, assets):
    add_assets(EVERYTHING, Actor(eve), shoot, keys(assets[3], assets[0], assets[1]))
    return shoot


def keys(*assets):
    return [asset.pk for asset in assets]


def inside(collection, scope=EVERYTHING):
    return list(selectors.assets_of(scope, collection))


def unit_of(action):
    return Entry.objects.filter(action=action).latest("pk").unit


@pytest.mark.req("L9b")
def test_assets_are_in_the_order_in_which_they_were_added_each_once(filled, eve, assets):
    assert inside(filled) == keys(assets[3], assets[0], assets[1])
    assert add_assets(EVERYTHING, Actor(eve), filled, keys(assets[0], assets[2])) == 1
    assert inside(filled) == keys(assets[3], assets[0], assets[1], assets[2])


@pytest.mark.req("L9b")
def test_pages_follow_each_other(filled, eve, assets):
    add_assets(EVERYTHING, Actor(eve), filled, keys(*assets))
    after, seen = "", []
    for _ in range(3):
        page = selectors.assets_in(EVERYTHING, filled, after=after, size=2)
        seen += keys(*page.assets)
        after = page.after
    assert (seen, after) == (inside(filled), "")


@pytest.mark.req("L9c", "A1a")
def test_everybody_sees_of_a_shared_collection_what_their_folders_show(filled, assets, ada):
    assert inside(filled, MINE) == keys(assets[0])
    assert [shelf.count for shelf in selectors.shelves(MINE, [filled])] == [1]
    assert keys(*selectors.shelves(MINE, [filled])[0].covers) == keys(assets[0])
    assert selectors.shelves(Scope(()), [filled])[0].covers == []
    assert selectors.collections_with(EVERYTHING, ada, assets[1].pk) == [filled]
    with pytest.raises(NotFoundError):
        selectors.collections_with(MINE, ada, assets[1].pk)


@pytest.mark.req("A1a")
def test_nothing_outside_the_scope_is_added_or_taken_out(filled, eve, assets):
    assert add_assets(MINE, Actor(eve), filled, keys(assets[2], assets[5])) == 1
    assert remove_assets(MINE, Actor(eve), filled, keys(assets[0], assets[3])) == 1
    assert inside(filled) == keys(assets[3], assets[1], assets[2])


@pytest.mark.req("L9c")
def test_assets_in_the_trash_vanish_and_come_back_where_they_were(filled, assets, tmp_path):
    trash_assets(EVERYTHING, COMMAND_LINE, keys(assets[0]))
    assert inside(filled) == keys(assets[3], assets[1])
    restore_assets(EVERYTHING, COMMAND_LINE, keys(assets[0]))
    assert inside(filled) == keys(assets[3], assets[0], assets[1])


@pytest.mark.req("L9d")
@pytest.mark.parametrize(("role", "shared"), [("viewer", False), ("editor", True)])
def test_private_ones_are_their_owners_alone_and_shared_ones_for_editors_to_change(add, assets, role, shared):
    owner, other = add("one", role), add("other", "trainer")
    kept = create_collection(owner, "Kept", shared=shared)
    assert (kept in selectors.collections(other).rows) == shared
    assert (kept in selectors.changeable_collections(other)) == shared
    assert add_assets(EVERYTHING, Actor(owner), kept, keys(assets[0])) == 1
    if shared:
        assert remove_assets(EVERYTHING, Actor(other), kept, keys(assets[0])) == 1
        return
    with pytest.raises(NotFoundError):
        selectors.get_collection(other, kept.pk)
    for act in (
        lambda: add_assets(EVERYTHING, Actor(other), kept, keys(assets[1])),
        lambda: remove_assets(EVERYTHING, Actor(other), kept, keys(assets[0])),
        lambda: change(Actor(other), kept, name="Mine now"),
        lambda: delete(Actor(other), kept),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert inside(kept) == keys(assets[0])


@pytest.mark.req("L9d")
def test_viewer_sees_but_does_not_change_what_is_shared(filled, ada, assets):
    assert selectors.get_collection(ada, filled.pk) == filled
    assert selectors.changeable_collections(ada) == []
    with pytest.raises(NotFoundError):
        add_assets(EVERYTHING, Actor(ada), filled, keys(assets[5]))
    with pytest.raises(BadInputError, match="only editors share"):
        create_collection(ada, "Everybody's", shared=True)
    with pytest.raises(BadInputError, match="only editors share"):
        change(Actor(ada), create_collection(ada, "Own"), shared=True)


@pytest.mark.req("L9d")
def test_shared_one_is_made_private_by_its_owner_alone(shoot, eve, add):
    with pytest.raises(BadInputError, match="only eve"):
        change(Actor(add("ed", "editor")), shoot, shared=False)
    change(Actor(eve), shoot, shared=False)
    assert not Collection.objects.get().shared


@pytest.mark.req("L9a")
@pytest.mark.parametrize("name", ["Spring shoot", " spring  SHOOT ", 'Spring "shoot"', "Spríng shoot"])
def test_owner_has_each_name_once_however_it_is_written(shoot, eve, ada, name):
    with pytest.raises(ConflictError, match="has another one of the name"):
        create_collection(eve, name)
    assert create_collection(ada, name).name


@pytest.mark.parametrize("name", ["", "  ", '""', "x" * 201, "a\0b"])
def test_name_that_cannot_be_one_is_refused(eve, name):
    with pytest.raises(BadInputError, match="name"):
        create_collection(eve, name)


def test_renaming_to_a_taken_name_changes_nothing(shoot, eve):
    other = create_collection(eve, "Autumn")
    with pytest.raises(ConflictError):
        change(Actor(eve), other, name="Spring shoot", description="new")
    assert Collection.objects.get(pk=other.pk).description == ""


def test_more_than_a_collection_holds_is_refused(filled, eve, assets, monkeypatch):
    monkeypatch.setattr(picking, "MOST", 4)
    with pytest.raises(BadInputError, match="at most 4 assets"):
        add_assets(EVERYTHING, Actor(eve), filled, keys(*assets))
    assert len(inside(filled)) == 3


@pytest.mark.req("L9e")
def test_what_was_added_and_taken_out_is_taken_back_into_its_place(filled, eve, assets):
    remove_assets(EVERYTHING, Actor(eve), filled, keys(assets[0]))
    add_assets(EVERYTHING, Actor(eve), filled, keys(assets[4]))
    assert undo(Actor(eve), unit_of("collection.assets added")) == filled
    assert inside(filled) == keys(assets[3], assets[1])
    undo(Actor(eve), unit_of("collection.assets removed"))
    assert inside(filled) == keys(assets[3], assets[0], assets[1])


@pytest.mark.req("L9e")
def test_deleted_collection_comes_back_as_it_was_under_its_number(filled, eve, assets, storage_of_nothing):
    unit = delete(Actor(eve), filled)
    assert not Collection.objects.exists()
    trash_assets(EVERYTHING, COMMAND_LINE, keys(assets[0]))
    empty_trash(EVERYTHING, COMMAND_LINE, storage_of_nothing)
    undo(Actor(eve), unit)
    back = Collection.objects.get()
    assert (back.pk, back.name, back.description, back.shared) == (
        filled.pk,
        "Spring shoot",
        "For the catalogue",
        True,
    )
    assert inside(back) == keys(assets[3], assets[1])
    with pytest.raises(ConflictError, match="undone before"):
        undo(Actor(eve), unit)


@pytest.fixture
def storage_of_nothing(tmp_path):
    from tagsmith.assets.local_storage import LocalStorage

    return LocalStorage(tmp_path)


@pytest.mark.req("L9e")
def test_deleted_collection_whose_name_was_given_away_stays_deleted(shoot, eve):
    unit = delete(Actor(eve), shoot)
    create_collection(eve, "Spring shoot")
    with pytest.raises(ConflictError):
        undo(Actor(eve), unit)
    assert Collection.objects.count() == 1


@pytest.mark.req("L9e")
def test_change_is_taken_back_unless_somebody_changed_it_since(shoot, eve):
    first = change(Actor(eve), shoot, name="Summer")
    change(Actor(eve), shoot, description="other")
    with pytest.raises(ConflictError, match="changed since"):
        undo(Actor(eve), first)
    undo(Actor(eve), unit_of("collection.changed"))
    undo(Actor(eve), first)
    assert Collection.objects.get().name == "Spring shoot"


@pytest.mark.req("L9e")
def test_collection_that_was_made_for_what_is_taken_back_goes_with_it(eve, assets):
    unit = uuid4()
    made = create_collection(eve, "New", unit=unit)
    add_assets(EVERYTHING, Actor(eve), made, keys(assets[0]), unit)
    undo(Actor(eve), unit)
    assert not Collection.objects.exists()
    assert not Picked.objects.exists()


@pytest.mark.req("L9e")
def test_nobody_takes_back_what_another_did(filled, ada, add):
    unit = unit_of("collection.assets added")
    for other in (ada, add("ed", "editor")):
        with pytest.raises(NotFoundError):
            undo(Actor(other), unit)
    assert len(inside(filled)) == 3


@pytest.mark.req("L9e")
def test_every_change_is_in_the_audit_log_with_who_made_it(filled, eve):
    change(Actor(eve), filled, name="Summer")
    undo(Actor(eve), unit_of("collection.changed"))
    delete(Actor(eve), filled)
    said = list(Entry.objects.filter(subject="collection").order_by("pk").values_list("action", "actor_name"))
    acts = ("created", "assets added", "changed", "undone", "deleted")
    assert said == [(f"collection.{act}", "eve") for act in acts]


@pytest.mark.req("L9a")
def test_lists_are_in_pages_those_changed_last_first(eve, assets):
    made = [create_collection(eve, f"Number {number}") for number in range(5)]
    add_assets(EVERYTHING, Actor(eve), made[1], keys(assets[0]))
    after, seen = "", []
    for _ in range(3):
        page = selectors.collections(eve, after=after, size=2)
        seen += page.rows
        after = page.after
    assert (seen, after) == ([made[1], made[4], made[3], made[2], made[0]], "")


def test_list_takes_as_many_queries_for_many_collections_as_for_one(eve, assets):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            rows = selectors.collections(eve).rows
            [(shelf.collection.owner.username, shelf.covers) for shelf in selectors.shelves(EVERYTHING, rows)]
        return len(caught)

    for number in range(8):
        made = create_collection(eve, f"Number {number}")
        add_assets(EVERYTHING, Actor(eve), made, keys(*assets[:number]))
        if number == 1:
            few = queries()
    assert queries() == few == 3


def test_of_many_assets_a_list_only_says_that_there_are_more(filled, monkeypatch):
    monkeypatch.setattr(selectors, "MANY", 2)
    [shelf] = selectors.shelves(EVERYTHING, [filled])
    assert (shelf.count, shelf.is_many) == (3, True)


def test_covers_are_the_first_that_are_there(filled, assets):
    Asset.objects.filter(pk=assets[3].pk).delete()
    assert keys(*selectors.shelves(EVERYTHING, [filled])[0].covers) == keys(assets[0], assets[1])
