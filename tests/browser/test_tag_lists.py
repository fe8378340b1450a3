"""Advice on tags and the blocklist, by keyboard and on a narrow screen."""

import re

import pytest
from playwright.sync_api import expect

from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("A7a")]


@pytest.fixture
def tags(root):
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.taxonomy.services import create_tag

    return {key: create_tag(COMMAND_LINE, key) for key in ("summer", "winter", "boot", "boots", "wear/hat", "toys/hat")}


@pytest.mark.req("X4e")
def test_advice_is_read_and_followed_by_keyboard(sign_in, tags):
    page = sign_in("trainer")
    page.goto("/tags/")
    page.get_by_role("link", name="Advice").press("Enter")
    expect(page.get_by_text("“summer” is a season")).to_be_visible()
    check(page)
    page.get_by_text("What tagging cannot see").press("Enter")
    expect(page.get_by_text("what no image shows")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Leave summer to people").press("Enter")
    expect(page.get_by_role("status").filter(has_text="1 tag is left to people now.")).to_be_visible()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("heading", name="Blocklist")).to_be_visible()
    page.goto("/tags/advice/")
    page.get_by_role("button", name="Leave all 2 to people").press("Enter")
    check(page)
    page.get_by_role("button", name="Leave them to people").press("Enter")
    expect(page.get_by_text("“summer” is a season")).to_be_hidden()
    page.get_by_role("link", name="Nearly the same").press("Enter")
    expect(page.get_by_text("Singular and plural")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Open boot").press("Enter")
    expect(page.get_by_text("Like boots (default:boots)")).to_be_visible()
    check(page)


@pytest.mark.req("X4f")
def test_hint_comes_while_a_title_is_typed_and_stops_nobody(sign_in, tags):
    page = sign_in("trainer")
    page.goto("/tags/")
    page.get_by_role("button", name="New tag").press("Enter")
    page.get_by_label("Name", exact=True).fill("happy")
    hint = page.get_by_role("dialog").get_by_role("status")
    expect(hint).to_contain_text("“happy” is a mood or an emotion")
    page.get_by_role("textbox", name="Title optional").fill("Smile")
    expect(hint).to_be_empty()
    page.get_by_role("textbox", name="Title optional").fill("Boot")
    expect(hint).to_contain_text("Like boot (default:boot)")
    check(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Boot", level=1)).to_be_visible()
    page.get_by_role("button", name="Rename").press("Enter")
    page.get_by_role("dialog").get_by_label("Name", exact=True).fill("2024")
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("“2024” is a time")
    check(page)


@pytest.mark.req("X4f")
def test_tags_to_be_taught_carry_their_hint(sign_in, tags):
    page = sign_in("trainer")
    page.goto("/training/create/")
    box = page.get_by_role("checkbox", name="summer")
    expect(box).to_have_accessible_description(re.compile("“summer” is a season"))
    box.press("Space")
    expect(page.locator("#chosen")).to_contain_text("summer")
    check(page)


@pytest.mark.req("X5b")
def test_many_are_blocked_and_unblocked_by_keyboard_and_unclear_lines_stay(sign_in, tags):
    page = sign_in("trainer")
    page.goto("/tags/")
    page.get_by_role("link", name="Blocklist").press("Enter")
    expect(page.get_by_text("Nothing is blocked")).to_be_visible()
    check(page)
    box = page.get_by_label("Tags, one on each line")
    box.fill("summer\nhat\nboot\nnothing")
    page.get_by_role("button", name="Block", exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("2 lines are not clear.")
    expect(page.get_by_role("alert")).to_contain_text("Line 2: ")
    expect(box).to_have_value("hat\nnothing")
    check(page)
    box.fill("wear/hat")
    page.get_by_role("button", name="Block", exact=True).press("Enter")
    expect(page.get_by_role("list", name="Blocked tags").get_by_role("listitem")).to_have_count(3)
    page.get_by_role("searchbox", name="Find a tag").fill("boo")
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="Select boot").press("Space")
    page.get_by_role("button", name="Take the selected off").press("Enter")
    expect(page.get_by_role("status").filter(has_text="1 tag is off the blocklist now.")).to_be_visible()
    page.get_by_role("link", name="Show all").press("Enter")
    page.get_by_role("button", name="Take all 2 off").press("Enter")
    check(page)
    page.get_by_role("button", name="Take off", exact=True).press("Enter")
    expect(page.get_by_text("Nothing is blocked")).to_be_visible()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("list", name="Blocked tags").get_by_role("listitem")).to_have_count(2)
