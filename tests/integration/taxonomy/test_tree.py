import pytest

from tagsmith.taxonomy.selectors import tree
from tagsmith.taxonomy.services import add_synonym, set_title

pytestmark = pytest.mark.django_db


@pytest.mark.req("X1a")
def test_a_tree_is_nested_and_ordered_by_name(make):
    make("b", "a/Z", "a/y/1", "a b", "n:x")
    shown = [(node.key, [child.name for child in node.children]) for node in tree()]
    assert shown == [("default:a", ["y", "Z"]), ("default:a b", []), ("default:b", []), ("n:x", [])]


@pytest.mark.req("X1a")
def test_one_namespace_is_listed_alone(make):
    make("a", "Brand:x/y", "brand-2:z")
    assert [node.key for node in tree("brand")] == ["Brand:x"]
    assert tree("none") == ()


def test_a_node_has_its_words(actor, make):
    (tag,) = make("a")
    set_title(actor, tag, "T", "de")
    add_synonym(actor, tag, "s")
    (node,) = tree()
    assert (node.titles, node.synonyms) == ({"de": "T"}, {"en": ("s",)})
    assert (node.title("de"), node.title("fr")) == ("T", "a")


@pytest.mark.parametrize("size", [1, 40])
def test_listing_takes_two_queries_whatever_the_size(actor, make, django_assert_num_queries, size):
    for number in range(size):
        set_title(actor, make(f"a{number % 3}/b{number}/c")[0], "C")
    with django_assert_num_queries(2):
        tree()
