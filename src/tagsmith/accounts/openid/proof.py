"""What goes to the provider and comes back: a sign-in that has begun, and whom it proved."""

from dataclasses import dataclass

from tagsmith.accounts.openid.claims import Claims


@dataclass(frozen=True)
class Begun:
    """A sign-in that goes on at the provider, and what must come back from there."""

    url: str
    state: str
    nonce: str
    code_verifier: str
    back: str


@dataclass(frozen=True)
class Proof:
    """Whom the provider has signed in: proven, and meant for us."""

    issuer: str
    subject: str
    claims: Claims
    id_token: str
