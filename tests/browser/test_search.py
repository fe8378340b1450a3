import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tagsmith.search.services import index

from .conftest import NARROW
from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def boots(add_folder, add_asset):
    """Give assets of two years, and a tag that none of them has."""
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.taxonomy.services.create import create_tag
    from tagsmith.taxonomy.services.words import add_synonym

    folder = add_folder("products")
    assets = [
        add_asset(folder, f"{number}.png", seed=number, title=title, captured=datetime(*day, tzinfo=UTC))
        for number, (title, day) in enumerate(
            (("Red boot", (2023, 5, 1)), ("Blue boot", (2024, 5, 1)), ("Boot in the snow", (2024, 6, 1)))
        )
    ]
    index([asset.pk for asset in assets])
    add_synonym(COMMAND_LINE, create_tag(COMMAND_LINE, "footwear", "Footwear"), "Boots")
    return assets


@pytest.fixture
def page(sign_in, boots):
    page = sign_in("editor")
    page.goto("/library/")
    return page


@pytest.mark.req("S6c")
def test_suggestions_are_chosen_by_keyboard_from_any_page(page):
    box = page.get_by_role("combobox", name="Search the library")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("boo")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options).to_have_text([re.compile("Footwear.*Boots.*Tag", re.DOTALL), *[re.compile("Title")] * 3])
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[data-suggested]")).to_have_text("4 suggestions; arrow keys choose")
    check(page)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    expect(box).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_value("boo")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = options.nth(1).locator(".what").inner_text()
    assert chosen == "Boot in the snow"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("^1 asset"))).to_be_visible()
    expect(box).to_have_value(f'title:"{chosen}"')


@pytest.mark.req("S6c")
def test_suggestion_is_chosen_by_pointer_and_enter_searches_for_what_was_typed(page):
    box = page.get_by_role("combobox", name="Search the library")
    box.press_sequentially("type:png foot")
    page.get_by_role("option", name="Footwear").click()
    expect(page).to_have_url(re.compile(r"q=type%3Apng\+tags%3AFootwear$"))
    expect(page.get_by_role("heading", name="Nothing was found")).to_be_visible()
    check(page)
    box.fill("boot")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"q=boot$"))


@pytest.mark.req("S5d")
def test_search_is_narrowed_and_widened_and_the_address_holds_it(page):
    page.goto("/search/?q=boot")
    panel = page.get_by_role("navigation", name="Narrow the search")
    expect(panel.get_by_role("link", name="2024")).to_contain_text("2")
    check(page)
    panel.get_by_role("link", name="2024").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("^2 assets"))).to_be_visible()
    expect(page.get_by_role("combobox")).to_have_value("boot created:2024")
    panel.get_by_role("link", name="May 2024").click()
    expect(page.get_by_role("heading", name=re.compile("^1 asset"))).to_be_visible()
    expect(panel.get_by_role("link", name="May 2024")).to_have_attribute("aria-current", "true")
    check(page)
    page.reload()
    expect(page.get_by_role("combobox")).to_have_value("boot created:2024-05")
    page.get_by_role("link", name="Without created:2024-05").click()
    expect(page.get_by_role("heading", name=re.compile("^3 assets"))).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name=re.compile("^1 asset"))).to_be_visible()


@pytest.mark.req("S5d")
def test_panel_is_folded_on_a_narrow_screen(page):
    page.set_viewport_size(NARROW)
    page.goto("/search/?q=boot")
    choice = page.get_by_role("link", name="2024")
    expect(page.locator(".cell")).to_have_count(3)
    expect(choice).to_be_hidden()
    page.get_by_text("Narrow the search").click()
    expect(choice).to_be_visible()
    check(page)
    page.get_by_role("combobox").fill("boot r")
    expect(page.get_by_role("option").first).to_be_visible()
    check(page)


def test_all_that_were_found_are_tagged_at_once(page, monkeypatch):
    from tagsmith.curation.models import HumanTag
    from tagsmith.web.views import search

    monkeypatch.setattr(search, "SIZE", 2)
    page.goto("/search/?q=boot")
    page.locator(".thumb").first.focus()
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Select all that were found").click()
    page.get_by_role("button", name="Tags", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Tag", exact=True).fill("footwear")
    dialog.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("default:footwear: 3 assets changed.")).to_be_visible()
    assert HumanTag.objects.count() == 3
    expect(page).to_have_url(re.compile(r"/search/\?q=boot$"))


@pytest.mark.req("A7a")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_help_and_hits_are_readable_for_everybody(sign_in, boots, scheme):
    page = sign_in(color_scheme=scheme)
    for address in ("/search/", "/search/?q=boot", "/search/?q=boot type:png -hat"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        check(page)
