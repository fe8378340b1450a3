"""Whether somebody whom the provider of OpenID Connect has signed in may sign in here, and as whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from tagsmith.accounts.models import Person, Role
from tagsmith.accounts.openid.binding import bind, find_bound
from tagsmith.accounts.openid.claims import EMAIL, called, is_same_name, role_in
from tagsmith.accounts.openid.proof import Proof
from tagsmith.accounts.sign_in import count_attempt, forget_attempts
from tagsmith.assets.models import Folder
from tagsmith.assets.scope import EVERYTHING
from tagsmith.assets.selectors.folders import find_folder
from tagsmith.assets.services.folders import grant, show_nothing
from tagsmith.audit.services import Actor, record
from tagsmith.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from tagsmith.operations.people import SUBJECT, add_person, set_role

PROVIDER = Actor(name="sign-in provider")
REFUSED = "person.refused"
UNKNOWN, OTHER, OFF, NAMELESS, TAKEN = "unknown", "other subject", "switched off", "no name", "name taken"


@dataclass(frozen=True)
class Admission:
    """Who is let in: by which claims, and what becomes of somebody unknown.

    `folders` are those that somebody new sees; without any they see nothing until an administrator gives them some.
    """

    name_claim: str = ""
    role_claim: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    takes_unknown: bool = False
    folders: tuple[str, ...] = ()

    @property
    def wanted(self) -> tuple[str, ...]:
        """The claims that it looks at."""
        names = (EMAIL, "email_verified") if self.name_claim in {"", EMAIL} else (self.name_claim,)
        return (*names, self.role_claim) if self.role_claim else names


_current: list[Admission] = [Admission()]


def configure(admission: Admission) -> None:
    """Say once, where the program is put together, who is let in."""
    _current[:] = [admission]


def admission() -> Admission:
    """Return who is let in."""
    return _current[0]


def admit(proof: Proof, address: str) -> Person:
    """Return the person whom the provider has signed in, bound to the subject if they are not yet.

    Raises
    ------
    RefusedError
        Nobody here is meant, somebody who may not sign in, or somebody who is bound to another subject.
    SignInError
        They were refused too often.
    """
    who = f"{proof.subject}@{proof.issuer}"
    count_attempt(who, address)
    try:
        with transaction.atomic():
            person = _admitted(proof)
            record(Actor(person), "person.signed in", SUBJECT, person.pk)
    except RefusedError as error:
        known = Person.objects.filter(username=error.who).first()
        after = {"username": error.who, "reason": error.reason, "issuer": proof.issuer, "subject": proof.subject}
        record(PROVIDER, REFUSED, SUBJECT, known.pk if known else 0, after=after)
        raise
    forget_attempts(who, address)
    return person


def missing_folders() -> Iterator[str]:
    """Yield which of the folders that somebody new is to see are not there."""
    for path in admission().folders:
        if _folder(path) is None:
            yield path


def _admitted(proof: Proof) -> Person:
    rules = admission()
    person = find_bound(proof) or _newly_bound(proof, rules)
    if not person.is_active:
        raise RefusedError(person.username, OFF)
    if rules.role_claim:
        _take_role(person, role_in(proof.claims, rules.role_claim, rules.roles))
    return person


def _newly_bound(proof: Proof, rules: Admission) -> Person:
    """Return who is meant by the name that the provider gives, bound from now on; somebody new if that is allowed."""
    named = called(proof.claims, rules.name_claim)
    if named is None:
        raise RefusedError(proof.subject, NAMELESS)
    person = Person.objects.filter(username__iexact=named.name).first()
    if person is None and rules.takes_unknown and Person.objects.exists():  # the first is who sets it up
        person = _new(named.name, str(proof.claims.get("name", "")), rules)
    elif person is None or not named.is_proof or not is_same_name(person.username, named.name):
        raise RefusedError(named.name, TAKEN if person else UNKNOWN)
    if not person.is_active:
        raise RefusedError(person.username, OFF)
    try:
        bind(person, proof, named.name)
    except ConflictError as error:
        raise RefusedError(person.username, OTHER) from error
    after = {"name": named.name, "issuer": proof.issuer, "subject": proof.subject}
    record(PROVIDER, "person.bound", SUBJECT, person.pk, after=after)
    return person


def _new(username: str, name: str, rules: Admission) -> Person:
    try:
        person = add_person(PROVIDER, username, None, Role.VIEWER, name[:200])
    except (BadInputError, ConflictError) as error:
        raise RefusedError(username, NAMELESS) from error
    show_nothing(person)
    for folder in filter(None, map(_folder, rules.folders)):
        grant(PROVIDER, folder, person)
    return person


def _folder(path: str) -> Folder | None:
    try:
        return find_folder(EVERYTHING, path.strip("/"))
    except NotFoundError:
        return None


def _take_role(person: Person, role: Role) -> None:
    try:
        with transaction.atomic():
            set_role(PROVIDER, person, role)
    except ConflictError:  # the last administrator stays one
        person.refresh_from_db(fields=("role",))
