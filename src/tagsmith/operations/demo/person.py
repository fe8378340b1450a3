"""Who signs in to the demonstration: a person whose password lies in the data folder, so that it can be said again."""

import secrets
from pathlib import Path

from tagsmith.accounts.models import Person, Role
from tagsmith.accounts.selectors import find_person
from tagsmith.accounts.services import add_person, set_password
from tagsmith.atomic import write_private
from tagsmith.errors import NotFoundError, WriteError

NAME = "demo"
FILE = "demo-password"


def demo_password(data: Path) -> str:
    """Return the password of the administrator `demo`, who is made where missing; empty if it was changed since.

    Raises
    ------
    WriteError
        The data folder cannot be written.
    """
    file = data / FILE
    try:
        password = file.read_text() if file.exists() else ""
        is_new = not password
        if is_new:
            file.unlink(missing_ok=True)
            password = "-".join(secrets.token_hex(2) for _ in range(4))
            write_private(file, password)
    except OSError as error:
        raise WriteError(f"{file}: {error.strerror}") from error
    person = _present(password)
    if is_new and not person.check_password(password):
        set_password(person, password)
    return password if person.check_password(password) else ""


def _present(password: str) -> Person:
    try:
        return find_person(NAME)
    except NotFoundError:
        return add_person(NAME, password, Role.ADMINISTRATOR, "Demo")
