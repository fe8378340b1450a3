import pytest
from django.utils import timezone
from playwright.sync_api import expect

from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("R1b", "A7a")]


def test_report_is_created_by_keyboard_appears_by_itself_and_is_read(sign_in, root):
    from tagsmith.reports.models import Report, Status

    page = sign_in("editor")
    page.goto("/reports/")
    check(page)
    page.get_by_role("button", name="Create").press("Enter")
    page.get_by_label("Title").fill("For the board")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Queued")).to_be_visible()
    row = {"tag": "default:boot", "model": "Shoes", "version": 1, "examples": 30, "state": "good", "precision": 0.95,
           "recall": 0.8, "reached": True, "wanted": 0.9, "confused": ""}  # fmt: skip
    Report.objects.update(status=Status.SUCCESS, rows=[row], ended=timezone.now())
    expect(page.get_by_text("Success")).to_be_visible()
    page.get_by_role("link", name="For the board", exact=True).click()
    expect(page.get_by_role("row", name="default:boot")).to_contain_text("Trained")
    check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Workbook").click()
    assert download.value.suggested_filename == "for-the-board.xlsx"
