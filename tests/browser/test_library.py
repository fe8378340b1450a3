import re

import pytest
from playwright.sync_api import expect

from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def folder(add_folder, add_asset):
    folder = add_folder("products")
    for number in range(8):
        add_asset(folder, f"{number}.png", seed=number)
    return folder


@pytest.mark.req("L1i")
def test_assets_are_selected_by_click_shift_and_keyboard_and_deleted_with_undo(sign_in, folder, add_folder):
    add_folder("shoes", folder)
    page = sign_in("editor")
    page.goto(f"/folders/{folder.pk}/")
    check(page)
    boxes = page.get_by_role("checkbox")
    boxes.nth(1).check()
    boxes.nth(4).click(modifiers=["Shift"])
    tray = page.locator("#selection")
    expect(tray).to_contain_text("4 selected")
    page.keyboard.press("Escape")
    expect(tray).to_be_hidden()
    page.locator(".thumb").first.focus()
    for key in ("ArrowRight", "Space", "ArrowDown", "Space"):
        page.keyboard.press(key)
    expect(tray).to_contain_text("2 selected")
    page.keyboard.press("Control+a")
    expect(tray).to_contain_text("8 selected")
    check(page)
    page.get_by_role("button", name="Select none").click()
    boxes.first.check()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("1 asset is in the trash.")).to_be_visible()
    expect(page.locator(".cell")).to_have_count(7)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".cell")).to_have_count(8)


@pytest.mark.req("T2e")
def test_tag_is_chosen_by_typing_and_a_refusal_keeps_what_was_typed(sign_in, folder):
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.taxonomy.services.create import create_tag

    create_tag(COMMAND_LINE, "shoes/boots")
    page = sign_in("editor")
    page.goto(f"/folders/{folder.pk}/?view=list")
    check(page)
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Tags", exact=True).click()
    dialog = page.get_by_role("dialog")
    box = dialog.get_by_label("Tag", exact=True)
    box.press_sequentially("boo")
    expect(dialog.locator("option[value='default:shoes/boots']")).to_be_attached()
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog.get_by_role("alert")).to_contain_text("there is no tag 'boo'")
    expect(box).to_have_value("boo")
    box.fill("boots")
    check(page)
    box.press("Enter")
    expect(page.get_by_text("default:shoes/boots: 1 asset changed.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?view=list$"))


@pytest.mark.req("L1h")
def test_folders_are_made_and_opened_in_the_tree_by_keyboard(sign_in, folder, add_folder):
    add_folder("boots", add_folder("shoes", folder))
    page = sign_in("editor")
    page.goto(f"/folders/{folder.pk}/")
    tree = page.get_by_role("navigation", name="Folder tree")
    twist = tree.get_by_role("button", name="Folders in shoes")
    twist.focus()
    page.keyboard.press("Enter")
    expect(tree.get_by_role("link", name="boots")).to_be_visible()
    expect(twist).to_be_focused()
    page.keyboard.press("Enter")
    expect(tree.get_by_role("link", name="boots")).to_be_hidden()
    page.get_by_role("button", name="New folder").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("a/b")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("cannot hold '/'")
    dialog.get_by_label("Name").fill("Hats")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hats", exact=True)).to_be_visible()
    expect(page.get_by_text("This folder is empty")).to_be_visible()
    check(page)


@pytest.mark.req("L1k")
def test_very_many_are_tagged_in_the_background_and_the_progress_is_come_back_to(sign_in, folder, monkeypatch):
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.bulk import services
    from tagsmith.bulk.models import Act
    from tagsmith.taxonomy.services.create import create_tag

    create_tag(COMMAND_LINE, "shoes/boots")
    monkeypatch.setattr("tagsmith.web.views.selection.AT_ONCE", 3)
    monkeypatch.setattr(services, "PART", 5)
    page = sign_in("editor")
    page.goto(f"/folders/{folder.pk}/?view=list")
    page.locator(".pick").first.focus()
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Tags", exact=True).press("Enter")
    page.get_by_role("dialog").get_by_label("Tag", exact=True).fill("boots")
    page.get_by_role("dialog").get_by_role("button", name="Apply").press("Enter")
    expect(page.get_by_role("heading", name="Progress")).to_be_visible()
    expect(page.get_by_text("Tags are being changed: 0 of 8.")).to_be_visible()
    check(page)
    act = Act.objects.get()
    services.go_on(act.pk)
    expect(page.get_by_text("Tags are being changed: 5 of 8.")).to_be_visible()
    page.get_by_role("link", name="Back").press("Enter")
    expect(page).to_have_url(re.compile(r"\?view=list$"))
    page.goto("/")
    expect(page.get_by_role("progressbar", name="Tags are being changed")).to_have_attribute("value", "5")
    services.go_on(act.pk)
    expect(page.get_by_text("default:shoes/boots: 8 assets changed.")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_text("Undone on 8 tags.")).to_be_visible()


@pytest.mark.req("L8c")
def test_all_copies_but_the_oldest_are_selected_and_deleted_by_keyboard(sign_in, add_folder, add_asset):
    for name, seed in (("a.png", 1), ("b.png", 2), ("a copy.png", 1), ("b copy.png", 2), ("b again.png", 2)):
        add_asset(add_folder(f"in {name}"), name, seed=seed)
    page = sign_in("editor")
    page.goto("/library/")
    page.get_by_role("link", name="Duplicates").press("Enter")
    expect(page.get_by_role("heading", name="3 times the same file")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Select all but the oldest of each").press("Enter")
    tray = page.locator("#selection")
    expect(tray).to_contain_text("3 selected")
    expect(page.get_by_role("checkbox", name="Select a.png", exact=True)).not_to_be_checked()
    check(page)
    tray.get_by_role("button", name="Delete", exact=True).press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Delete").press("Enter")
    expect(page.get_by_role("heading", name="No file is here twice")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("heading", name="2 times the same file")).to_be_visible()
