import pytest

from tagsmith.audit.models import Entry
from tagsmith.errors import ConflictError, NotFoundError, TaxonomyError
from tagsmith.taxonomy.selectors import find_tag, title
from tagsmith.taxonomy.services import create_tag, move

pytestmark = pytest.mark.django_db


@pytest.mark.req("X1a")
def test_a_tag_comes_with_the_parents_that_were_missing(actor, keys):
    tag = create_tag(actor, "shoes/high/boots", "Boots")
    assert keys() == ["default:shoes", "default:shoes/high", "default:shoes/high/boots"]
    assert tag.parent == find_tag("shoes/high")
    assert title(tag) == "Boots"


@pytest.mark.req("X1a")
@pytest.mark.parametrize("second", ["default:shoes/BOOTS", "SHOES/boots", "shoes/boots"])
def test_siblings_that_differ_in_case_only_are_one(actor, make, second):
    make("shoes/boots")
    with pytest.raises(ConflictError, match="there is a tag default:shoes/boots already"):
        create_tag(actor, second)


@pytest.mark.req("X1a")
def test_the_same_name_elsewhere_is_another_tag(make, keys):
    make("a/x", "b/x", "x", "other:x")
    assert keys() == ["default:a", "default:a/x", "default:b", "default:b/x", "default:x", "other:x"]


def test_parents_and_namespaces_are_spelled_as_they_are_already(make, keys):
    make("Brand:Shoes", "brand:SHOES/boots", "BRAND:hats")
    assert keys() == ["Brand:Shoes", "Brand:Shoes/boots", "Brand:hats"]


@pytest.mark.req("X2a")
def test_a_missing_parent_that_was_moved_is_found_where_it_is(actor, make):
    (old,) = make("old")
    move(actor, old, "default:", "new")
    assert create_tag(actor, "old/child").key == "default:new/child"


@pytest.mark.req("X2a")
def test_a_new_tag_at_a_redirected_key_ends_the_redirect(actor, make):
    (first,) = make("old")
    move(actor, first, "default:", "new")
    (second,) = make("old")
    assert find_tag("old") == second


def test_a_wrong_title_makes_nothing(actor, keys):
    with pytest.raises(TaxonomyError):
        create_tag(actor, "a/b", "x" * 501)
    assert keys() == []


@pytest.mark.req("X2a")
def test_what_was_made_is_in_the_audit_log(actor):
    create_tag(actor, "a/b", "B", "de")
    assert [(entry.action, entry.actor_name, entry.after["key"]) for entry in Entry.objects.order_by("pk")] == [
        ("tag.create", "test", "default:a"),
        ("tag.create", "test", "default:a/b"),
    ]


def test_what_is_not_there_is_not_found():
    with pytest.raises(NotFoundError, match="no tag default:nothing"):
        find_tag("nothing")
