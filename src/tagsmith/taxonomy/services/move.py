"""Another place or name for a tag and all below it."""

from uuid import UUID, uuid4

from django.utils import timezone

from tagsmith.audit.models import Entry
from tagsmith.audit.services import Actor, record, refuse_undone, undoing_of
from tagsmith.errors import ConflictError, NotFoundError, TaxonomyError
from tagsmith.taxonomy.keys import Key, checked_name, parse_key, parse_place
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.references import REFERENCES
from tagsmith.taxonomy.selectors import find_tag, live_at, subtree
from tagsmith.taxonomy.services.changing import (
    changing,
    end_redirects,
    fresh,
    known_namespace,
    leave_redirects,
    place_of,
)

MOVED = "tag.move"


def move(actor: Actor, tag: Tag, parent: str, name: str | None = None, unit: UUID | None = None) -> Tag:
    """Put a tag and all below it under another parent, or at the top of a namespace (`namespace:`).

    Every old key of the subtree leads to its tag's new one. `undo_move` takes it back, by its unit.

    Raises
    ------
    TaxonomyError
        The parent is the tag itself or below it, or a key gets too long.
    ConflictError
        There is a tag of this name already.
    """
    place, name = parse_place(parent), None if name is None else checked_name(name)
    with changing():
        tag = fresh(tag)
        before = tag.key
        above = find_tag(str(place)) if place.names else None
        if above is not None and (above.key + "/").startswith(tag.key + "/"):
            raise TaxonomyError("{tag} cannot be moved below itself", tag=tag.key)
        start = place_of(above) if above else Key(known_namespace(place.namespace), ())
        moved = relocate(tag, above, start.below(name or tag.name))
        if before != moved[0].key:
            change = ({"key": before}, {"key": moved[0].key, "tags": len(moved)})
            record(actor, MOVED, "tag", tag.pk, before=change[0], after=change[1], unit=unit or uuid4())
        return moved[0]


def undo_move(actor: Actor, unit: UUID) -> Tag:
    """Put a tag back where it was before it was moved or renamed as one unit; its key of meanwhile leads to it.

    Raises
    ------
    NotFoundError
        Nothing was moved as this unit.
    ConflictError
        It was put back before, or has been moved, merged or deleted since; what it was below is gone; or its old key is
        another tag's now.
    """
    with changing():
        entry = Entry.objects.filter(unit=unit, action=MOVED).first()
        if entry is None:
            raise NotFoundError(f"no move {unit}")
        refuse_undone(unit)
        tag, before = fresh(Tag.objects.get(pk=entry.subject_id)), parse_key((entry.before or {})["key"])
        if tag.key != (entry.after or {})["key"]:
            raise ConflictError("{tag} has been moved since", tag=tag.key)
        if before.parent and live_at(before.parent) is None:
            raise ConflictError("{tag} is gone: move it back by hand", tag=str(before.parent))
        above = str(before.parent or f"{before.namespace}:")
        return move(actor, tag, above, before.names[-1], undoing_of(unit))


def relocate(tag: Tag, parent: Tag | None, key: Key) -> list[Tag]:
    """Write a subtree's new keys and leave redirects; return it, the tag first. The caller has checked for cycles."""
    taken = live_at(key)
    if taken is not None and taken.pk != tag.pk:
        raise ConflictError("there is a tag {tag} already", tag=taken.key)
    members = list(subtree(tag).select_for_update())
    if not members or members[0].pk != tag.pk:
        raise NotFoundError(f"no tag {tag.key}")
    depth, old_keys, now = len(place_of(tag).names), [member.key for member in members], timezone.now()
    for member in members:
        new = key.below(*place_of(member).names[depth:])
        member.namespace, member.name, member.key, member.folded = new.namespace, new.names[-1], str(new), new.folded
        member.modified = now
    members[0].parent = parent
    Tag.objects.bulk_update(members, ("parent", "namespace", "name", "key", "folded", "modified"), batch_size=2000)
    leave_redirects(zip(old_keys, members, strict=True))
    end_redirects(member.folded for member in members)  # also where only the case has changed
    REFERENCES.reworded([member.pk for member in members])
    return members
