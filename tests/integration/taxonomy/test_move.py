from uuid import uuid4

import pytest

from tagsmith.audit.models import Entry
from tagsmith.errors import ConflictError, NotFoundError, TaxonomyError
from tagsmith.taxonomy.models import Redirect
from tagsmith.taxonomy.selectors import find_tag
from tagsmith.taxonomy.services import delete, move
from tagsmith.taxonomy.services.move import undo_move

pytestmark = [pytest.mark.django_db, pytest.mark.req("X2a")]


def test_a_subtree_moves_and_every_old_id_resolves(actor, make, keys):
    shoes, boots, high, _, _ = make("shoes", "shoes/boots", "shoes/boots/high", "shoes-2", "wear")
    move(actor, shoes, "wear", "Footwear")
    assert keys() == [
        "default:shoes-2",
        "default:wear",
        "default:wear/Footwear",
        "default:wear/Footwear/boots",
        "default:wear/Footwear/boots/high",
    ]
    assert [find_tag(old) for old in ("shoes", "shoes/boots", "shoes/boots/high")] == [shoes, boots, high]
    assert find_tag("wear/footwear/BOOTS") == boots


def test_redirects_do_not_chain(actor, make):
    (tag,) = make("a")
    for name in ("b", "c", "d"):
        tag = move(actor, tag, "default:", name)
    assert {find_tag(old).key for old in "abc"} == {"default:d"}


def test_moving_back_ends_the_redirect(actor, make):
    (tag,) = make("a")
    move(actor, move(actor, tag, "other:"), "default:")
    assert list(Redirect.objects.values_list("key", flat=True)) == ["other:a"]


def test_a_tag_moves_to_another_namespace_and_out_of_its_parent(actor, make):
    _, child = make("a", "a/b")
    moved = move(actor, child, "Other:")
    assert (moved.key, moved.namespace, moved.parent) == ("Other:b", "Other", None)


def test_the_case_of_a_name_can_be_changed(actor, make, keys):
    make("boots/high")
    move(actor, find_tag("boots"), "default:", "Boots")
    assert keys() == ["default:Boots", "default:Boots/high"]
    assert not Redirect.objects.exists()


@pytest.mark.parametrize("below", ["a", "a/b", "A/b/c"])
def test_a_tag_cannot_move_below_itself(actor, make, below):
    make("a/b/c")
    with pytest.raises(TaxonomyError, match="cannot be moved below itself"):
        move(actor, find_tag("a"), below)


def test_a_taken_name_is_refused(actor, make):
    tag, _ = make("x", "a/X")
    with pytest.raises(ConflictError, match="there is a tag default:a/X already"):
        move(actor, tag, "a")


def test_a_parent_can_be_named_by_its_old_id(actor, make):
    old, tag = make("old", "x")
    move(actor, old, "default:", "new")
    assert move(actor, tag, "old").key == "default:new/x"


def test_an_unknown_parent_is_refused(actor, make):
    (tag,) = make("x")
    with pytest.raises(NotFoundError, match="no tag default:nowhere"):
        move(actor, tag, "nowhere")


def test_a_subtree_that_would_get_too_deep_is_refused_and_stays(actor, make, keys):
    deep, tag, _ = make("/".join("d" * 99), "x", "x/y")
    with pytest.raises(TaxonomyError, match="at most 100 levels"):
        move(actor, tag, deep.key)
    assert keys()[-2:] == ["default:x", "default:x/y"]


def test_a_move_is_in_the_audit_log(actor, make):
    tag, _ = make("a", "a/b")
    move(actor, tag, "n:")
    entry = Entry.objects.latest("pk")
    assert (entry.action, entry.before, entry.after) == ("tag.move", {"key": "default:a"}, {"key": "n:a", "tags": 2})


@pytest.mark.req("X2d")
def test_moved_and_renamed_tag_goes_back_with_all_below_it(actor, make, keys):
    tag, _, unit = *make("a/b", "a/b/c"), uuid4()
    move(actor, tag, "n:", "x", unit)
    assert undo_move(actor, unit).key == "default:a/b"
    assert keys()[-2:] == ["default:a/b", "default:a/b/c"]
    assert find_tag("n:x/c").key == "default:a/b/c"  # what it was called meanwhile leads to it


@pytest.mark.req("X2d")
def test_move_is_not_undone_where_something_else_is_there_or_it_has_moved_on(actor, make):
    (tag,), unit = make("a/b"), uuid4()
    move(actor, tag, "n:", None, unit)
    make("a/b")
    with pytest.raises(ConflictError, match="there is a tag default:a/b already"):
        undo_move(actor, unit)
    move(actor, tag, "n:", "other")
    with pytest.raises(ConflictError, match="n:other has been moved since"):
        undo_move(actor, unit)
    with pytest.raises(NotFoundError):
        undo_move(actor, uuid4())


@pytest.mark.req("X2d")
def test_move_is_not_undone_below_a_tag_that_is_gone(actor, make):
    (tag,), unit = make("a/b"), uuid4()
    move(actor, tag, "n:", None, unit)
    delete(actor, find_tag("a"))
    with pytest.raises(ConflictError, match="default:a is gone"):
        undo_move(actor, unit)
