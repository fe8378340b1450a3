"""Taking back what somebody did, from the audit log. Rows come back under their old keys: all stands as before."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction

from tagsmith.accounts.models import Person
from tagsmith.assets.models import Asset
from tagsmith.audit.models import Entry
from tagsmith.audit.services import Actor, refuse_undone, undoing_of
from tagsmith.collecting.models import Collection, Kept, Picked
from tagsmith.collecting.picking import ADDED, REMOVED
from tagsmith.collecting.services import CHANGED, CREATED, DELETED, SUBJECTS, delete, locked, put, said, state
from tagsmith.errors import ConflictError, NotFoundError

UNDONE = "undone"
KINDS = {subject: kind for kind, subject in SUBJECTS.items()}


@transaction.atomic
def undo(actor: Actor, unit: UUID) -> Kept:
    """Take back what the actor did as one unit, the last act first; return what it was done to.

    Raises
    ------
    NotFoundError
        The actor did nothing as this unit, or what it was done to is gone, or no longer theirs to change.
    ConflictError
        It was taken back before or has been changed since, or its name has been given away; the message says which.
    """
    entries = Entry.objects.filter(unit=unit, subject__in=KINDS, actor=actor.person).order_by("-pk")
    undoing, row = undoing_of(unit), None
    if entries:
        refuse_undone(unit)
    for entry in entries:
        what = entry.action.removeprefix(f"{entry.subject}.")
        if what in _UNDO:
            row = _UNDO[what](actor, entry)
            said(actor, UNDONE, row, after={"unit": str(unit)}, unit=undoing)
    if row is None:
        raise NotFoundError("there is nothing to take back")
    return row


def _found(actor: Actor, entry: Entry) -> Kept:
    row = KINDS[entry.subject]()
    row.pk = entry.subject_id
    return locked(actor, row)


def _empty_out(actor: Actor, entry: Entry) -> Kept:
    row = _found(actor, entry)
    Picked.objects.filter(collection=row.pk, pk__in=[key for key, _ in (entry.after or {})["picked"]]).delete()
    return row


def _fill_again(actor: Actor, entry: Entry) -> Kept:
    row = _found(actor, entry)
    _put_back(row, (entry.before or {})["picked"])
    return row


def _change_back(actor: Actor, entry: Entry) -> Kept:
    row = _found(actor, entry)
    if state(row) != entry.after:
        raise ConflictError("{name}: it has been changed since", name=row.name)
    put(row, _facts(entry))
    return row


def _bring_back(actor: Actor, entry: Entry) -> Kept:
    kind, before = KINDS[entry.subject], entry.before or {}
    row = kind(owner=Person.objects.get(pk=before["owner"]))
    row.pk = entry.subject_id
    if actor.person and not kind(owner=row.owner, shared=before["shared"]).may_be_changed_by(actor.person):
        raise NotFoundError("there is nothing to take back")
    put(row, _facts(entry))
    _put_back(row, before["picked"])
    return row


def _unmake(actor: Actor, entry: Entry) -> Kept:
    """Delete what was made for something that is taken back, unless something else is in it by now."""
    row = _found(actor, entry)
    if not isinstance(row, Collection) or not row.picked.exists():
        delete(actor, row)
        row.pk = entry.subject_id
    return row


def _facts(entry: Entry) -> Any:
    before = entry.before or {}
    return {field: before[field] for field in state(KINDS[entry.subject]())}


def _put_back(row: Kept, picked: list[list[int]]) -> None:
    """Put assets back in where they were; those that are gone for good stay away."""
    there = set(Asset.objects.filter(pk__in=[asset for _, asset in picked]).values_list("pk", flat=True))
    rows = [Picked(pk=key, collection_id=row.pk, asset_id=asset) for key, asset in picked if asset in there]
    Picked.objects.bulk_create(rows, ignore_conflicts=True)  # one may have been added again meanwhile


_UNDO: dict[str, Callable[[Actor, Entry], Kept]] = {
    CREATED: _unmake,
    CHANGED: _change_back,
    DELETED: _bring_back,
    ADDED: _empty_out,
    REMOVED: _fill_again,
}
