"""What every answer has in common."""

import json
import re

import pytest
from django.db import DatabaseError, connection
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, add_person):
    client.force_login(add_person())
    return client.get("/library/")


def test_pages_take_nothing_from_elsewhere_and_nothing_inline(page):
    assert page["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Cache-Control"] == "private, no-cache"
    assert not re.search(r'style="|<style|<script>|\bon\w+="|https?://', page.text)


def test_static_files_are_kept_for_good_under_addresses_that_change_with_them(client, page):
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert {file.partition("?v=")[0].rpartition(".")[2] for file in files} == {"css", "js", "svg"}
    for file in files:
        sent = client.get(file)
        assert b"".join(sent)
        assert sent["Cache-Control"] == "max-age=31536000, public"


def test_unknown_address_is_a_page_that_leads_back(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


def test_failure_is_a_page_that_reveals_nothing(add_person, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("the password is swordfish")

    client = Client(raise_request_exception=False)
    client.force_login(add_person())
    monkeypatch.setattr("tagsmith.web.views.library.newest", fail)
    answer = client.get("/library/")
    assert answer.status_code == 500
    assert "went wrong on our side" in answer.text
    assert "swordfish" not in answer.text


def test_wrong_host_is_refused(client):
    answer = client.get("/sign-in/", headers={"Host": "evil.example"})
    assert answer.status_code == 400


@pytest.mark.req("O4a")
def test_health_says_that_the_database_answers_and_nothing_else(client):
    answer = client.get("/health/")
    assert (answer.status_code, json.loads(answer.content)) == (200, {"status": "ok"})


@pytest.mark.req("O4a")
def test_health_says_that_the_database_does_not_answer(client, monkeypatch):
    def lost():
        raise DatabaseError("connection to 10.0.0.7 refused")

    monkeypatch.setattr(connection, "cursor", lost)
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert "10.0.0.7" not in answer.text
