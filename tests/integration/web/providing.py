"""Signing in by a real small provider of OpenID Connect: fixtures and steps that its tests share."""

import pytest

from openid_provider import running, signing_in_by
from tagsmith.audit.models import Entry
from tagsmith.operations import admission
from tagsmith.operations.admission import Admission

EMAIL = "ada@example.org"


@pytest.fixture
def provider():
    with running() as one, signing_in_by(one):
        yield one


@pytest.fixture
def rules(monkeypatch):
    """Say who is let in."""

    def say(**rules):
        monkeypatch.setattr(admission, "_current", [Admission(**rules)])

    return say


@pytest.fixture
def ada(add_person):
    return add_person(EMAIL)


def begin(client, goal="/"):
    answer = client.get("/sign-in/provider/", {"next": goal})
    assert answer.status_code == 302, answer.text
    return answer.url


def sign_in(client, provider, goal="/"):
    """Go to the provider, and come back from there."""
    return client.get(provider.visit(begin(client, goal)))


def is_in(client):
    return client.get("/library/").status_code == 200


def logged(action):
    return [(entry.actor_name, entry.subject_id, entry.after) for entry in Entry.objects.filter(action=action)]
