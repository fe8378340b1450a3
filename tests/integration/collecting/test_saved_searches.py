"""Saved searches: the text of the box under a name, private or shared, suggested while typing."""

import pytest

from tagsmith.audit.services import Actor
from tagsmith.collecting.models import SavedSearch
from tagsmith.collecting.selectors import get_saved_search, saved_searches, saved_searches_like
from tagsmith.collecting.services import change, delete, save_search
from tagsmith.collecting.undoing import undo
from tagsmith.errors import BadInputError, ConflictError, NotFoundError

pytestmark = pytest.mark.django_db


@pytest.mark.req("L9a")
def test_search_is_kept_with_all_that_was_in_the_box(ada):
    text = 'boots -tags:"red shoe" width:800.. "in a row"'
    saved = save_search(ada, "Wide boots", text)
    assert get_saved_search(ada, saved.pk).text == text


@pytest.mark.req("L9a")
@pytest.mark.parametrize("text", ["", "   ", "x" * 501, "a\0b"])
def test_text_that_asks_for_nothing_is_refused(ada, text):
    with pytest.raises(BadInputError, match="text"):
        save_search(ada, "Nothing", text)
    assert not SavedSearch.objects.exists()


@pytest.mark.req("L9a")
def test_owner_has_each_name_once_and_a_collection_may_have_it_too(ada, eve):
    from tagsmith.collecting.services import create_collection

    save_search(ada, "Boots", "boots")
    with pytest.raises(ConflictError):
        save_search(ada, "BOOTS", "other")
    save_search(eve, "Boots", "boots")
    create_collection(ada, "Boots")


@pytest.mark.req("L9d")
def test_private_searches_are_seen_by_their_owner_alone_shared_ones_by_all(ada, eve):
    own, shared = save_search(ada, "Own", "a"), save_search(eve, "Shared", "b", shared=True)
    hidden = save_search(eve, "Hidden", "c")
    assert set(saved_searches(ada).rows) == {own, shared}
    with pytest.raises(NotFoundError):
        get_saved_search(ada, hidden.pk)
    with pytest.raises(NotFoundError):
        change(Actor(ada), shared, text="mine")
    with pytest.raises(BadInputError, match="only editors"):
        change(Actor(ada), own, shared=True)


@pytest.mark.req("L9e")
def test_changed_and_deleted_search_comes_back(ada):
    saved = save_search(ada, "Boots", "boots")
    unit = change(Actor(ada), saved, name="Hats", text="hats")
    undo(Actor(ada), unit)
    unit = delete(Actor(ada), saved)
    assert not SavedSearch.objects.exists()
    undo(Actor(ada), unit)
    back = SavedSearch.objects.get()
    assert (back.pk, back.name, back.text, back.owner) == (saved.pk, "Boots", "boots", ada)


@pytest.mark.req("L9f")
def test_searches_are_suggested_by_their_names_those_that_begin_so_first(ada, eve):
    save_search(ada, "Winter boots", "a")
    save_search(ada, "Bóots of spring", "b")
    save_search(eve, "boots of others", "c")
    save_search(eve, "boots for all", "d", shared=True)
    names = [one.name for one in saved_searches_like(ada, "BOOTS")]
    assert names == ["boots for all", "Bóots of spring", "Winter boots"]
    assert [one.name for one in saved_searches_like(ada, "BOOTS", 1)] == names[:1]
    assert saved_searches_like(ada, " ") == []
    assert saved_searches_like(ada, "%_") == []
