"""What a provider of OpenID Connect says about itself, and what of it is believed."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tagsmith.errors import ProviderError

PATH = "/.well-known/openid-configuration"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
OPTIONAL = ("userinfo_endpoint", "end_session_endpoint")
# By keys that only the provider has: never "none", and nothing signed with a secret that is also ours.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519")


def address_of(issuer: str) -> str:
    """Return where an issuer describes itself."""
    return issuer.removesuffix("/") + PATH


def checked(document: Any, issuer: str) -> dict[str, Any]:
    """Return what is used of an issuer's description of itself.

    Raises
    ------
    ProviderError
        It is of another issuer, lacks something, or would have secrets travel in the open.
    """
    if not isinstance(document, Mapping):
        raise ProviderError(f"{address_of(issuer)} is no description of a provider")
    if document.get("issuer") != issuer:
        raise ProviderError(f"the provider calls itself {document.get('issuer')!r}, not {issuer!r}")
    addresses = {name: document.get(name) for name in (*NEEDED, *OPTIONAL) if name in NEEDED or document.get(name)}
    for name, address in addresses.items():
        if not _is_safe(address, issuer):
            raise ProviderError(f"the provider's {name} is {address!r}")
    return {
        "issuer": issuer,
        **addresses,
        "id_token_signing_alg_values_supported": _algorithms(document),
        "token_endpoint_auth_method": _method(document),
    }


def _is_safe(address: Any, issuer: str) -> bool:
    allowed = {"https", urlsplit(issuer).scheme}
    return isinstance(address, str) and urlsplit(address).scheme in allowed and bool(urlsplit(address).hostname)


def _algorithms(document: Mapping[str, Any]) -> list[str]:
    offered = _words(document, "id_token_signing_alg_values_supported") or ["RS256"]
    known = [name for name in ALGORITHMS if name in offered]
    if not known:
        raise ProviderError(f"the provider signs with {', '.join(offered)}; none of these is taken")
    return known


def _method(document: Mapping[str, Any]) -> str:
    """Return how the secret is sent: as the provider prefers it, of the two ways that there are."""
    offered = _words(document, "token_endpoint_auth_methods_supported")
    return "client_secret_post" if offered and "client_secret_basic" not in offered else "client_secret_basic"


def _words(document: Mapping[str, Any], name: str) -> list[str]:
    words = document.get(name)
    return [word for word in words if isinstance(word, str)] if isinstance(words, list) else []
