"""What every change shares: the one lock, the tag as it is now, and the redirects."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from tagsmith.errors import ConflictError, NotFoundError
from tagsmith.taxonomy.keys import Key, fold
from tagsmith.taxonomy.models import Redirect, Tag
from tagsmith.taxonomy.selectors import live_tags

_LOCK = 0x7A67_5A78  # one number of PostgreSQL's advisory locks is the taxonomy's


@contextmanager
def changing() -> Iterator[None]:
    """Run one change in a transaction, alone: others wait until it has ended.

    Locking rows would not do: their order, their keys, changes while one waits for them, and a subtree can gain a
    tag that nobody has locked. A caller with a transaction of its own enters here before it locks anything else.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield


def holding() -> None:
    """Keep the taxonomy as it is until the caller's transaction ends; many may at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])


def fresh(tag: Tag) -> Tag:
    """Return the tag as it is now, and hold off new references to it.

    Raises
    ------
    ConflictError
        Somebody deleted or merged it meanwhile.
    """
    found = Tag.objects.select_for_update().filter(pk=tag.pk).first()
    if found is None:
        raise NotFoundError(f"no tag {tag.key}")
    if found.merged_into_id is not None:
        into = Tag.objects.values_list("key", flat=True).get(pk=found.merged_into_id)
        raise ConflictError("{tag} was merged into {into} meanwhile", tag=found.key, into=into)
    if found.deleted is not None:
        raise ConflictError("{tag} was deleted meanwhile", tag=found.key)
    return found


def known_namespace(name: str) -> str:
    """Return a namespace as it is spelled already, if it is in use."""
    used = live_tags().filter(folded__startswith=fold(name) + ":").values_list("namespace", flat=True).first()
    return used or name


def place_of(tag: Tag) -> Key:
    """Return a stored tag's key, which needs no checks."""
    namespace, _, path = tag.key.partition(":")
    return Key(namespace, tuple(path.split("/")))


def end_redirects(keys: Iterable[str]) -> None:
    """Forget where these folded keys led: tags live there now."""
    Redirect.objects.filter(folded__in=list(keys)).delete()


def leave_redirects(moved: Iterable[tuple[str, Tag]]) -> None:
    """Let keys at which no tag lives any more lead to tags."""
    Redirect.objects.bulk_create(
        [Redirect(key=key, folded=fold(key), tag=tag) for key, tag in moved],
        update_conflicts=True,
        unique_fields=["folded"],
        update_fields=["key", "tag"],
    )
