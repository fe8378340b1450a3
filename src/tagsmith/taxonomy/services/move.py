"""Another place or name for a tag and all below it."""

from django.utils import timezone

from tagsmith.audit.services import Actor, record
from tagsmith.errors import ConflictError, NotFoundError, TaxonomyError
from tagsmith.taxonomy.keys import Key, checked_name, parse_place
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


def move(actor: Actor, tag: Tag, parent: str, name: str | None = None) -> Tag:
    """Put a tag and all below it under another parent, or at the top of a namespace (`namespace:`).

    Every old key of the subtree leads to its tag's new one.

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
            raise TaxonomyError(f"{tag.key} cannot be moved below itself")
        start = place_of(above) if above else Key(known_namespace(place.namespace), ())
        moved = relocate(tag, above, start.below(name or tag.name))
        if before != moved[0].key:
            change = ({"key": before}, {"key": moved[0].key, "tags": len(moved)})
            record(actor, "tag.move", "tag", tag.pk, before=change[0], after=change[1])
        return moved[0]


def relocate(tag: Tag, parent: Tag | None, key: Key) -> list[Tag]:
    """Write a subtree's new keys and leave redirects; return it, the tag first. The caller has checked for cycles."""
    taken = live_at(key)
    if taken is not None and taken.pk != tag.pk:
        raise ConflictError(f"there is a tag {taken.key} already")
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
