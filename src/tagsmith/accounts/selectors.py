"""Reading who there is."""

from django.db.models import QuerySet

from tagsmith.accounts.models import Person
from tagsmith.errors import NotFoundError


def people() -> QuerySet[Person]:
    """Return everybody, by name."""
    return Person.objects.order_by("username")


def find_person(username: str) -> Person:
    """Return the person of this name, in whatever case; raises NotFoundError."""
    person = Person.objects.filter(username__iexact=username.strip()).first()
    if person is None:
        raise NotFoundError(f"nobody is called {username!r}")
    return person


def get_person(number: int) -> Person:
    """Return a person; raises NotFoundError."""
    person = Person.objects.filter(pk=number).first()
    if person is None:
        raise NotFoundError(f"no person {number}")
    return person
