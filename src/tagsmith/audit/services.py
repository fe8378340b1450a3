"""Adding to the audit log; whoever changes something says so in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tagsmith.accounts.models import Person
from tagsmith.audit.models import Entry


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
    return Entry.objects.create(
        actor=actor.person,
        actor_name=actor.shown,
        action=action,
        subject=subject,
        subject_id=subject_id,
        before=before,
        after=after,
        unit=unit,
    )
