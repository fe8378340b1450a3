import pytest
from playwright.sync_api import expect

from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("T5b")]


def test_changes_are_looked_through_by_keyboard_and_taken_back(sign_in, add_folder, add_asset):
    from tagsmith.assets.edits import Edit, Mode
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.assets.services.bulk_edit import edit_assets
    from tagsmith.audit.services import Actor

    folder = add_folder("products")
    assets = [add_asset(folder, f"{number}.png", seed=number, title="Old").pk for number in range(3)]
    edit_assets(EVERYTHING, Actor(name="Ada"), assets, {"title": Edit(Mode.REPLACE, "New")})
    page = sign_in()
    page.goto("/")
    page.get_by_role("link", name="Changes").press("Enter")
    check(page)
    page.get_by_label("What", exact=True).select_option(label="Assets: metadata edited")
    page.get_by_label("By", exact=True).select_option("Ada")
    page.get_by_role("button", name="Show").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="and 2 more").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(3)
    page.locator("summary").first.press("Enter")
    expect(page.locator("dd del").first).to_have_text("Old")
    expect(page.locator("dd del").first).to_be_visible()
    check(page)
    page.get_by_role("button", name="Undo all of this").press("Enter")
    expect(page.get_by_text("Undone on 3 assets.")).to_be_visible()
    page.get_by_role("link", name="Everything").press("Enter")
    expect(page.locator("tbody tr").first).to_contain_text("edit of metadata undone")
    expect(page.locator("tbody tr").nth(1)).to_contain_text("Undone by administrator")
    check(page)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
