import pytest
from playwright.sync_api import expect

from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("A1d")]


def test_administrator_adds_somebody_by_keyboard_and_gives_a_folder(sign_in, add_folder):
    add_folder("shoes")
    page = sign_in()
    page.goto("/people/")
    check(page)
    page.get_by_role("button", name="Add a person").focus()
    page.keyboard.press("Enter")
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill("correct horse battery")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="ada can sign in now.")).to_be_visible()
    page.get_by_role("link", name="ada").click()
    check(page)
    page.get_by_role("textbox", name="Folder").fill("shoes")
    page.get_by_role("button", name="Give a folder").click()
    expect(page.get_by_role("status").filter(has_text="They see shoes now")).to_be_visible()
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("Sees everything.")).to_be_visible()
