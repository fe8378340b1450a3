import pytest
from playwright.sync_api import expect

from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def folder(add_folder, add_asset):
    from tagsmith.search.services import index

    folder = add_folder("products")
    index([add_asset(folder, f"{number}.png", seed=number, title=f"boot {number}").pk for number in range(6)])
    return folder


@pytest.mark.req("L9b", "L9g", "A7a")
def test_selection_is_collected_by_keyboard_taken_out_again_and_back(sign_in, folder):
    page = sign_in("editor")
    page.goto("/library/")
    page.locator(".thumb").first.focus()
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Collect").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox", name="Collection")).to_be_focused()
    check(page)
    dialog.get_by_role("button", name="Add").press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("name")
    dialog.get_by_label("Name of the new collection").fill("Spring")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 assets were added to Spring.")).to_be_visible()
    page.get_by_role("link", name="Show", exact=True).click()
    expect(page.get_by_role("heading", name="Spring")).to_be_visible()
    expect(page.locator(".cell")).to_have_count(2)
    check(page)
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Take out").press("Enter")
    expect(page.get_by_text("1 asset was taken out of Spring.")).to_be_visible()
    expect(page.locator(".cell")).to_have_count(1)
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.locator(".cell")).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all").press("Enter")
    assert download.value.suggested_filename == "tagsmith.zip"


@pytest.mark.req("L9g", "A7a")
def test_collection_is_made_changed_and_deleted_with_undo(sign_in, folder):
    page = sign_in("viewer")
    page.goto("/collections/")
    expect(page.get_by_text("There are no collections yet")).to_be_visible()
    check(page)
    page.get_by_role("button", name="New collection").press("Enter")
    dialog = page.get_by_role("dialog")
    check(page)
    dialog.get_by_label("Name").fill("Mine")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing to see here yet")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Change this collection").press("Enter")
    page.get_by_label("Description").fill("What I like")
    check(page)
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("What I like")).to_be_visible()
    page.get_by_role("button", name="Delete this collection").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Delete").press("Enter")
    expect(page.get_by_text("There are no collections yet")).to_be_visible()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("link", name="Mine")).to_be_visible()
    check(page)


@pytest.mark.req("L9a", "L9g", "A7a")
def test_search_is_saved_and_opened_and_all_that_it_finds_is_collected(sign_in, folder):
    page = sign_in("editor")
    page.goto("/search/?q=boots")
    page.get_by_role("button", name="Save this search").press("Enter")
    dialog = page.get_by_role("dialog")
    check(page)
    dialog.get_by_label("Name").fill("All boots")
    dialog.get_by_label("Everybody may see it").check()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The search was saved as All boots.")).to_be_visible()
    page.get_by_role("button", name="Collect all").press("Enter")
    dialog.get_by_label("Name of the new collection").fill("Boots of today")
    page.keyboard.press("Enter")
    expect(page.get_by_text("6 assets were added to Boots of today.")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Saved searches").first.click()
    expect(page.get_by_text("6 assets")).to_be_visible()
    expect(page.get_by_text("Shared")).to_be_visible()
    check(page)
    page.get_by_role("link", name="All boots", exact=True).press("Enter")
    expect(page.locator(".thumb")).to_have_count(6)


@pytest.mark.req("L9g", "A7a")
def test_asset_is_collected_from_its_page_and_taken_out_there(sign_in, folder):
    from tagsmith.assets.models import Asset

    page = sign_in("editor")
    page.goto(f"/assets/{Asset.objects.first().pk}/")
    page.get_by_role("button", name="Add to a collection").press("Enter")
    page.get_by_role("dialog").get_by_label("Name of the new collection").fill("Favourites")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Favourites")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Take it out of Favourites").press("Enter")
    expect(page.get_by_text("It is in none that you see.")).to_be_visible()
