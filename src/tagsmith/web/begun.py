"""Sign-ins that go on at the provider, kept in the session of the browser that began them; each comes back once."""

import time
from dataclasses import asdict, dataclass

from django.conf import settings
from django.http import HttpRequest

from tagsmith.accounts.openid.proof import Begun

KEY = "sign-ins begun"
ID_TOKEN = "id token"  # noqa: S105 - where the session keeps what the provider asks for when they sign out
MOST = 5  # of one browser, in several windows
LONGEST = 900  # seconds that somebody may take at the provider


@dataclass(frozen=True)
class Waiting:
    """What has begun, and where to go afterwards."""

    begun: Begun
    goal: str


def keep(request: HttpRequest, begun: Begun, goal: str) -> None:
    """Keep what has begun until the browser comes back with its state."""
    waiting = request.session.get(KEY, {})
    waiting[begun.state] = {"begun": asdict(begun), "goal": goal, "at": time.time()}
    request.session[KEY] = dict(list(waiting.items())[-MOST:])


def take(request: HttpRequest) -> Waiting | None:
    """Return what this browser began with the state that it brings, and forget it; None if it did not, or long ago."""
    waiting = request.session.get(KEY, {})
    found = waiting.pop(request.GET.get("state", ""), None)
    if found is None:
        return None
    request.session[KEY] = waiting
    is_fresh = 0 <= time.time() - found["at"] <= LONGEST
    return Waiting(Begun(**found["begun"]), found["goal"]) if is_fresh else None


def origin_of(request: HttpRequest) -> str:
    """Return how browsers reach these pages: behind a proxy, by the trusted origin with the host that they name."""
    host = request.get_host()
    named = (one for one in settings.CSRF_TRUSTED_ORIGINS if one.partition("://")[2] == host)
    return next(named, f"{request.scheme}://{host}")
