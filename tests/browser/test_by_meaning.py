import pytest
from playwright.sync_api import expect

from integration.web.test_by_meaning import add_seen, blind, encoders, file, folder, use  # noqa: F401 - fixtures

from .reading import check
from .walking import structure, walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S7b", "A7a")]


@pytest.fixture
def assets(encoders, folder, add_seen):
    return [add_seen(folder, colour) for colour in ("red", "green", "blue", "dark")]


def test_phrase_is_typed_and_what_shows_it_comes_first(sign_in, assets):
    page = sign_in("viewer")
    page.goto("/search/")
    check(page)
    page.get_by_role("link", name="Search by meaning").press("Enter")
    expect(page.get_by_role("heading", name="Search by meaning")).to_be_visible()
    check(page)
    field = page.get_by_label("What the images are to show")
    field.focus()
    page.keyboard.type("green")
    page.keyboard.press("Enter")
    expect(page.locator(".cell")).to_have_count(4)
    expect(page.locator(".cell").first).to_contain_text("green one")
    expect(field).to_have_value("green")
    check(page)
    assert structure(page) + walk(page) == []
    field.fill("blue")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".cell").first).to_contain_text("blue one")
    page.go_back()
    expect(page.locator(".cell").first).to_contain_text("green one")
    page.reload()
    expect(page.locator(".cell").first).to_contain_text("green one")
    page.locator(".thumb").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("#selection")).to_contain_text("1 selected")


def test_words_are_taken_along_from_a_search(sign_in, assets):
    page = sign_in("viewer")
    page.goto("/search/?q=red dark")
    check(page)
    page.get_by_role("main").get_by_role("link", name="Search by meaning").press("Enter")
    expect(page.get_by_label("What the images are to show")).to_have_value("red dark")
    expect(page.locator(".cell")).to_have_count(4)


def test_encoder_that_does_not_read_is_told(sign_in, blind):
    page = sign_in("viewer")
    page.goto("/search/meaning/")
    expect(page.get_by_role("heading", name="Not with this encoder")).to_be_visible()
    check(page)
    page.get_by_role("main").get_by_role("link", name="Search by image").press("Enter")
    expect(page.get_by_role("heading", name="Search by image")).to_be_visible()
