import pytest
from playwright.sync_api import expect

from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("X2c", "A7a")]


def test_tags_are_made_found_changed_and_deleted_by_keyboard(sign_in, root):
    page = sign_in("trainer")
    page.goto("/tags/")
    check(page)
    page.get_by_role("button", name="New tag").press("Enter")
    page.get_by_label("Name", exact=True).fill("clothing/boot")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="boot", level=1)).to_be_visible()
    check(page)
    page.get_by_role("textbox", name="Title", exact=True).fill("Boots")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Boots", level=1)).to_be_visible()
    page.get_by_role("button", name="Move").press("Enter")
    page.get_by_label("Below which tag").fill("nowhere")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_have_text("there is no tag 'nowhere'")
    expect(page.get_by_label("Below which tag")).to_have_value("nowhere")
    page.get_by_label("Below which tag").fill("default:")
    page.keyboard.press("Enter")
    expect(page.get_by_text("default:boot", exact=True).first).to_be_visible()
    page.goto("/tags/")
    page.get_by_role("searchbox", name="Find a tag").fill("boo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Show all")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Boots").press("Enter")
    page.get_by_role("link", name="Delete").press("Enter")
    expect(page.get_by_role("heading", name="It takes along")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Delete").press("Enter")
    expect(page.get_by_role("status").filter(has_text="1 tag is deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("heading", name="Boots", level=1)).to_be_visible()


def test_tree_opens_by_keyboard(sign_in, root):
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.taxonomy.services.create import create_tag

    create_tag(COMMAND_LINE, "clothing/shoes/boot")
    page = sign_in("viewer")
    page.goto("/tags/")
    page.get_by_role("button", name="Tags below clothing").press("Enter")
    page.get_by_role("button", name="Tags below shoes").press("Enter")
    expect(page.get_by_role("link", name="boot")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Tags below clothing").press("Enter")
    expect(page.get_by_role("link", name="boot")).to_be_hidden()
