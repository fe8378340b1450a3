import pytest

from tagsmith.audit.models import Entry
from tagsmith.errors import ConflictError, NotFoundError
from tagsmith.taxonomy.selectors import find_tag, title, tree
from tagsmith.taxonomy.services import (
    add_synonym,
    delete,
    remove_synonym,
    remove_title,
    set_description,
    set_title,
)

pytestmark = pytest.mark.django_db


@pytest.mark.req("X1b")
def test_a_tag_has_a_title_per_language(actor, make):
    (tag,) = make("boots")
    set_title(actor, tag, "Boot")
    set_title(actor, tag, "Boots")
    set_title(actor, tag, "Stiefel", "de")
    assert (title(tag), title(tag, "de"), title(tag, "fr")) == ("Boots", "Stiefel", "Boots")


@pytest.mark.req("X1b")
def test_without_a_title_the_name_is_shown(actor, make):
    (tag,) = make("boots")
    set_title(actor, tag, "Boots!")
    remove_title(actor, tag, "en")
    assert title(tag) == "boots"


@pytest.mark.req("X1a", "X1b")
def test_a_title_changes_no_id(actor, make):
    (tag,) = make("boots")
    assert set_title(actor, tag, "Other").key == "default:boots"
    assert find_tag("boots") == tag


@pytest.mark.req("X1b")
def test_synonyms_are_added_once_and_removed(actor, make):
    (tag,) = make("boots")
    for text in ("wellies", "gumboots", "wellies"):
        add_synonym(actor, tag, text)
    remove_synonym(actor, tag, "gumboots")
    assert tree()[0].synonyms == {"en": ("wellies",)}
    with pytest.raises(NotFoundError, match="no synonym 'gumboots' in en"):
        remove_synonym(actor, tag, "gumboots")


def test_a_synonym_that_becomes_the_title_is_no_synonym_any_more(actor, make):
    (tag,) = make("boots")
    add_synonym(actor, tag, "Wellies")
    set_title(actor, tag, "Wellies")
    assert (tree()[0].titles, tree()[0].synonyms) == ({"en": "Wellies"}, {})


@pytest.mark.req("X1b")
def test_a_description_is_kept(actor, make):
    (tag,) = make("boots")
    assert set_description(actor, tag, " High\r\nshoes ").description == "High\nshoes"


@pytest.mark.req("X2a")
def test_every_edit_is_in_the_audit_log_with_before_and_after(actor, make):
    (tag,) = make("boots")
    set_title(actor, tag, "Boots")
    set_title(actor, tag, "Boots")  # changes nothing
    set_title(actor, tag, "Shoes")
    add_synonym(actor, tag, "w")
    set_description(actor, tag, "d")
    seen = [(entry.action, entry.before, entry.after) for entry in Entry.objects.order_by("pk")][1:]
    assert seen == [
        ("tag.title", None, {"language": "en", "text": "Boots"}),
        ("tag.title", {"language": "en", "text": "Boots"}, {"language": "en", "text": "Shoes"}),
        ("tag.synonym", None, {"language": "en", "text": "w"}),
        ("tag.description", {"description": ""}, {"description": "d"}),
    ]


def test_a_tag_that_is_gone_is_not_edited(actor, make):
    (tag,) = make("boots")
    delete(actor, tag)
    with pytest.raises(ConflictError, match="was deleted meanwhile"):
        set_title(actor, tag, "x")
