"""Adding people and changing what they may do."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from tagsmith.accounts.models import Person, Role
from tagsmith.accounts.passwords import check_password_strength
from tagsmith.errors import BadInputError, ConflictError

LONGEST_NAME = 150


@transaction.atomic
def add_person(username: str, password: str | None, role: Role, name: str = "") -> Person:
    """Add somebody who can sign in; without a password, by a provider of OpenID Connect alone.

    Raises
    ------
    BadInputError
        The name is empty or holds what a name cannot, or the password is too weak; the message says which.
    ConflictError
        Somebody has this name already, in whatever case.
    """
    clean = username.strip()
    if not clean or len(clean) > LONGEST_NAME or not clean.isprintable():
        raise BadInputError("username: {name!r} is empty, too long, or not printable", name=clean[:40])
    if Person.objects.filter(username__iexact=clean).exists():
        raise ConflictError("username: {name!r} is taken", name=clean)
    person = Person(username=clean, name=name.strip(), role=role)
    if password is not None:
        check_password_strength(password, person)
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:  # somebody else was quicker
        raise ConflictError("username: {name!r} is taken", name=clean) from error
    return person


def set_password(person: Person, password: str) -> None:
    """Give somebody a new password; signs out their other sessions. Raises BadInputError if it is too weak."""
    check_password_strength(password, person)
    person.set_password(password)
    person.save(update_fields=("password",))


@transaction.atomic
def set_role(person: Person, role: Role) -> None:
    """Change what somebody may do; the last active administrator stays one. Raises ConflictError."""
    if role is not Role.ADMINISTRATOR:
        _keep_an_administrator(person)
    person.role = role
    person.save(update_fields=("role",))


@transaction.atomic
def deactivate(person: Person) -> None:
    """Keep somebody from signing in; what they did stays. Raises ConflictError for the last administrator."""
    _keep_an_administrator(person)
    person.is_active = False
    person.save(update_fields=("is_active",))


def activate(person: Person) -> None:
    """Let somebody sign in again."""
    person.is_active = True
    person.save(update_fields=("is_active",))


def end_sessions(person: Person) -> None:
    """Sign somebody out wherever they are signed in."""
    person.sessions_ended = timezone.now()
    person.save(update_fields=("sessions_ended",))


def _keep_an_administrator(person: Person) -> None:
    administrators = Person.objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True)
    if [administrator.pk for administrator in administrators] == [person.pk]:
        raise ConflictError("{username} is the last administrator; name another one first", username=person.username)
