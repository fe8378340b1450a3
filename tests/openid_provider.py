"""A real small provider of OpenID Connect on this machine, whose keys are made here; tests say what it does wrong."""

import base64
import hashlib
import html
import json
import secrets
import threading
import time
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.jws import JWSRegistry

CLIENT_ID, SECRET = "tagsmith", "a secret between the two"


@cache
def rsa_key(name, use="sig"):
    """Return a key, made once for all tests: that takes its time."""
    return RSAKey.generate_key(2048, {"kid": name, "use": use})


def text(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


class OpenIdProvider:
    """What it says, whom it signs in, and how its tokens differ from what they should be."""

    def __init__(self):
        self.keys = {"first": rsa_key("first")}
        self.other_keys = [rsa_key("other", "enc")]
        self.signs_by, self.algorithm = "first", "RS256"
        self.claims = {"sub": "subject-7", "email": "ada@example.org", "email_verified": True, "name": "Ada L."}
        self.userinfo = {}  # what is told only to whoever asks further
        self.changed = {}  # claims of the token that are not as they should be; None is left out
        self.refuses = ""  # the error that it sends people back with
        self.document = {}  # what differs in its description of itself
        self.methods = ["client_secret_basic", "client_secret_post"]
        self.codes, self.asked, self.fails = {}, [], set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answering", (Answers,), {"provider": self}))
        self.issuer = f"http://127.0.0.1:{self.server.server_port}/realm"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def change_key(self):
        """Sign with another key of the same name."""
        self.keys = {"first": RSAKey.import_key(rsa_key("changed").as_dict(private=True) | {"kid": "first"})}

    def publish(self, *keys):
        """Give others as its keys than those that it signs with."""
        self.public_keys = lambda: {"keys": [{**key, "kid": "first"} for key in keys]}

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def rotate(self):
        """Sign with a new key, and forget the old."""
        self.keys = {"second": ECKey.generate_key("P-256", {"kid": "second", "use": "sig"})}
        self.signs_by, self.algorithm = "second", "ES256"

    def described(self):
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/end",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": self.methods,
            **self.document,
        }

    def public_keys(self):
        return KeySet([*self.keys.values(), *self.other_keys]).as_dict(private=False)

    def visit(self, address):
        """Sign somebody in who was sent to an address of ours, and return where they are sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.issuer}/authorize?")
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT_ID)
        assert asked["code_challenge_method"] == "S256"
        if self.refuses:
            return f"{asked['redirect_uri']}?{urlencode({'error': self.refuses, 'state': asked['state']})}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form, authorization):
        """Return a status and what is answered to somebody who has a code."""
        if not self._is_client(form, authorization):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form.get("code"), None)
        if asked is None or asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        challenge = text(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if challenge != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked["nonce"], **self.claims,
            **self.changed,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        return 200, {
            "access_token": "access",
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": self.signed(claims),
        }

    def signed(self, claims):
        header = {"alg": self.algorithm, "kid": self.signs_by}
        if self.algorithm == "none":
            parts = ({"alg": "none"}, claims)
            return ".".join(text(json.dumps(part).encode()) for part in parts) + "."
        key = self.keys[self.signs_by]
        return jwt.encode(header, claims, key, registry=JWSRegistry(algorithms=[self.algorithm]))

    def _is_client(self, form, authorization):
        if "client_secret_basic" in self.methods:
            known = base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
            return authorization == f"Basic {known}"
        return (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, SECRET)


class Answers(BaseHTTPRequestHandler):
    provider: OpenIdProvider

    def do_GET(self):
        path, _, query = self.path.removeprefix("/realm").partition("?")
        self.provider.asked.append(path)
        if path in self.provider.fails:
            return self.answer(500, "text/plain", "out of order")
        if path == "/.well-known/openid-configuration":
            return self.say(200, self.provider.described())
        if path == "/keys":
            return self.say(200, self.provider.public_keys())
        if path == "/userinfo":
            is_known = self.headers.get("Authorization") == "Bearer access"
            return self.say(200 if is_known else 401, {"sub": self.provider.claims["sub"], **self.provider.userinfo})
        if path == "/authorize":
            back = self.provider.visit(f"{self.provider.issuer}/authorize?{query}")
            return self.page("Example identity", back, "Continue as Ada")
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        back = f"{asked['post_logout_redirect_uri']}?{urlencode({'state': asked['state']})}"
        return self.page("Signed out at the provider", back, "Back")

    def do_POST(self):
        self.provider.asked.append("/token")
        length = int(self.headers["Content-Length"])
        form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        if "/token" in self.provider.fails:
            return self.answer(500, "text/plain", "out of order")
        return self.say(*self.provider.token(form, self.headers.get("Authorization")))

    def page(self, title, link, label):
        words = f"<title>{title}</title><h1>{title}</h1><a href='{html.escape(link)}'>{label}</a>"
        self.answer(200, "text/html", f"<!doctype html><html lang=en><link rel=icon href='data:,'>{words}")

    def say(self, status, content):
        self.answer(status, "application/json", json.dumps(content))

    def answer(self, status, kind, content):
        body = content.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Stay quiet."""


@contextmanager
def running():
    provider = OpenIdProvider()
    try:
        yield provider
    finally:
        provider.stop()


@contextmanager
def signing_in_by(running, **settings):
    """Let people sign in by a provider, as the settings say."""
    from tagsmith.accounts.openid import provider
    from tagsmith.accounts.openid.provider import Provider

    before = list(provider._current)
    provider.configure(Provider(running.issuer, CLIENT_ID, SECRET, **settings))
    yield
    provider._current[:] = before
