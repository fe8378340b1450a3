"""Signing in with a password; whoever guesses has to wait longer and longer."""

from datetime import timedelta

from django.contrib import auth
from django.db import transaction
from django.utils import timezone

from tagsmith.accounts.models import Attempts, Person
from tagsmith.errors import SignInError

FREE = 5  # wrong passwords in a row before the first wait
LONGEST = 900  # seconds
FORGOTTEN = timedelta(days=1)


def authenticate(username: str, password: str, address: str) -> Person:
    """Return the person of this name, whose password it is.

    Counted by name and address: nobody can lock out somebody who comes from elsewhere. An attempt counts before it is
    looked at, so that many at once are not free.

    Raises
    ------
    SignInError
        Name and password do not go together, the person is not active, or too many attempts were wrong.
    """
    who = username.strip().casefold()
    count_attempt(who, address)
    person = auth.authenticate(username=username.strip(), password=password)
    if not isinstance(person, Person):
        raise SignInError
    forget_attempts(who, address)
    return person


@transaction.atomic
def count_attempt(who: str, address: str) -> None:
    """Note that somebody tries to sign in; raises SignInError if they have to wait."""
    now = timezone.now()
    Attempts.objects.filter(last__lt=now - FORGOTTEN).delete()
    attempts, is_new = Attempts.objects.select_for_update().get_or_create(
        **_key(who, address), defaults={"count": 1, "last": now}
    )
    if is_new:
        return
    open_from = attempts.last + timedelta(seconds=wait_after(attempts.count))
    if now < open_from:
        raise SignInError(int((open_from - now).total_seconds()) + 1)
    attempts.count, attempts.last = attempts.count + 1, now
    attempts.save()


def forget_attempts(who: str, address: str) -> None:
    """Forget how often somebody tried: they got in."""
    Attempts.objects.filter(**_key(who, address)).delete()


def wait_after(count: int) -> int:
    """Return how many seconds to wait after so many wrong passwords in a row."""
    return min(2 ** (count - FREE), LONGEST) if count >= FREE else 0


def _key(who: str, address: str) -> dict[str, str]:
    return {"username": who[:150], "address": address[:100]}
