from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tagsmith.accounts.models import Attempts, Person
from tagsmith.accounts.services import deactivate
from tagsmith.accounts.sign_in import FREE, LONGEST, wait_after

from .conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.req("A1c")]


@pytest.fixture
def ada(add_person):
    return add_person("Ada")


def sign_in(client, username="ada", password=PASSWORD, **fields):
    return client.post("/sign-in/", {"username": username, "password": password, **fields})


def test_who_signs_in_gets_to_the_page_they_wanted(client, ada):
    asked = client.get("/folders/7/")
    assert (asked.status_code, asked.url) == (302, "/sign-in/?next=/folders/7/")
    assert b'value="/folders/7/"' in client.get(asked.url).content
    done = sign_in(client, next="/folders/7/")
    assert (done.status_code, done.url) == (302, "/folders/7/")
    assert client.get("/library/").status_code == 200


@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_signing_in_leads_to_no_other_site(client, ada, goal):
    assert sign_in(client, next=goal).url == "/"


@pytest.mark.parametrize(("username", "password"), [("ada", "wrong"), ("nobody", PASSWORD), ("ada", PASSWORD + " ")])
def test_wrong_name_or_password_is_refused_alike(client, ada, username, password):
    answer = sign_in(client, username, password)
    assert answer.status_code == 403
    assert "do not go together" in answer.text
    assert client.get("/library/").status_code == 302


def test_who_was_deactivated_is_out_at_once(client, add_person):
    add_person("boss", "administrator")
    ada = add_person()
    sign_in(client)
    deactivate(ada)
    assert client.get("/library/").status_code == 302
    assert sign_in(client).status_code == 403


def test_signing_out_ends_the_session(client, ada):
    sign_in(client)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/library/").status_code == 302


def test_forged_request_is_refused(ada):
    client = Client(enforce_csrf_checks=True)
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "Go back, reload it" in answer.text
    assert client.get("/library/").status_code == 302


def test_guessing_has_to_wait_and_the_right_password_too(client, ada):
    for _ in range(FREE):
        assert sign_in(client, password="guess").status_code == 403
    refused = sign_in(client)
    assert refused.status_code == 429
    assert "Try again in 1 seconds" in refused.text
    Attempts.objects.update(last=timezone.now() - timedelta(seconds=LONGEST))
    assert sign_in(client).status_code == 302
    assert not Attempts.objects.exists()


def test_guessing_does_not_lock_out_who_comes_from_elsewhere(client, ada):
    for _ in range(FREE + 1):
        sign_in(client, password="guess")
    assert (
        Client(REMOTE_ADDR="192.0.2.9").post("/sign-in/", {"username": "ada", "password": PASSWORD}).status_code == 302
    )


def test_waits_double_up_to_a_quarter_of_an_hour():
    assert [wait_after(count) for count in (1, 4, 5, 6, 7, 14, 15, 1000)] == [0, 0, 1, 2, 4, 512, 900, 900]


def test_page_of_an_empty_installation_says_how_to_begin(client):
    assert "tagsmith serve" in client.get("/sign-in/").text


class TestSettingUp:
    @pytest.fixture
    def address(self, db):
        from tagsmith.web.setup import setup_path

        return setup_path()

    def test_makes_the_first_administrator_once_and_signs_them_in(self, client, address):
        filled = {"username": "Ada", "name": "Ada L.", "password": PASSWORD, "again": PASSWORD}
        assert client.get(address).status_code == 200
        assert client.post(address, filled).url == "/"
        assert "Ada L." in client.get("/library/").text
        assert [(person.username, person.role) for person in Person.objects.all()] == [("Ada", "administrator")]
        assert client.get(address).status_code == 404
        assert Client().post(address, {**filled, "username": "Eve"}).status_code == 404

    def test_needs_the_token(self, client):
        assert client.get("/setup/0123456789/").status_code == 404

    @pytest.mark.parametrize(
        ("password", "again", "complaint"),
        [("ada", "ada", "too short"), (PASSWORD, PASSWORD + "x", "not the same")],
    )
    def test_says_what_is_wrong_with_the_password(self, client, address, password, again, complaint):
        answer = client.post(address, {"username": "ada", "password": password, "again": again})
        assert complaint in answer.text
        assert not Person.objects.exists()
