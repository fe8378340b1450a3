"""Making a tag, and the parents that it misses."""

from tagsmith.audit.services import Actor, record
from tagsmith.errors import ConflictError
from tagsmith.taxonomy.keys import Key, parse_key
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.selectors import live_at, redirected_from
from tagsmith.taxonomy.services.changing import changing, end_redirects, known_namespace, place_of
from tagsmith.taxonomy.services.words import put_title
from tagsmith.taxonomy.wording import checked_description, checked_label, checked_language


def create_tag(actor: Actor, key: str, title: str = "", language: str = "en", description: str = "") -> Tag:
    """Make a tag, and its parents where they are missing.

    A parent that was moved or merged is found at its new place. The tag's own key leads nowhere else any more.

    Raises
    ------
    ConflictError
        There is one with this key, or with one that differs in case only.
    """
    wanted, language, description = parse_key(key), checked_language(language), checked_description(description)
    title = checked_label(title) if title.strip() else ""
    with changing():
        parent = _parent(actor, wanted)
        tag = _create(parent, wanted, description)
        if title:
            put_title(tag, language, title)
        after = {"key": tag.key, "title": title, "language": language, "description": description}
        record(actor, "tag.create", "tag", tag.pk, after=after)
        return tag


def _parent(actor: Actor, key: Key) -> Tag | None:
    if key.parent is None:
        return None
    found = live_at(key.parent) or redirected_from(key.parent)
    if found is None:
        found = _create(_parent(actor, key.parent), key.parent, "")
        record(actor, "tag.create", "tag", found.pk, after={"key": found.key, "for": str(key)})
    return found


def _create(parent: Tag | None, wanted: Key, description: str) -> Tag:
    above = place_of(parent) if parent else Key(known_namespace(wanted.namespace), ())
    key = above.below(wanted.names[-1])
    taken = live_at(key)
    if taken is not None:
        raise ConflictError("there is a tag {tag} already", tag=taken.key)
    end_redirects([key.folded])
    return Tag.objects.create(
        namespace=key.namespace,
        parent=parent,
        name=key.names[-1],
        key=str(key),
        folded=key.folded,
        description=description,
    )
