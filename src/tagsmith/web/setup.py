"""The first person: made by whoever has the address that `tagsmith serve` prints, while there is nobody yet."""

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from tagsmith.accounts.models import Person, Role
from tagsmith.errors import NotFoundError
from tagsmith.operations.people import add_person

LENGTH = 40


def setup_path() -> str:
    """Return the path of the set-up page, with its token; nothing once there is somebody."""
    return "" if Person.objects.exists() else reverse("setup", args=(_token(),))


def check_setup(token: str) -> None:
    """Raise NotFoundError unless the token is right and nobody is there yet."""
    if not constant_time_compare(token, _token()) or Person.objects.exists():
        raise NotFoundError("there is nothing to set up")


def make_first_person(username: str, password: str, name: str) -> Person:
    """Add the first administrator; raises BadInputError if the name or the password will not do."""
    return add_person(None, username, password, Role.ADMINISTRATOR, name)


def _token() -> str:
    """Return the installation's token; it follows from its secret, so that it is the same in every process."""
    return salted_hmac("tagsmith.web.setup", "the first person").hexdigest()[:LENGTH]
