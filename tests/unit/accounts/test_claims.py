"""What is read out of what a provider says of somebody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.accounts.models import Role
from tagsmith.accounts.openid.claims import Called, called, find, groups, is_same_name, role_in
from tagsmith.accounts.openid.discovery import address_of

pytestmark = pytest.mark.req("A1e")
MAIL = {"email": "ada@example.org"}


@pytest.mark.parametrize(
    ("claims", "claim", "expected"),
    [
        ({**MAIL, "email_verified": True, "sub": "7"}, "", Called("ada@example.org", is_proof=True)),
        ({**MAIL, "email_verified": "true", "sub": "7"}, "", Called("ada@example.org", is_proof=True)),
        ({**MAIL, "email_verified": False, "sub": "7"}, "", Called("7", is_proof=False)),
        ({**MAIL, "sub": "7", "preferred_username": "ada"}, "", Called("ada", is_proof=False)),
        ({**MAIL, "email_verified": [True], "sub": "7"}, "email", None),
        ({**MAIL, "email_verified": True, "upn": "ada"}, "upn", Called("ada", is_proof=True)),
        ({**MAIL, "email_verified": True}, "upn", None),
        ({"upn": 7}, "upn", None),
        ({"upn": "  "}, "upn", None),
    ],
)
def test_name(claims, claim, expected):
    assert called(claims, claim) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ada@Example.org", "ada@example.org", True),
        ("jürgen", "jürgen", True),
        ("JÜRGEN", "jürgen", False),
        ("ada@g\u0131thub.com", "ada@github.com", False),
        ("\u212aim", "kim", False),
    ],
)
def test_names_are_one_in_whatever_case_of_plain_letters(one, other, same):
    assert is_same_name(one, other) is same


@given(st.text(), st.text())
def test_names_that_are_one_have_the_same_letters(one, other):
    if is_same_name(one, other):
        assert one.lower() == other.lower()


@pytest.mark.parametrize(
    ("claims", "claim", "expected"),
    [
        ({"groups": ["a", 7, "b"]}, "groups", ["a", "b"]),
        ({"groups": "a"}, "groups", ["a"]),
        ({}, "groups", []),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", ["a"]),
        ({"https://example.org/roles": ["a"]}, "https://example.org/roles", ["a"]),
        ({"realm_access": ["roles"]}, "realm_access.roles", []),
    ],
)
def test_groups(claims, claim, expected):
    assert groups(claims, claim) == expected


def test_role_is_the_highest_of_the_groups_and_otherwise_a_viewers():
    roles = {"a": "editor", "b": "administrator", "c": "trainer"}
    assert role_in({"groups": ["a", "c"]}, "groups", roles) is Role.TRAINER
    assert role_in({"groups": ["x"]}, "groups", roles) is Role.VIEWER


def test_claim_that_is_not_there_is_none():
    assert find({"a": {"b": None}}, "a.b.c") is None


@pytest.mark.parametrize("issuer", ["https://id.example/realm", "https://id.example/realm/"])
def test_description_lies_below_the_issuer(issuer):
    assert address_of(issuer) == "https://id.example/realm/.well-known/openid-configuration"
