"""Signing in by a provider in a real `tagsmith serve` with settings from its environment, and commands beside it."""

import pytest
import requests

from integration.test_serve import new_folder, start  # noqa: F401 - a fixture
from openid_provider import CLIENT_ID, SECRET, running

pytestmark = pytest.mark.req("A1e")
EMAIL = "ada@example.org"


@pytest.fixture
def provider():
    with running() as one:
        yield one


@pytest.fixture
def installation(provider, tagsmith, tmp_path_factory):
    """Give a data folder, and what runs `tagsmith` on it with the provider's settings."""
    data, secret = new_folder(tmp_path_factory), tmp_path_factory.mktemp("secret") / "secret"
    secret.write_text(SECRET)
    settings = {
        "data": str(data),
        "database_url": "",
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret_file": str(secret),
        "oidc_label": "Example identity",
    }
    return data, settings, lambda *arguments, **more: tagsmith(*arguments, **{**settings, **more})


def test_somebody_signs_in_and_is_unbound_by_a_command(installation, provider, start):
    data, settings, tagsmith = installation
    done = tagsmith("user", "add", EMAIL, "--role", "editor", "--no-password")
    assert (done.returncode, done.stdout) == (0, f"added {EMAIL} (editor)\n"), done.stderr
    with start(data, **settings) as served, requests.Session() as browser:
        assert "Example identity" in browser.get(f"{served.address}/sign-in/", timeout=20).text
        address = f"{served.address}/sign-in/provider/?next=/library/"
        sent = browser.get(address, timeout=20, allow_redirects=False).headers["Location"]
        page = browser.get(provider.visit(sent), timeout=20)
        assert (page.url, page.status_code) == (f"{served.address}/library/", 200)
        assert f"{EMAIL} at {provider.issuer}" in tagsmith("user", "list").stdout
        assert tagsmith("user", "unbind", EMAIL).stdout == f"unbound {EMAIL}\n"
        assert browser.get(f"{served.address}/library/", timeout=20).url.startswith(f"{served.address}/sign-in/")
        assert tagsmith("user", "unbind", EMAIL).stdout == f"{EMAIL} is not bound\n"


def test_check_says_whether_the_provider_is_there(installation, provider):
    _, _, tagsmith = installation
    assert provider.issuer not in tagsmith("check").stdout
    new = {"oidc_unknown": "viewer", "oidc_folders": "shoes", "oidc_sign_out": "true"}
    provider.document = {"end_session_endpoint": None}
    said = tagsmith("check", **new).stdout
    assert "warning: new people are to see shoes, which is not there" in said
    assert "note: the provider has no place to sign out" in said
    provider.stop()
    done = tagsmith("check")
    assert done.returncode == 1
    assert f"warning: nobody can sign in by {provider.issuer}: the provider does not answer as it should" in done.stdout


def test_half_of_the_settings_is_named_at_start(installation):
    _, _, tagsmith = installation
    done = tagsmith("user", "list", oidc_client_id="")
    assert (done.returncode, "oidc_client_id is missing" in done.stderr) == (1, True)


def test_password_or_none_is_asked_for_but_not_both(tagsmith):
    done = tagsmith("user", "add", "ada", "--no-password", "--password", "correct horse battery")
    assert (done.returncode, "exclude each other" in done.stderr) == (2, True)
