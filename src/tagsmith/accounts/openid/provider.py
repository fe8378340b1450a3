"""The provider of OpenID Connect that people may sign in by, if there is one; said once where all is put together."""

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from tagsmith.errors import NotFoundError

if TYPE_CHECKING:
    from tagsmith.accounts.openid.client import Client


@dataclass(frozen=True)
class Provider:
    """Where it is, and as what it knows this installation. `label` is what the button says, if anything of its own."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str = ""
    scopes: str = "openid email profile"
    signs_out: bool = False


_current: list[Provider] = []


def configure(provider: Provider | None) -> None:
    """Say once by whom people may sign in, or that they do by passwords alone."""
    _current[:] = [provider] if provider else []


def provider() -> Provider | None:
    """Return by whom people may sign in; None if by passwords alone."""
    return _current[0] if _current else None


def client() -> "Client":
    """Return what talks to the provider, the same each time; raises NotFoundError if there is none."""
    known = provider()
    if known is None:
        raise NotFoundError("people sign in by passwords alone")
    return _client(known)


@cache
def _client(known: Provider) -> "Client":
    from tagsmith.accounts.openid.client import Client  # noqa: PLC0415 - loaded when somebody signs in by it

    return Client(known)
