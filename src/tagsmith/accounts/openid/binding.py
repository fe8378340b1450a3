"""Who is bound to which subject of the provider, so that nobody comes to be another by a new name or e-mail there."""

from django.db import transaction
from django.utils import timezone

from tagsmith.accounts.models import Identity, Person
from tagsmith.accounts.openid.proof import Proof
from tagsmith.accounts.services import end_sessions
from tagsmith.errors import ConflictError, NotFoundError


def find_bound(proof: Proof) -> Person | None:
    """Return who is bound to the subject, and note that they came; None if nobody is."""
    identity = Identity.objects.select_related("person").filter(issuer=proof.issuer, subject=proof.subject).first()
    if identity is None:
        return None
    Identity.objects.filter(pk=identity.pk).update(used=timezone.now())
    return identity.person


@transaction.atomic
def bind(person: Person, proof: Proof, shown: str) -> Identity:
    """Bind somebody to a subject; raises ConflictError if they are bound to another of this provider."""
    Person.objects.select_for_update().get(pk=person.pk)
    if Identity.objects.filter(person=person, issuer=proof.issuer).exists():
        raise ConflictError("{username} is bound to another subject", username=person.username)
    return Identity.objects.create(person=person, issuer=proof.issuer, subject=proof.subject, shown=shown[:255])


@transaction.atomic
def unbind(person: Person, identity_id: int) -> Identity:
    """Free somebody from a subject and sign them out; who next comes by their name is bound. Raises NotFoundError."""
    identity = Identity.objects.filter(pk=identity_id, person=person).first()
    if identity is None:
        raise NotFoundError(f"{person.username} is not bound by {identity_id}")
    identity.delete()
    end_sessions(person)
    return identity
