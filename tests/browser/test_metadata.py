import csv
import re

import pytest
from playwright.sync_api import expect

from .conftest import NARROW
from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def folder(add_folder, add_asset):
    folder = add_folder("products")
    for number in range(6):
        add_asset(folder, f"{number}.png", seed=number, title=f"Old {number}", keywords=["sea"])
    return folder


@pytest.mark.req("L6f")
def test_selected_assets_are_edited_by_keyboard_and_undone(sign_in, folder):
    page = sign_in("editor")
    page.goto(f"/folders/{folder.pk}/?view=list")
    page.locator(".thumb").first.focus()
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Metadata").press("Enter")
    expect(page.get_by_text("6 assets are selected.")).to_be_visible()
    check(page)
    title = page.get_by_role("textbox", name="Title")
    title.press_sequentially("Beach")  # writing says what to do with it
    expect(page.get_by_role("group", name="Title").get_by_label("What to do")).to_have_value("replace")
    page.get_by_role("textbox", name="Keywords").press_sequentially("summer")
    page.get_by_role("group", name="Rights").get_by_label("What to do").select_option(label="Clear")
    expect(page.get_by_role("textbox", name="Rights")).to_be_disabled()
    title.press("Enter")
    expect(page.get_by_role("heading", name="6 of 6 assets change")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Back").press("Enter")
    expect(title).to_have_value("Beach")
    page.get_by_role("button", name="Look at what changes").press("Enter")
    page.get_by_role("button", name="Save on 6 assets").press("Enter")
    expect(page).to_have_url(re.compile(r"\?view=list$"))
    expect(page.get_by_role("link", name="Beach")).to_have_count(6)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone on 6 assets.")).to_be_visible()
    expect(page.get_by_role("link", name="Old 3")).to_be_visible()


@pytest.mark.req("L6f")
def test_mistake_keeps_what_was_typed(sign_in, folder):
    page = sign_in("editor")
    page.set_viewport_size(NARROW)
    page.goto(f"/selection/metadata/?all={folder.pk}")
    page.get_by_role("textbox", name="Title").fill("Beach")
    page.get_by_role("group", name="Creator").get_by_label("What to do").select_option(label="Replace with")
    page.get_by_role("button", name="Look at what changes").click()
    expect(page.get_by_text("Write something, or choose to leave or clear the field.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Beach")
    page.get_by_role("link", name="Also those in the folders below").click()
    expect(page).to_have_url(re.compile(rf"all=below:{folder.pk}$"))


@pytest.mark.req("L6g")
def test_metadata_goes_through_a_spreadsheet(sign_in, folder, tmp_path):
    page = sign_in("editor")
    page.goto("/library/")
    page.get_by_role("link", name="Metadata as a file").click()
    check(page)
    page.get_by_label("Folder").fill("products")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    file = tmp_path / "metadata.csv"
    download.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    for row in rows:
        row["title"] = f"New {row['id']}"

    def write(changed):
        with file.open("w", encoding="utf-8", newline="") as target:
            table = csv.DictWriter(target, rows[0].keys())
            table.writeheader()
            table.writerows(changed)
        page.get_by_label("CSV file").set_input_files(file)
        page.get_by_role("button", name="Look at what changes").click()

    write([rows[0] | {"captured": "yesterday"}, *rows[1:]])
    expect(page.get_by_role("alert")).to_contain_text("line 2: 'yesterday' is no date")
    write(rows)
    expect(page.get_by_role("heading", name="6 of 6 assets change")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Change 6 assets").press("Enter")
    expect(page.get_by_text("The metadata of 6 assets is changed.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone on 6 assets.")).to_be_visible()


@pytest.mark.req("L1j")
def test_move_is_undone_and_what_goes_wrong_is_said_in_the_dialog(sign_in, folder, add_folder):
    add_folder("archive")
    page = sign_in("editor")
    page.goto(f"/folders/{folder.pk}/")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Move", exact=True).click()
    dialog = page.get_by_role("dialog")
    into = dialog.get_by_label("Into the folder")
    into.fill("nowhere")
    dialog.get_by_role("button", name="Move").click()
    expect(dialog.get_by_role("alert")).to_contain_text("there is no folder nowhere")
    into.fill("archive")
    page.evaluate("htmx.trigger(document.body, 'htmx:sendError')")  # as when the server does not answer
    expect(dialog.get_by_role("alert")).to_contain_text("Nothing is lost")
    expect(into).to_have_value("archive")
    dialog.get_by_role("button", name="Move").click()
    expect(page.get_by_text("1 asset was moved.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("It is back where it was.")).to_be_visible()
    expect(page.locator(".cell")).to_have_count(6)
