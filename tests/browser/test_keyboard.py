"""Where the focus goes, what is read aloud, and the pages that have no keyboard test of their own elsewhere."""

import re

import pytest
from playwright.sync_api import expect

from integration.web.conftest import PASSWORD

from .reading import check
from .test_training import library, shoes, tags, trained  # noqa: F401 - fixtures
from .walking import structure, walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("A7b")]


@pytest.fixture
def folder(add_folder, add_asset):
    folder = add_folder("products")
    for number in range(3):
        add_asset(folder, f"{number}.png", seed=number)
    return folder


def test_walk_names_what_is_not_reached_and_not_marked(sign_in, root):
    page = sign_in()
    page.goto("/")
    page.evaluate("document.querySelector('.brand').style.outline = 'none'")
    page.evaluate("document.querySelector('.account').addEventListener('focus', ({target}) => target.blur())")
    assert re.search(
        r"not marked: <a class=\"brand\".*not reached: <button[^>]*class=\"quiet account\"", "".join(walk(page))
    )


def test_one_signs_in_and_out_by_keyboard(open_browser, add_person, root):
    add_person("ada")
    page = open_browser().new_page()
    page.goto("/people/")
    check(page)
    expect(page.get_by_label("User name")).to_be_focused()
    page.keyboard.type("ada")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/")
    page.goto("/")
    page.get_by_role("button", name="Account").press("Enter")
    page.get_by_role("button", name="Sign out").press("Enter")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_page_that_is_not_there_leads_on(sign_in, root):
    page = sign_in("viewer")
    page.goto("/nowhere/")
    assert [one for one in structure(page) if one not in {"there is no header", "there is no nav[aria-label]"}] == []
    assert walk(page) == []
    check(page)
    page.get_by_role("link", name="To the library").press("Enter")
    expect(page.get_by_role("heading", name="Library")).to_be_visible()


@pytest.mark.req("A7c")
def test_focus_returns_to_what_opened_a_dialog_or_a_menu(sign_in, folder):
    page = sign_in("editor")
    page.goto(f"/folders/{folder.pk}/")
    for opener, inside in (("New folder", page.get_by_role("dialog")), ("Account", page.locator("#account"))):
        button = page.get_by_role("button", name=opener)
        button.press("Enter")
        expect(inside).to_be_visible()
        page.keyboard.press("Tab")
        assert inside.evaluate("(one) => one.contains(document.activeElement)")
        page.keyboard.press("Escape")
        expect(inside).to_be_hidden()
        expect(button).to_be_focused()


@pytest.mark.req("A7c")
def test_focus_stays_where_a_button_is_off_while_it_asks(sign_in, folder):
    page = sign_in("editor")
    page.goto(f"/folders/{folder.pk}/")
    page.get_by_role("button", name="New folder").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("a/b")
    create = dialog.get_by_role("button", name="Create")
    create.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("cannot hold '/'")
    expect(create).to_be_focused()


@pytest.mark.req("A7c")
def test_focus_goes_on_from_what_went_away(sign_in, folder):
    page = sign_in("editor")
    page.goto(f"/folders/{folder.pk}/")
    page.get_by_role("checkbox").first.press("Space")
    page.get_by_role("button", name="Select none").press("Enter")
    expect(page.get_by_role("checkbox").first).to_be_focused()
    delete_first(page)
    page.get_by_role("button", name="Dismiss").press("Enter")
    expect(page.locator("main")).to_be_focused()


def delete_first(page):
    page.get_by_role("checkbox").first.press("Space")
    page.get_by_role("button", name="Delete", exact=True).press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Delete").press("Enter")


@pytest.mark.req("A7c")
def test_notice_comes_after_the_page_so_that_it_is_read_aloud(sign_in, folder):
    page = sign_in("editor")
    count = "window.atFirst = document.querySelectorAll('.notice-card').length"
    page.add_init_script(f"document.addEventListener('DOMContentLoaded', () => {{ {count}; }})")
    page.goto(f"/folders/{folder.pk}/")
    delete_first(page)
    expect(page.get_by_role("status").filter(has_text="1 asset is in the trash.")).to_be_visible()
    assert page.evaluate("window.atFirst") == 0


@pytest.mark.req("A7c")
def test_focus_stays_where_a_page_brings_itself_up_to_date(sign_in, trained):
    from tagsmith.reports.models import Report, Status
    from tagsmith.training.models import TagModel

    TagModel.objects.update(training=TagModel.Training.PENDING)
    report = Report.objects.create(kind="smart-tags-training", title="Shoes", status=Status.RUNNING)
    page = sign_in("trainer")
    for address, role, name in (
        (f"/training/{trained.pk}/", "link", "Thresholds"),
        ("/training/", "link", "Shoes"),
        (f"/reports/{report.pk}/", "button", "Delete"),
        ("/reports/", "link", "Shoes"),
    ):
        page.goto(address)
        page.get_by_role(role, name=name, exact=True).focus()
        with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
            pass
        page.evaluate("new Promise((done) => { document.addEventListener('htmx:afterSettle', done, { once: true }); })")
        expect(page.get_by_role(role, name=name, exact=True)).to_be_focused()


@pytest.mark.req("A7c")
def test_focus_goes_to_what_came_instead(sign_in, library, root):
    page = sign_in("trainer")
    page.goto("/training/create/")
    page.get_by_role("searchbox", name="Search tags").fill("glove")
    page.get_by_role("button", name="Make the tag “glove”").press("Enter")
    expect(page.get_by_text("default:glove was made and chosen.")).to_be_visible()
    expect(page.locator(":focus")).to_be_attached()
    page.get_by_role("button", name="Remove glove").press("Enter")
    expect(page.locator(":focus")).to_be_attached()


@pytest.mark.req("A7c")
def test_tags_that_are_deleted_together_leave_the_focus_in_the_list(sign_in, trained, library, tags):
    from tagsmith.tagging.models import SmartTag
    from tagsmith.training.models import Version

    for tag in tags.values():
        SmartTag.objects.create(asset=library["boot"][0], tag=tag, version=Version.objects.get(), confidence=900)
    page = sign_in("editor")
    page.goto(f"/assets/{library['boot'][0].pk}/tags/")
    page.get_by_role("checkbox", name="Select hat").press("Space")
    page.get_by_role("button", name="Delete selected").press("Enter")
    expect(page.get_by_role("button", name="Leave it")).to_be_focused()


def test_version_is_tried_published_rolled_back_and_retired_by_keyboard(sign_in, trained):
    from tagsmith.training.jobs import train_now

    train_now(trained)
    page = sign_in("trainer")
    page.goto(f"/training/{trained.pk}/")
    page.get_by_role("button", name="Roll back").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Roll back").press("Enter")
    expect(page.get_by_text("Version 1 is live", exact=True)).to_be_visible()
    page.get_by_role("link", name="What would change").press("Enter")
    expect(page.get_by_text("Against version 1")).to_be_visible()
    page.get_by_role("button", name="Publish version 2").press("Enter")
    expect(page.get_by_text("Version 2 is live", exact=True)).to_be_visible()
    page.locator("summary", has_text="Confusion").press("Enter")
    expect(page.get_by_role("region", name="Confusion")).to_be_visible()
    page.get_by_role("button", name="Retire").press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("all smart tags that this model gave are taken away")
    page.get_by_role("dialog").get_by_role("button", name="Retire").press("Enter")
    expect(page.get_by_text("No version is live now")).to_be_visible()
    expect(page.get_by_text("Version 2 is live", exact=True)).to_be_hidden()


def test_settings_of_a_model_are_saved_and_a_model_is_imported_by_keyboard(sign_in, trained, tmp_path):
    page = sign_in("trainer")
    page.goto(f"/training/{trained.pk}/aims/")
    page.get_by_label("Target precision").fill("95")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    expect(page.get_by_label("Target precision")).to_have_value("95.0")
    page.goto("/training/import/")
    page.get_by_label("Title").fill("Hats")
    with page.expect_file_chooser() as chooser:
        page.get_by_label("File").press("Enter")
    (tmp_path / "hats.tagsmith").write_bytes(b"no model")
    chooser.value.set_files(tmp_path / "hats.tagsmith")
    page.get_by_role("button", name="Import").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Hats")


def test_trash_is_taken_back_and_emptied_by_keyboard(sign_in, folder):
    from tagsmith.assets.models import Asset
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.assets.services.trash import trash_assets
    from tagsmith.audit.services import COMMAND_LINE

    trash_assets(EVERYTHING, COMMAND_LINE, Asset.objects.values_list("pk", flat=True)[:2])
    page = sign_in()
    page.goto("/trash/")
    page.get_by_role("button", name="Take back").first.press("Enter")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("button", name="Empty the trash").press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("This cannot be undone")
    page.get_by_role("button", name="Delete for good").press("Enter")
    expect(page.get_by_text("The trash is empty")).to_be_visible()
    assert Asset.objects.count() == 2


def test_files_are_chosen_by_keyboard(sign_in, folder):
    page = sign_in("editor")
    page.goto(f"/folders/{folder.pk}/")
    page.get_by_role("button", name="Upload").first.press("Enter")
    for name in ("Choose files", "Choose a folder"):
        with page.expect_file_chooser():
            page.get_by_role("button", name=name).press("Enter")


@pytest.mark.req("A7d")
def test_nothing_moves_for_whoever_asked_for_that(sign_in, root):
    page = sign_in(reduced_motion="reduce")
    page.goto("/design/")
    page.wait_for_load_state("networkidle")
    moving = """["", "::before"].flatMap((part) => [...document.querySelectorAll("*")].filter(
      (one) => getComputedStyle(one, part).transitionDuration !== "0s").map((one) => one.outerHTML + part))"""
    assert page.evaluate(moving) == []
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(moving) != []


@pytest.mark.req("A7d")
def test_what_is_chosen_is_seen_where_the_system_gives_the_colours(sign_in, root):
    page = sign_in(forced_colors="active")
    page.goto("/design/")
    outline = "(selector) => getComputedStyle(document.querySelector(selector)).outlineStyle"
    assert page.evaluate(outline, ".sections a") == "none"
    page.goto("/library/")
    assert page.evaluate(outline, ".sections [aria-current]") == "solid"
    page.goto("/design/")
    border = "(selector) => getComputedStyle(document.querySelector(selector)).borderTopWidth"
    for selector in (".badge", ".label", "meter", ".notice"):
        assert page.evaluate(border, selector) == "1px", selector
