import pytest
from django.utils import timezone
from playwright.sync_api import expect

from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("W1b", "A7a")]


def test_run_is_started_from_a_timeline_by_keyboard_and_its_figures_change_by_themselves(
    sign_in, add_folder, add_asset
):
    from tagsmith.workflows.models import Chunk, Run, Status

    boots = add_folder("boots", add_folder("shoes"))
    asset = add_asset(boots)
    page = sign_in("editor")
    page.goto(f"/folders/{boots.pk}/timeline/")
    check(page)
    page.get_by_role("link", name="Start workflow").press("Enter")
    expect(page.get_by_role("checkbox", name="shoes/boots")).to_be_checked()
    page.get_by_role("button", name="Folders in shoes").press("Enter")
    expect(page.get_by_role("checkbox", name="boots", exact=True)).to_be_visible()
    check(page)
    page.get_by_label("Title").fill("Spring")
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("The run has started.")
    check(page)
    page.get_by_role("button", name="Pause").press("Enter")
    expect(page.get_by_text("Paused")).to_be_visible()
    page.get_by_role("button", name="Resume").press("Enter")
    expect(page.get_by_text("Queued")).to_be_visible()
    now, run = timezone.now(), Run.objects.get()
    Chunk.objects.create(run=run, number=0, assets=[asset.pk], done=now, tagged=1, changes=3)
    Run.objects.update(status=Status.SUCCESS, started=now, ended=now)
    expect(page.get_by_text("1 of 1")).to_be_visible()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Up to 3 smart tags")
    page.get_by_role("button", name="Undo the run").press("Enter")
    expect(page.get_by_text("Undone", exact=True)).to_be_visible()
    page.get_by_role("link", name="Workflows").first.click()
    expect(page.get_by_role("link", name="Spring")).to_be_visible()
    check(page)


@pytest.mark.req("W4a", "W4c")
def test_launchers_and_schedules_are_set_by_keyboard(sign_in, add_folder):
    shoes = add_folder("shoes")
    add_folder("boots", shoes)
    page = sign_in("trainer")
    page.goto("/workflows/launchers/")
    check(page)
    setting = page.get_by_label("On import: shoes")
    setting.select_option("on")
    page.get_by_role("row", name="shoes").get_by_role("button", name="Set").first.press("Enter")
    expect(page.get_by_role("row", name="shoes")).to_contain_text("said here")
    page.get_by_role("link", name="shoes").press("Enter")
    expect(page.get_by_role("row", name="boots")).to_contain_text("from shoes")
    page.goto("/workflows/schedules/new/")
    page.get_by_label("Title").fill("Nightly")
    page.get_by_label("When").fill("0 3 * * *")
    page.get_by_role("checkbox", name="shoes").press("Space")
    check(page)
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_role("row", name="Nightly")).to_contain_text("3 a.m.")
    check(page)
