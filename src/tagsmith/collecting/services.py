"""Saving searches and making collections; changing, sharing and deleting them. What is in a collection: `picking`.

Each act is in the audit log with all that it changed, under a unit by which `undoing` takes it back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, Unpack
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from tagsmith.accounts.models import Person, Role
from tagsmith.audit.services import Actor, record
from tagsmith.collecting.models import Collection, Kept, Picked, SavedSearch
from tagsmith.collecting.naming import Facts, checked, folded
from tagsmith.errors import BadInputError, ConflictError, NotFoundError

CREATED, CHANGED, DELETED = "created", "changed", "deleted"
SUBJECTS: dict[type[Kept], str] = {SavedSearch: "saved search", Collection: "collection"}
FIELDS: dict[type[Kept], tuple[str, ...]] = {
    SavedSearch: ("name", "shared", "text"),
    Collection: ("name", "shared", "description"),
}
K = TypeVar("K", bound=Kept)


def save_search(owner: Person, name: str, text: str, *, shared: bool = False) -> SavedSearch:
    """Keep what is in the search box under a name; raises as `create_collection` does, also for an empty text."""
    return _create(SavedSearch, owner, uuid4(), name=name, text=text, shared=shared)


def create_collection(
    owner: Person, name: str, description: str = "", *, shared: bool = False, unit: UUID | None = None
) -> Collection:
    """Make a collection with nothing in it.

    Raises
    ------
    BadInputError
        The name is empty or cannot be one, or it is to be shared by somebody who may not; the message says which.
    ConflictError
        The owner has another one of this name.
    """
    return _create(Collection, owner, unit or uuid4(), name=name, description=description, shared=shared)


@transaction.atomic
def change(actor: Actor, kept: K, **facts: Unpack[Facts]) -> UUID | None:
    """Rename, describe, share or reword something; return the unit that takes it back, None if nothing changed.

    Raises as creating does. To make private what is shared is its owner's alone: for all others it would be gone.
    """
    unit, row = uuid4(), locked(actor, kept)
    before = state(row)
    if row.shared and not facts.get("shared", True) and actor.person not in (None, row.owner):
        raise BadInputError("shared: only {owner}, whose it is, can make it private", owner=row.owner.username)
    put(row, checked(facts))
    if state(row) == before:
        return None
    said(actor, CHANGED, row, before=before, after=state(row), unit=unit)
    return unit


@transaction.atomic
def delete(actor: Actor, kept: Kept) -> UUID:
    """Delete something; return the unit that brings it back as it was, under its old number."""
    unit, row = uuid4(), locked(actor, kept)
    said(actor, DELETED, row, before={**state(row), "owner": row.owner_id, "picked": _picked(row)}, unit=unit)
    row.delete()
    return unit


def locked(actor: Actor, kept: K) -> K:
    """Return the row as it is now, to be changed; raises NotFoundError if it is gone or not for the actor to change."""
    rows = type(kept).objects.select_for_update(of=("self",)).select_related("owner")
    row: K | None = rows.filter(pk=kept.pk).first()
    if row is None or not (actor.person is None or row.may_be_changed_by(actor.person)):
        raise NotFoundError("there is no {what} {number} to change", what=SUBJECTS[type(kept)], number=kept.pk)
    return row


def put(row: Kept, facts: Facts) -> None:
    """Write checked facts; raises ConflictError if the owner has another one of the name."""
    if facts.get("shared") and not row.shared and not row.owner.may(Role.EDITOR):
        raise BadInputError("shared: only editors share with everybody")
    for field, value in facts.items():
        setattr(row, field, value)
    row.folded = folded(row.name)
    with _name_is_free(row):
        row.save()


def said(actor: Actor, what: str, row: Kept, **how: Any) -> None:
    """Note in the audit log what was done to something."""
    record(actor, f"{SUBJECTS[type(row)]}.{what}", SUBJECTS[type(row)], row.pk, **how)


def state(row: Kept) -> dict[str, Any]:
    """Return what people say about something."""
    return {field: getattr(row, field) for field in FIELDS[type(row)]}


@transaction.atomic
def _create(kind: type[K], owner: Person, unit: UUID, **facts: Unpack[Facts]) -> K:
    row = kind(owner=owner)
    put(row, checked(facts))
    said(Actor(owner), CREATED, row, after=state(row), unit=unit)
    return row


def _picked(row: Kept) -> list[list[int]]:
    """Return keys and assets of what is in a collection, from which it can be filled again as it was."""
    found = Picked.objects.filter(collection=row.pk) if isinstance(row, Collection) else Picked.objects.none()
    return [list(one) for one in found.order_by("pk").values_list("pk", "asset_id")]


@contextmanager
def _name_is_free(row: Kept) -> Iterator[None]:
    """Say in words that a name is taken."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise ConflictError(
            "name: {owner} has another one of the name {name!r}", owner=row.owner.username, name=row.name
        ) from error
