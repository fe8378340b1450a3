"""Who does not get in by a provider of OpenID Connect: what is forged, or not proven, or not allowed."""

import pytest
from django.test import Client
from joserfc.jwk import OctKey

from openid_provider import rsa_key
from tagsmith.accounts.models import Identity
from tagsmith.accounts.services import deactivate
from tagsmith.accounts.sign_in import FREE

from .providing import EMAIL, ada, begin, is_in, logged, provider, rules, sign_in  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.req("A1e")]


class TestWhatDoesNotHold:
    @pytest.fixture(autouse=True)
    def nobody_gets_in(self, client, ada, provider):
        yield
        assert not is_in(client)
        assert not Identity.objects.exists()

    @pytest.mark.parametrize(
        "changed",
        [
            {"nonce": "another"},
            {"nonce": None},
            {"aud": "another"},
            {"aud": ["another"], "azp": "tagsmith"},
            {"aud": None},
            {"iss": "https://evil.example"},
            {"iss": None},
            {"exp": 1},
            {"exp": None},
            {"iat": None},
            {"iat": 99999999999},
            {"sub": None},
            {"sub": ""},
            {"sub": 7},
            {"azp": "another"},
            {"at_hash": "AAAA"},
        ],
    )
    def test_claim(self, client, provider, changed):
        provider.changed = changed
        answer = sign_in(client, provider)
        assert (answer.status_code, "cannot be trusted" in answer.text) == (403, True)

    @pytest.mark.parametrize("fault", ["other key", "none", "secret as key"])
    def test_signature(self, client, provider, fault):
        if fault == "other key":
            provider.publish(rsa_key("another").as_dict())
        elif fault == "none":
            provider.algorithm = "none"
        else:
            provider.keys["first"], provider.algorithm = OctKey.import_key("a secret between the two"), "HS256"
            provider.publish(provider.keys["first"].as_dict())
        answer = sign_in(client, provider)
        assert (answer.status_code, "cannot be trusted" in answer.text) == (403, True)

    @pytest.mark.parametrize("state", ["", "another"])
    def test_state(self, client, provider, state):
        back = provider.visit(begin(client))
        answer = client.get(back.split("&state=")[0], {"state": state, "code": back.split("code=")[1].split("&")[0]})
        assert (answer.status_code, "begun elsewhere" in answer.text) == (400, True)
        assert "/token" not in provider.asked

    def test_state_of_another_browser(self, client, provider):
        answer = client.get(provider.visit(begin(Client())))
        assert (answer.status_code, "/token" in provider.asked) == (400, False)

    def test_state_that_came_long_ago(self, client, provider, monkeypatch):
        back = provider.visit(begin(client))
        monkeypatch.setattr("tagsmith.web.begun.LONGEST", -1)
        assert client.get(back).status_code == 400

    def test_code_that_the_provider_does_not_know(self, client, provider):
        back = provider.visit(begin(client))
        provider.codes.clear()
        answer = client.get(back)
        assert (answer.status_code, "does not answer as it should" in answer.text) == (503, True)

    def test_verifier_of_another_sign_in(self, client, provider):
        code = provider.visit(begin(client)).partition("?")[2].split("&")[0]
        state = provider.visit(begin(client)).split("state=")[1]
        assert client.get(f"/sign-in/provider/back/?{code}&state={state}").status_code == 503

    def test_what_is_said_further_is_of_somebody_else(self, client, provider):
        provider.claims, provider.userinfo = (
            {"sub": "subject-7"},
            {"sub": "other", "email": EMAIL, "email_verified": True},
        )
        assert sign_in(client, provider).status_code == 403

    @pytest.mark.parametrize(("error", "status", "words"), [
        ("access_denied", 403, "it was cancelled"),
        ("server_error", 503, "does not answer as it should"),
    ])  # fmt: skip
    def test_provider_refuses(self, client, provider, error, status, words):
        provider.refuses = error
        answer = sign_in(client, provider, "/library/")
        assert (answer.status_code, words in answer.text) == (status, True)
        assert 'value="/library/"' in answer.text

    @pytest.mark.parametrize("verified", [False, None, "yes"])
    def test_email_that_is_not_verified(self, client, provider, verified):
        provider.claims["email_verified"] = verified
        answer = sign_in(client, provider)
        assert (answer.status_code, "may not sign in here" in answer.text) == (403, True)

    @pytest.mark.parametrize("claim", ["preferred_username", "sub"])
    def test_name_that_people_choose_there_makes_nobody_another(self, client, provider, rules, claim):
        rules(takes_unknown=True)
        provider.claims = {"sub": "subject-7", claim: EMAIL}
        assert sign_in(client, provider).status_code == 403
        assert logged("person.refused")[0][2]["reason"] == "name taken"

    def test_name_that_only_looks_the_same(self, client, provider, add_person):
        add_person("ada@github.com")
        provider.claims["email"] = "ada@g\u0131thub.com"  # its capital letters are the same
        assert sign_in(client, provider).status_code == 403

    def test_somebody_unknown(self, client, provider):
        provider.claims["email"] = "eve@example.org"
        answer = sign_in(client, provider)
        assert "eve@example.org may not sign in here." in answer.text
        ((who, subject, said),) = logged("person.refused")
        assert (who, subject, said["username"], said["reason"]) == ("sign-in provider", 0, "eve@example.org", "unknown")

    def test_somebody_who_was_kept_from_signing_in(self, client, provider, ada, add_person):
        add_person("boss", "administrator")
        deactivate(ada)
        assert sign_in(client, provider).status_code == 403
        assert logged("person.refused")[0][1:] == (ada.pk, {**logged("person.refused")[0][2], "reason": "switched off"})

    def test_who_is_refused_has_to_wait_longer_and_longer(self, client, provider):
        provider.claims["email"] = "eve@example.org"
        for _ in range(FREE):
            assert sign_in(client, provider).status_code == 403
        answer = sign_in(client, provider)
        assert (answer.status_code, "Try again in" in answer.text) == (429, True)
        assert len(logged("person.refused")) == FREE


def test_log_of_changes_says_who_was_refused_and_why(client, provider, add_person, root):
    add_person("grace")
    provider.claims["email"] = "eve@example.org"
    sign_in(client, provider)
    client.force_login(add_person("boss", "administrator"))
    page = client.get("/changes/").text
    assert "nobody here has this name" in page
    assert "eve@example.org" in page
    assert "/people/0/" not in page
