"""Who may use the library, and as what; each change goes to the audit log, which never holds a password."""

from django.db import transaction

from tagsmith.accounts import services
from tagsmith.accounts.models import Person, Role
from tagsmith.accounts.openid import binding
from tagsmith.audit.services import Actor, record

SUBJECT = "person"


@transaction.atomic
def add_person(actor: Actor | None, username: str, password: str | None, role: Role, name: str = "") -> Person:
    """Add somebody who can sign in; without an actor, they add themselves; without a password, by a provider alone.

    Raises
    ------
    BadInputError
        The name or the password will not do; the message says which and why.
    ConflictError
        Somebody has this name already.
    """
    person = services.add_person(username, password, role, name)
    after = {"username": person.username, "role": person.role}
    record(actor or Actor(person), "person.added", SUBJECT, person.pk, after=after)
    return person


@transaction.atomic
def set_role(actor: Actor, person: Person, role: Role) -> None:
    """Change what somebody may do; raises ConflictError for the last administrator."""
    before = person.role
    if before == role:
        return
    services.set_role(person, role)
    record(actor, "person.role", SUBJECT, person.pk, before={"role": before}, after={"role": role})


@transaction.atomic
def set_password(actor: Actor, person: Person, password: str) -> None:
    """Give somebody a new password; raises BadInputError if it is too weak."""
    services.set_password(person, password)
    record(actor, "person.password", SUBJECT, person.pk)


@transaction.atomic
def unbind(actor: Actor, person: Person, identity_id: int) -> None:
    """Free somebody from a subject of the provider, and sign them out; raises NotFoundError."""
    identity = binding.unbind(person, identity_id)
    before = {"issuer": identity.issuer, "subject": identity.subject, "name": identity.shown}
    record(actor, "person.unbound", SUBJECT, person.pk, before=before)


@transaction.atomic
def deactivate(actor: Actor, person: Person) -> None:
    """Keep somebody from signing in; raises ConflictError for the last administrator."""
    services.deactivate(person)
    record(actor, "person.deactivated", SUBJECT, person.pk)


@transaction.atomic
def activate(actor: Actor, person: Person) -> None:
    """Let somebody sign in again."""
    services.activate(person)
    record(actor, "person.activated", SUBJECT, person.pk)
