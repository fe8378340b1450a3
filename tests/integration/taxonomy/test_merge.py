import pytest

from tagsmith.audit.models import Entry
from tagsmith.errors import ConflictError, TaxonomyError
from tagsmith.taxonomy.selectors import find_tag, tree
from tagsmith.taxonomy.services import add_synonym, create_tag, delete, merge, move, set_title, undo_delete

pytestmark = [pytest.mark.django_db, pytest.mark.req("X2a")]


def test_children_move_and_those_of_equal_names_merge(actor, make, keys):
    make("a/x/1", "a/y", "b/X/2", "b/z")
    merge(actor, find_tag("a"), find_tag("b"))
    assert keys() == ["default:b", "default:b/X", "default:b/X/1", "default:b/X/2", "default:b/y", "default:b/z"]
    assert {old: find_tag(old).key for old in ("a", "a/x", "a/x/1", "a/y")} == {
        "a": "default:b",
        "a/x": "default:b/X",
        "a/x/1": "default:b/X/1",
        "a/y": "default:b/y",
    }


def test_words_become_synonyms_of_the_target(actor, make):
    source = create_tag(actor, "wellies", "Wellies", description="Of rubber")
    set_title(actor, source, "Gummistiefel", "de")
    add_synonym(actor, source, "Boots")
    target = create_tag(actor, "boots", "Boots")
    assert merge(actor, source, target).description == "Of rubber"
    (node,) = tree()
    assert (node.titles, node.synonyms) == ({"en": "Boots"}, {"de": ("Gummistiefel",), "en": ("Wellies",)})


def test_the_name_of_a_source_without_title_becomes_a_synonym(actor, make):
    merge(actor, *make("wellies", "boots"))
    assert tree()[0].synonyms == {"en": ("wellies",)}


def test_old_redirects_of_the_source_lead_to_the_target(actor, make):
    first, source, target = make("first", "b", "c")
    move(actor, first, "default:", "moved")
    merge(actor, first, source)
    merge(actor, source, target)
    assert {find_tag(old) for old in ("first", "moved", "b")} == {target}


def test_what_refers_to_the_source_follows_to_every_merged_tag(actor, make, pictures):
    make("a/x", "b/x")
    pictures.shown = {find_tag("a").pk: ["1"], find_tag("a/x").pk: ["2"], find_tag("b/x").pk: ["3"]}
    merge(actor, find_tag("a"), find_tag("b"))
    assert pictures.shown == {find_tag("b").pk: ["1"], find_tag("b/x").pk: ["3", "2"]}


def test_a_tag_merges_into_its_parent(actor, make, keys):
    make("a/b/c")
    merge(actor, find_tag("a/b"), find_tag("a"))
    assert keys() == ["default:a", "default:a/c"]
    assert (find_tag("a/b").key, find_tag("a/b/c").key) == ("default:a", "default:a/c")


@pytest.mark.parametrize("target", ["a", "a/b", "a/b/c"])
def test_a_tag_does_not_merge_into_itself_or_below(actor, make, target):
    make("a/b/c")
    with pytest.raises(TaxonomyError, match="into itself or below itself"):
        merge(actor, find_tag("a"), find_tag(target))


def test_a_child_that_would_take_over_the_merged_key_is_refused(actor, make, keys):
    make("a/b/b")
    with pytest.raises(ConflictError, match="default:a/b/b would become default:a/b"):
        merge(actor, find_tag("a/b"), find_tag("a"))
    assert keys() == ["default:a", "default:a/b", "default:a/b/b"]


def test_what_was_deleted_below_the_source_is_restored_below_the_target(actor, make, keys):
    make("a/x/y", "b")
    deletion = delete(actor, find_tag("a/x"))
    merge(actor, find_tag("a"), find_tag("b"))
    assert undo_delete(actor, deletion.id).key == "default:b/x"
    assert keys() == ["default:b", "default:b/x", "default:b/x/y"]
    assert find_tag("a/x/y").key == "default:b/x/y"


def test_a_second_merge_of_the_same_tag_is_told_of_the_first(actor, make):
    source, first, second = make("a", "b", "c")
    merge(actor, source, first)
    with pytest.raises(ConflictError, match="default:a was merged into default:b meanwhile"):
        merge(actor, source, second)


def test_a_merge_is_one_unit_in_the_audit_log(actor, make):
    make("a/x", "b/x")
    merge(actor, find_tag("a"), find_tag("b"))
    entries = Entry.objects.filter(action="tag.merge").order_by("pk")
    assert [(entry.before["key"], entry.after["key"]) for entry in entries] == [
        ("default:a", "default:b"),
        ("default:a/x", "default:b/x"),
    ]
    assert len({entry.unit for entry in entries} - {None}) == 1
