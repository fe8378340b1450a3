"""Taking tags away so that they can come back. What goes with them, `selectors.references` says beforehand."""

from uuid import UUID, uuid4

from django.utils import timezone

from tagsmith.audit.services import Actor, record, refuse_undone, undoing_of
from tagsmith.errors import ConflictError, NotFoundError
from tagsmith.taxonomy.keys import Key, fold
from tagsmith.taxonomy.models import Redirect, Tag
from tagsmith.taxonomy.references import REFERENCES
from tagsmith.taxonomy.selectors import Deletion, live_tags, subtree
from tagsmith.taxonomy.services.changing import changing, end_redirects, fresh, leave_redirects, place_of


def delete(actor: Actor, tag: Tag) -> Deletion:
    """Delete a tag and all below it; their keys are free then."""
    with changing():
        tag = fresh(tag)
        ids = [member.pk for member in subtree(tag).select_for_update()]
        deletion = Deletion(uuid4(), tag.key, len(ids), timezone.now())
        Tag.objects.filter(pk__in=ids).update(deleted=deletion.at, deletion=deletion.id)
        REFERENCES.deleted(ids, deletion.id)
        before = {"key": tag.key, "tags": len(ids)}
        record(actor, "tag.delete", "tag", tag.pk, before=before, unit=deletion.id)
        return deletion


def undo_delete(actor: Actor, deletion: UUID) -> Tag:
    """Restore what was deleted together, under the parent's present key; return the tag at its top.

    Raises
    ------
    NotFoundError
        There is nothing to restore.
    ConflictError
        It was restored before, a key was taken meanwhile, or the parent is deleted too.
    """
    with changing():
        members = list(Tag.objects.filter(deletion=deletion).order_by("key").select_for_update())
        if not members:
            refuse_undone(deletion)
            raise NotFoundError("nothing of this deletion is left to restore")
        old_keys = [member.key for member in members]
        _give_keys(members)
        _check_free(members)
        fields = ("namespace", "key", "folded", "modified", "deleted", "deletion")
        Tag.objects.bulk_update(members, fields, batch_size=2000)
        moved = zip(old_keys, members, strict=True)
        _redirect([(key, member) for key, member in moved if key != member.key])
        end_redirects(member.folded for member in members)
        REFERENCES.restored([member.pk for member in members], deletion)
        after = {"key": members[0].key, "tags": len(members)}
        record(actor, "tag.restore", "tag", members[0].pk, after=after, unit=undoing_of(deletion))
        return members[0]


def _give_keys(members: list[Tag]) -> None:
    """Bring the tags back to life in memory, each below its parent as that is now; parents come first."""
    top, now = members[0], timezone.now()
    keys: dict[int, Key] = {}
    if top.parent_id is not None:
        parent = Tag.objects.select_for_update().get(pk=top.parent_id)
        if parent.deleted is not None:
            raise ConflictError("{tag} is deleted too: restore that first", tag=parent.key)
        keys[parent.pk] = place_of(parent)
    for member in members:
        above = Key(member.namespace, ()) if member.parent_id is None else keys[member.parent_id]
        key = keys[member.pk] = above.below(member.name)
        member.namespace, member.key, member.folded = key.namespace, str(key), key.folded
        member.deleted, member.deletion, member.modified = None, None, now


def _check_free(members: list[Tag]) -> None:
    taken = live_tags().filter(folded__in=[member.folded for member in members]).values_list("key", flat=True)[:5]
    if names := list(taken):
        raise ConflictError("there is a tag {names} already: move or merge it first", names=", ".join(names))


def _redirect(moved: list[tuple[str, Tag]]) -> None:
    """Let old keys lead to the restored tags, but for those that are or were another tag's meanwhile."""
    folded = [fold(key) for key, _ in moved]
    taken = set(live_tags().filter(folded__in=folded).values_list("folded", flat=True))
    taken.update(Redirect.objects.filter(folded__in=folded).values_list("folded", flat=True))
    leave_redirects((key, tag) for key, tag in moved if fold(key) not in taken)
