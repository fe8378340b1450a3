"""What a provider says of somebody: how they are called, and which groups they are in. Nothing is asked here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tagsmith.accounts.models import Role

EMAIL = "email"
FALLBACKS = ("preferred_username", "sub")

Claims = Mapping[str, Any]


@dataclass(frozen=True)
class Called:
    """What somebody is called, and whether that is proof enough for being the person of that user name."""

    name: str
    is_proof: bool


def called(claims: Claims, claim: str) -> Called | None:
    """Return what somebody is called by a claim, or by their e-mail if none is named; None if nothing can be said.

    An e-mail counts only if the provider has verified it. Where it has not, they are called something, but whoever
    chooses that for themselves does not come to be another by it.
    """
    if claim in {"", EMAIL}:
        if _is_verified(claims) and (name := _text(claims, EMAIL)):
            return Called(name, is_proof=True)
        names = () if claim else FALLBACKS
        return next((Called(name, is_proof=False) for one in names if (name := _text(claims, one))), None)
    name = _text(claims, claim)
    return Called(name, is_proof=True) if name else None


def is_same_name(one: str, other: str) -> bool:
    """Whether two names are one in whatever case, of plain letters alone: others have look-alikes in another case."""
    return one == other or (one.isascii() and other.isascii() and one.lower() == other.lower())


def role_in(claims: Claims, claim: str, roles: Mapping[str, str]) -> Role:
    """Return the highest role that somebody's groups have; a viewer's, if none of them has one."""
    found = {Role(roles[group]) for group in groups(claims, claim) if group in roles}
    return max(found, key=list(Role).index, default=Role.VIEWER)


def groups(claims: Claims, claim: str) -> list[str]:
    """Return the groups in a claim, which is a list or a single one."""
    value = find(claims, claim)
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]


def find(claims: Claims, claim: str) -> Any:
    """Return a claim by its name, or by a path of names between dots; None if it is not there."""
    if claim in claims:
        return claims[claim]
    value: Any = claims
    for step in claim.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _is_verified(claims: Claims) -> bool:
    verified = claims.get("email_verified")
    return verified is True or verified == "true"  # some providers say it in a word


def _text(claims: Claims, claim: str) -> str:
    value = find(claims, claim)
    return value.strip() if isinstance(value, str) else ""
