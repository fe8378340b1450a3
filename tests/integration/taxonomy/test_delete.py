from uuid import uuid4

import pytest

from tagsmith.audit.models import Entry
from tagsmith.audit.selectors import undoings
from tagsmith.errors import ConflictError, NotFoundError
from tagsmith.taxonomy.references import REFERENCES, Reference
from tagsmith.taxonomy.selectors import deletions, find_tag, references, title, tree
from tagsmith.taxonomy.services import create_tag, delete, merge, move, set_title, undo_delete

pytestmark = [pytest.mark.django_db, pytest.mark.req("X2b")]


def test_what_a_delete_takes_along_is_said_first(make, pictures):
    top, below, other = make("a", "a/b", "a-b")
    pictures.shown = {top.pk: ["1", "2"], below.pk: ["3"], other.pk: ["4"]}
    assert references(top, limit=2) == [Reference("pictures", 3, ("1", "2"))]
    assert references(below) == [Reference("pictures", 1, ("3",))]


def test_nothing_is_said_of_kinds_that_do_not_refer(make, pictures):
    (tag,) = make("a")
    assert references(tag) == []


def test_a_kind_that_is_registered_again_counts_once(make, pictures):
    (tag,) = make("a")
    pictures.shown = {tag.pk: ["1"]}
    REFERENCES.register(pictures)
    assert len(references(tag)) == 1


def test_a_deleted_subtree_is_gone_with_its_references(actor, make, keys, pictures):
    top, below, _ = make("a", "a/b", "a-b")
    pictures.shown = {below.pk: ["1"]}
    deletion = delete(actor, top)
    assert (deletion.key, deletion.count) == ("default:a", 2)
    assert keys() == ["default:a-b"]
    assert pictures.shown == {}
    assert [node.key for node in tree()] == ["default:a-b"]
    with pytest.raises(NotFoundError):
        find_tag("a/b")


def test_undo_restores_everything(actor, pictures, keys):
    tag = create_tag(actor, "a/b", "B")
    pictures.shown = {tag.pk: ["1"]}
    deletion = delete(actor, find_tag("a"))
    assert [(found.id, found.key, found.count) for found in deletions()] == [(deletion.id, "default:a", 2)]
    assert undo_delete(actor, deletion.id) == find_tag("a")
    assert keys() == ["default:a", "default:a/b"]
    assert (find_tag("a/b"), title(tag), pictures.shown) == (tag, "B", {tag.pk: ["1"]})
    assert deletions() == []


def test_redirects_work_again_after_undo(actor, make):
    (tag,) = make("old")
    deletion = delete(actor, move(actor, tag, "default:", "new"))
    with pytest.raises(NotFoundError):
        find_tag("old")
    undo_delete(actor, deletion.id)
    assert find_tag("old") == tag


def test_a_key_that_was_taken_meanwhile_is_a_conflict(actor, make, keys):
    deletion = delete(actor, make("a/b")[0])
    make("a/B")
    with pytest.raises(ConflictError, match="there is a tag default:a/B already"):
        undo_delete(actor, deletion.id)
    move(actor, find_tag("a/B"), "default:")
    undo_delete(actor, deletion.id)
    assert keys() == ["default:B", "default:a", "default:a/b"]


def test_a_restored_tag_stands_where_its_parent_is_now(actor, make):
    _, below, _ = make("a", "a/b", "a/b/c")
    deletion = delete(actor, below)
    move(actor, find_tag("a"), "n:")
    assert undo_delete(actor, deletion.id).key == "n:a/b"
    assert find_tag("a/b/c").key == "n:a/b/c"


def test_the_parent_is_restored_first(actor, make, keys):
    top, below = make("a", "a/b")
    first, second = delete(actor, below), delete(actor, top)
    with pytest.raises(ConflictError, match="default:a is deleted too: restore that first"):
        undo_delete(actor, first.id)
    undo_delete(actor, second.id)
    assert keys() == ["default:a"]
    undo_delete(actor, first.id)
    assert keys() == ["default:a", "default:a/b"]


def test_a_deletion_is_undone_once(actor, make):
    deletion = delete(actor, make("a")[0])
    undo_delete(actor, deletion.id)
    with pytest.raises(ConflictError, match="undone before"):
        undo_delete(actor, deletion.id)
    with pytest.raises(NotFoundError, match="nothing of this deletion"):
        undo_delete(actor, uuid4())


def test_both_are_in_the_audit_log_and_one_is_known_to_take_back_the_other(actor, make):
    deletion = delete(actor, make("a")[0])
    undo_delete(actor, deletion.id)
    assert Entry.objects.get(unit=deletion.id).action == "tag.delete"
    assert undoings([deletion.id])[deletion.id].action == "tag.restore"


def test_those_that_refer_learn_of_other_words_and_places(actor, make, pictures):
    top, below, other = make("a", "a/b", "c")
    set_title(actor, below, "Boot")
    assert pictures.renamed == [below.pk]
    move(actor, top, "c")
    assert pictures.renamed == [below.pk, top.pk, below.pk]
    merge(actor, below, other)
    assert pictures.renamed[-1] == other.pk
