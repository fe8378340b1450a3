"""Signing in by a provider of OpenID Connect, signing out, and what happens where it is down."""

from contextlib import ExitStack
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client

from openid_provider import signing_in_by
from tagsmith.accounts.models import Attempts, Identity, Person
from tagsmith.accounts.openid.client import AT_ONCE
from tagsmith.accounts.openid.provider import client as current
from tagsmith.accounts.openid.provider import provider as known
from tagsmith.audit.models import Entry

from .conftest import PASSWORD
from .providing import EMAIL, ada, begin, is_in, logged, provider, rules, sign_in  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.req("A1e")]


class TestComingIn:
    def test_somebody_known_by_their_verified_email_gets_to_the_page_they_wanted(self, client, provider, ada, root):
        done = sign_in(client, provider, "/folders/7/?view=list")
        assert (done.status_code, done.url) == (302, "/folders/7/?view=list")
        assert is_in(client)
        identity = Identity.objects.get()
        assert (identity.person, identity.issuer, identity.subject) == (ada, provider.issuer, "subject-7")
        assert (ada.pk, ada.pk) == (logged("person.bound")[0][1], logged("person.signed in")[0][1])

    def test_request_asks_for_a_code_with_proof_keys_and_sends_nobody_elsewhere(self, client, provider):
        asked = parse_qs(urlsplit(begin(client, "https://evil.example/")).query)
        assert asked["redirect_uri"] == ["http://testserver/sign-in/provider/back/"]
        assert (asked["response_type"], asked["code_challenge_method"]) == (["code"], ["S256"])
        assert len(asked["code_challenge"][0]) == 43
        assert len(asked["nonce"][0]) > 15
        assert len(asked["state"][0]) > 15
        (waiting,) = client.session["sign-ins begun"].values()
        assert waiting["goal"] == "/"

    def test_address_behind_a_proxy_is_the_one_that_browsers_use(self, client, provider, settings):
        settings.CSRF_TRUSTED_ORIGINS = ["https://other.example", "https://testserver"]
        asked = parse_qs(urlsplit(begin(client)).query)
        assert asked["redirect_uri"] == ["https://testserver/sign-in/provider/back/"]

    def test_session_is_another_than_before(self, client, provider, ada):
        back = provider.visit(begin(client))
        before = client.session.session_key
        client.get(back)
        assert client.session.session_key != before

    def test_secret_is_sent_as_the_provider_takes_it(self, client, provider, ada):
        provider.methods = ["client_secret_post"]
        assert sign_in(client, provider).url == "/"

    def test_description_and_keys_are_asked_for_once(self, client, provider, ada):
        sign_in(client, provider)
        sign_in(Client(), provider)
        assert provider.asked.count("/.well-known/openid-configuration") == 1
        assert provider.asked.count("/keys") == 1

    def test_description_and_keys_are_not_believed_for_ever(self, client, provider, ada, monkeypatch):
        monkeypatch.setattr("tagsmith.accounts.openid.client.KEPT", -1)
        sign_in(client, provider)
        before = provider.asked.count("/.well-known/openid-configuration"), provider.asked.count("/keys")
        sign_in(Client(), provider)
        after = provider.asked.count("/.well-known/openid-configuration"), provider.asked.count("/keys")
        assert all(more > less for less, more in zip(before, after, strict=True))

    def test_keys_that_were_changed_are_asked_for_anew(self, client, provider, ada):
        sign_in(client, provider)
        provider.rotate()
        other = Client()
        assert sign_in(other, provider).url == "/"
        assert is_in(other)

    def test_key_that_was_changed_under_its_name_is_asked_for_anew(self, client, provider, ada):
        sign_in(client, provider)
        provider.change_key()
        assert sign_in(Client(), provider).url == "/"

    def test_claims_that_the_token_lacks_are_asked_for(self, client, provider, ada):
        provider.userinfo = {"email": EMAIL, "email_verified": True}
        provider.claims = {"sub": "subject-7"}
        assert sign_in(client, provider).url == "/"

    def test_who_is_signed_in_already_goes_on(self, client, provider, ada):
        client.force_login(ada)
        assert client.get("/sign-in/provider/", {"next": "/library/"}).url == "/library/"

    def test_several_windows_do_not_disturb_one_another(self, client, provider, ada):
        first, second = begin(client, "/library/"), begin(client, "/tags/")
        assert client.get(provider.visit(first)).url == "/library/"
        assert client.get(provider.visit(second)).url == "/tags/"


class TestProviderThatFails:
    @pytest.fixture(autouse=True)
    def known(self, ada):
        return ada

    @pytest.mark.parametrize("fault", [
        {"issuer": "https://evil.example"},
        {"token_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"id_token_signing_alg_values_supported": ["none", "HS256"]},
    ])  # fmt: skip
    def test_description_that_will_not_do_is_not_believed(self, client, provider, fault):
        provider.document = fault
        answer = client.get("/sign-in/provider/")
        assert (answer.status_code, "does not answer as it should" in answer.text) == (503, True)

    def test_provider_that_is_down_is_told_and_passwords_still_do(self, client, provider):
        provider.stop()
        answer = client.get("/sign-in/provider/", {"next": "/library/"})
        assert (answer.status_code, "Sign in with a password" in answer.text) == (503, True)
        wanted = {"username": EMAIL, "password": PASSWORD, "next": "/library/"}
        assert client.post("/sign-in/", wanted).url == "/library/"

    def test_provider_that_is_back_is_found_again(self, client, provider):
        provider.fails.add("/.well-known/openid-configuration")
        assert client.get("/sign-in/provider/").status_code == 503
        provider.fails.clear()
        assert sign_in(client, provider).url == "/"

    def test_provider_that_hangs_keeps_no_more_than_a_few(self, client, provider):
        with ExitStack() as talking:
            for _ in range(AT_ONCE):
                talking.enter_context(current()._talking())
            assert client.get("/sign-in/provider/").status_code == 503
            assert client.get("/health/").status_code == 200
        assert client.get("/sign-in/provider/").status_code == 302

    @pytest.mark.parametrize("place", ["/token", "/keys"])
    def test_fault_on_the_way_is_told(self, client, provider, place):
        back = provider.visit(begin(client))
        provider.fails.add(place)
        assert client.get(back).status_code == 503
        assert not is_in(client)

    def test_secret_that_is_wrong_here_is_told(self, client, provider, monkeypatch):
        monkeypatch.setattr("openid_provider.SECRET", "another")
        assert sign_in(client, provider).status_code == 503

    def test_page_to_sign_in_asks_the_provider_nothing(self, client, provider):
        page = client.get("/sign-in/", {"next": "/library/?view=list"}).text
        assert "/sign-in/provider/?next=%2Flibrary%2F%3Fview%3Dlist" in page
        assert "autofocus" not in page
        assert provider.asked == []


class TestWithoutAProvider:
    def test_there_is_no_way_to_it(self, client, ada):
        assert "/sign-in/provider/" not in client.get("/sign-in/").text
        assert client.get("/sign-in/provider/").status_code == 404
        assert client.get("/sign-in/provider/back/").status_code == 404

    def test_new_people_need_a_password(self, client, add_person):
        client.force_login(add_person("boss", "administrator"))
        client.post("/people/", {"username": "ada", "role": "editor"})
        assert not Person.objects.filter(username="ada").exists()


def test_administrator_adds_somebody_without_a_password(client, provider, add_person):
    client.force_login(add_person("boss", "administrator"))
    client.post("/people/", {"username": EMAIL, "role": "editor"})
    assert not Person.objects.get(username=EMAIL).has_usable_password()
    assert sign_in(Client(), provider).url == "/"
    assert not Client().login(username=EMAIL, password="")


class TestSigningOut:
    def test_ends_the_session_here_alone(self, client, provider, ada):
        sign_in(client, provider)
        assert client.post("/sign-out/").url == "/sign-in/"
        assert not is_in(client)

    def test_ends_that_at_the_provider_if_it_is_set(self, client, provider, ada):
        with signing_in_by(provider, signs_out=True):
            sign_in(client, provider)
            page = client.post("/sign-out/").text
        assert f"{provider.issuer}/end?id_token_hint=" in page
        assert "post_logout_redirect_uri=http%3A%2F%2Ftestserver%2Fsign-in%2F" in page
        assert not is_in(client)

    @pytest.mark.parametrize("fault", ["no place", "down", "by password"])
    def test_works_where_the_provider_cannot(self, client, provider, ada, fault):
        with signing_in_by(provider, signs_out=True):
            if fault == "by password":
                client.force_login(ada)
            else:
                sign_in(client, provider)
            provider.document = {"end_session_endpoint": None}
            if fault == "down":
                provider.stop()
            if fault != "by password":
                current()._app.forget()
            assert client.post("/sign-out/").url == "/sign-in/"
        assert not is_in(client)


def test_who_gets_in_has_nothing_left_to_wait_for(client, provider, ada):
    sign_in(client, provider)
    assert not Attempts.objects.exists()


def test_policy_of_pages_stays_as_strict(client, provider):
    policy = client.get("/sign-in/").headers["Content-Security-Policy"]
    assert "form-action 'self';" in policy
    assert provider.issuer not in policy


def test_secret_is_nowhere_to_be_seen(client, provider, ada):
    sign_in(client, provider)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM django_session")
        sessions = str(cursor.fetchall())
    assert "a secret between" not in sessions + repr(known()) + str(list(Entry.objects.values()))


def test_installation_that_has_nobody_is_set_up_first(client, provider):
    page = client.get("/sign-in/").text
    assert "tagsmith serve" in page
    assert "/sign-in/provider/" not in page
