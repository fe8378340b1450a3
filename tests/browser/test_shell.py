import re

import pytest
from playwright.sync_api import expect

from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.mark.req("A7a")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_parts_are_readable_for_everybody(sign_in, root, scheme):
    page = sign_in(color_scheme=scheme)
    page.goto("/design/")
    check(page)
    page.get_by_role("button", name="Open a dialog").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.req("S1c")
def test_slash_goes_to_the_search_box_but_not_while_writing(sign_in, root):
    page = sign_in()
    page.goto("/design/")
    box = page.get_by_role("combobox", name="Search the library")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("a/b")
    expect(box).to_have_value("a/b")
    page.get_by_label("Long text").fill("")
    page.keyboard.press("/")
    expect(page.get_by_label("Long text")).to_have_value("/")


def test_sections_open_from_a_menu_on_a_narrow_screen(sign_in, root):
    page = sign_in()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/library/")
    link = page.get_by_role("navigation", name="Sections").get_by_role("link", name="Home")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()


def test_language_is_chosen_in_the_account_menu(sign_in, root):
    page = sign_in()
    page.goto("/library/")
    page.get_by_role("button", name="Account").click()
    page.get_by_label("Language").select_option("de")
    page.get_by_role("button", name="Set").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page).to_have_url(re.compile("/library/$"))
