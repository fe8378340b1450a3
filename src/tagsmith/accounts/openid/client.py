"""Talking to a provider of OpenID Connect: Authlib does the protocol; what of it is believed, and how long, is here."""

import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OAuthError, OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import BadSignatureError, JoseError
from requests import RequestException

from tagsmith.accounts.openid.claims import find
from tagsmith.accounts.openid.discovery import address_of, checked
from tagsmith.accounts.openid.proof import Begun, Proof
from tagsmith.accounts.openid.provider import Provider
from tagsmith.errors import ProviderError, UntrustedError

TIMEOUT = 5  # seconds for each answer of the provider
KEPT = 3600  # seconds for which its description and its keys are believed
LEEWAY = 60  # seconds by which clocks may differ
AT_ONCE = 4  # who talk to it at the same time: whoever waits for it must not keep the pages from all others
LONGEST = 255  # characters of a subject


class Client:
    """One provider; may be used by several threads."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._app = _App(provider)
        self._places = threading.BoundedSemaphore(AT_ONCE)

    def begin(self, back: str) -> Begun:
        """Return where to send somebody to sign in, who then comes back to the address `back`; raises ProviderError."""
        with self._talking():
            begun = self._app.create_authorization_url(back)
        return Begun(begun["url"], begun["state"], begun["nonce"], begun["code_verifier"], back)

    def finish(self, begun: Begun, code: str, wanted: Collection[str]) -> Proof:
        """Return who has come back with a code; claims that are wanted are asked for where the token lacks them.

        Raises
        ------
        UntrustedError
            The token is forged, expired, of another issuer, or meant for another installation or another sign-in.
        ProviderError
            The provider does not answer, or takes the code or our secret for wrong.
        """
        with self._talking():
            token = self._app.fetch_access_token(begun.back, code=code, code_verifier=begun.code_verifier)
            claims = self._believed(token, begun.nonce)
            if any(find(claims, claim) is None for claim in wanted):
                claims = {**self._more(token, claims["sub"]), **claims}
        return Proof(self.provider.issuer, claims["sub"], claims, token["id_token"])

    def leave(self, id_token: str, back: str) -> str:
        """Return where to send somebody to sign out there, too; empty if the provider has no place for it."""
        with self._talking():
            if "end_session_endpoint" not in self._app.load_server_metadata():
                return ""
            return str(self._app.create_logout_url(back, id_token)["url"])

    def look(self) -> None:
        """Ask the provider what it says about itself, and for its keys; raises ProviderError if one will not do."""
        with self._talking():
            self._app.forget()
            if not self._app.fetch_jwk_set().get("keys"):
                raise ProviderError("the provider has no keys")

    def _believed(self, token: dict[str, Any], nonce: str) -> dict[str, Any]:
        if not isinstance(token.get("id_token"), str):
            raise UntrustedError("the provider sent no id token")
        options = {
            "iss": {"essential": True, "value": self.provider.issuer},
            "aud": {"essential": True, "value": self.provider.client_id},
        }
        try:
            claims = dict(self._app.parse_id_token(token, nonce, claims_options=options, leeway=LEEWAY))
        except BadSignatureError:  # the keys may have changed under the same name, or have none
            self._app.fetch_jwk_set(force=True)
            claims = dict(self._app.parse_id_token(token, nonce, claims_options=options, leeway=LEEWAY))
        if not 0 < len(claims["sub"]) <= LONGEST:
            raise UntrustedError("the id token's subject is empty or too long")
        return claims

    def _more(self, token: dict[str, Any], subject: str) -> dict[str, Any]:
        """Return what the provider says of somebody when asked: some put little into the token."""
        if "userinfo_endpoint" not in self._app.load_server_metadata():
            return {}
        more = dict(self._app.userinfo(token=token))
        if more.get("sub") != subject:
            raise UntrustedError("what the provider says further is of somebody else")
        return more

    @contextmanager
    def _talking(self) -> Iterator[None]:
        """Take one of few places, and give what can go wrong in Authlib, in the network and in answers our names."""
        if not self._places.acquire(blocking=False):
            raise ProviderError("too many are signing in at once")
        try:
            yield
        except JoseError as error:
            raise UntrustedError(f"the id token does not hold: {error}") from error
        except OAuthError as error:
            raise ProviderError(f"the provider refuses: {error}") from error
        except (RequestException, ValueError, KeyError, TypeError, AttributeError) as error:
            reason = " ".join(str(error).split())
            raise ProviderError(f"the provider does not answer as it should: {reason}") from error
        finally:
            self._places.release()


class _App(OAuth2Mixin, OpenIDMixin, BaseApp):  # type: ignore[misc]  # Authlib has no types
    """Authlib's client, which believes what a provider says about itself only if it holds, and only for a while."""

    client_cls = OAuth2Session

    def __init__(self, provider: Provider) -> None:
        super().__init__(
            framework=None,
            client_id=provider.client_id,
            client_secret=provider.client_secret,
            client_kwargs={
                "scope": provider.scopes,
                "code_challenge_method": "S256",
                "default_timeout": TIMEOUT,
                "leeway": 0,  # of access tokens, which are used at once
            },
        )
        self._issuer = provider.issuer
        self.forget()

    def forget(self) -> None:
        """Ask the provider anew next time."""
        self._stale_from = 0.0

    def load_server_metadata(self) -> dict[str, Any]:
        """Return what the provider says about itself."""
        if time.monotonic() >= self._stale_from:
            with self._get_session() as session:
                answer = session.request("GET", address_of(self._issuer), withhold_token=True)
                answer.raise_for_status()
                self.server_metadata = checked(answer.json(), self._issuer)
            self._stale_from = time.monotonic() + KEPT
        return dict(self.server_metadata)
