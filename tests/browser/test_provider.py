"""Signing in by a provider of OpenID Connect in a real browser, under the pages' own strict policy."""

import re

import pytest
from playwright.sync_api import expect

from openid_provider import running, signing_in_by

from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("A1e")]
EMAIL = "ada@example.org"


@pytest.fixture
def provider():
    with running() as one, signing_in_by(one, label="Example identity", signs_out=True):
        yield one


def test_somebody_signs_in_by_keyboard_and_out_again_here_and_there(open_browser, provider, add_person, root):
    add_person(EMAIL, "editor")
    page = open_browser().new_page()
    page.goto("/library/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/library/$"))
    check(page)
    way = page.get_by_role("link", name="Example identity")
    while not way.evaluate("link => link === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Example identity")).to_be_visible()
    page.get_by_role("link", name="Continue as Ada").click()
    expect(page).to_have_url(re.compile(r"/library/$"))
    page.get_by_role("button", name="Account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Signed out at the provider")).to_be_visible()
    page.get_by_role("link", name="Back").click()
    expect(page).to_have_url(re.compile(r"/sign-in/\?state="))
    page.goto("/library/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_who_is_not_let_in_is_told_and_can_sign_in_by_a_password(open_browser, provider, add_person, root):
    add_person("grace")
    page = open_browser().new_page()
    page.goto("/sign-in/?next=/library/")
    page.get_by_role("link", name="Example identity").click()
    page.get_by_role("link", name="Continue as Ada").click()
    expect(page.get_by_role("alert")).to_contain_text(f"{EMAIL} may not sign in here.")
    check(page)
    page.get_by_label("User name").fill("grace")
    page.get_by_label("Password").fill("correct horse battery")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/library/$"))


def test_administrator_unbinds_somebody(sign_in, provider, add_person, root):
    from tagsmith.accounts.models import Identity

    ada = add_person(EMAIL)
    Identity.objects.create(person=ada, issuer=provider.issuer, subject="7", shown=EMAIL)
    page = sign_in()
    page.goto("/people/")
    expect(page.get_by_role("row", name=EMAIL)).to_contain_text("Sign-in provider")
    check(page)
    page.get_by_role("link", name=EMAIL).click()
    check(page)
    page.get_by_role("button", name="Unbind").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Unbound")).to_be_visible()
    expect(page.get_by_text(f"Is bound when they first sign in there as {EMAIL}.")).to_be_visible()
