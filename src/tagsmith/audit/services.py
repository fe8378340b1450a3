"""Adding to the audit log; whoever changes something says so in the same transaction."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

from django.db import connection
from django.utils import timezone

from tagsmith.accounts.models import Person
from tagsmith.audit.models import Entry
from tagsmith.errors import ConflictError


@dataclass(frozen=True)
class Actor:
    """Who changes something: a person, or a machine by the name of what it does."""

    person: Person | None = None
    name: str = ""

    @property
    def shown(self) -> str:
        """The name that stays when the person is gone."""
        return self.person.username if self.person else self.name


COMMAND_LINE = Actor(name="command line")
BLOCK = 2000  # entries
# One value for the driver, which takes its time for each. The last gets the highest number: numbers are given in order.
_ADD = """
INSERT INTO audit_entry (at, actor_id, actor_name, action, subject, unit, stands_for, subject_id, before, after)
SELECT %s, %s, %s, %s, %s, unit, CASE WHEN unit IS NULL THEN 1 WHEN place = total THEN total ELSE 0 END,
       id, before, after
  FROM ROWS FROM (json_to_recordset(%s::json) AS (id bigint, before jsonb, after jsonb))
       WITH ORDINALITY AS one (id, before, after, place),
       (VALUES (%s::uuid, %s::bigint)) AS of_all (unit, total)
 ORDER BY place
"""


def record(
    actor: Actor,
    action: str,
    subject: str,
    subject_id: int,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    unit: UUID | None = None,
) -> Entry:
    """Add one entry: what was done to which thing, its state before and after."""
    entry = _entry(actor, action, subject, Change(subject_id, before, after), unit)
    entry.save()
    return entry


def record_all(actor: Actor, action: str, subject: str, changes: Iterable["Change"], unit: UUID | None = None) -> None:
    """Add an entry for each of many things to which the same was done, thousands in a statement."""
    waiting, alike = iter(changes), (actor.person.pk if actor.person else None, actor.shown, action, subject)
    while block := list(islice(waiting, BLOCK)):
        rows = [{"id": one.subject_id, "before": one.before, "after": one.after} for one in block]
        with connection.cursor() as cursor:
            cursor.execute(_ADD, (timezone.now(), *alike, json.dumps(rows), unit, len(rows)))


def undoing_of(unit: UUID) -> UUID:
    """Return the unit as which a unit is taken back: it can be asked of the log whether, when and by whom it was."""
    return uuid5(unit, "undo")


def refuse_undone(unit: UUID) -> None:
    """Raise ConflictError if a unit was taken back before; what was left alone then has been somebody's since."""
    if Entry.objects.filter(unit=undoing_of(unit)).exists():
        raise ConflictError("this was undone before")


@dataclass(frozen=True)
class Change:
    """A thing, and its state before and after."""

    subject_id: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def _entry(actor: Actor, action: str, subject: str, change: Change, unit: UUID | None) -> Entry:
    return Entry(
        actor=actor.person,
        actor_name=actor.shown,
        action=action,
        subject=subject,
        subject_id=change.subject_id,
        before=change.before,
        after=change.after,
        unit=unit,
    )
