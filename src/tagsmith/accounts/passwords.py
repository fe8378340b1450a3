"""What a password must be."""

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from tagsmith.accounts.models import Person
from tagsmith.errors import BadInputError


def check_password_strength(password: str, person: Person) -> None:
    """Raise BadInputError with every reason why the password is too weak for this person."""
    try:
        password_validation.validate_password(password, person)
    except ValidationError as error:
        raise BadInputError("password: {reasons}", reasons=" ".join(error.messages)) from error
