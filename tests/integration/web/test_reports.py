import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tagsmith.reports.models import Report, Status
from tagsmith.reports.services import make_report

pytestmark = [pytest.mark.django_db, pytest.mark.req("R1b")]

WANTED = {"kind": "smart-tags-training", "title": "Board", "description": "", "at": ""}
ROW = {
    "tag": "default:boot", "model": "<b>Shoes</b>", "version": 1, "examples": 9, "state": "fair", "precision": 0.95,
    "recall": None, "reached": True, "wanted": 0.9, "confused": "",
}  # fmt: skip


@pytest.fixture
def editor(client, add_person, root):
    person = add_person("ed", "editor")
    client.force_login(person)
    return person


@pytest.fixture
def made(editor):
    return Report.objects.create(
        kind=WANTED["kind"], title="Board", status=Status.SUCCESS, rows=[ROW], ended=timezone.now()
    )


def test_report_is_asked_for_and_shown_when_it_is_made(client, editor):
    page = client.post("/reports/", WANTED, follow=True).text
    assert "The report is on its way." in page
    assert 'hx-trigger="every 2s"' in page
    report = Report.objects.get(person=editor)
    make_report(report.pk)
    rows = client.get("/reports/", headers={"HX-Request": "true"}).text
    assert "Success" in rows
    assert "hx-trigger" not in rows
    assert "<html" not in rows


def test_report_of_a_time_to_come_is_scheduled(client, editor):
    at = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert "The report is scheduled." in client.post("/reports/", {**WANTED, "at": at}, follow=True).text
    assert "Scheduled" in client.get("/reports/").text


def test_what_was_typed_stays_when_it_is_refused(client, editor):
    page = client.post("/reports/", {**WANTED, "at": "2020-01-01T10:00"}).text
    assert "that time is over" in page
    assert 'value="Board"' in page


def test_states_are_said_in_words_and_titles_are_no_markup(client, made):
    page = client.get(f"/reports/{made.pk}/").text
    assert "Not completely trained" in page
    assert "1 more different example is needed." in page
    assert "95 %" in page
    assert "<b>Shoes" not in page


@pytest.mark.parametrize(("form", "start"), [("xlsx", b"PK"), ("csv", b"\xef\xbb\xbfTag,")])
def test_report_is_downloaded(client, made, form, start):
    answer = client.get(f"/reports/{made.pk}.{form}")
    assert answer.content.startswith(start)
    assert answer["Content-Disposition"] == f'attachment; filename="board.{form}"'
    assert client.get(f"/reports/{made.pk}.pdf").status_code == 404


def test_report_that_is_not_made_is_no_file(client, made):
    Report.objects.update(status=Status.QUEUED)
    assert client.get(f"/reports/{made.pk}.csv").status_code == 409


def test_report_is_deleted(client, made):
    page = client.post(f"/reports/{made.pk}/delete/", follow=True).text
    assert "Board was deleted." in page
    assert not Report.objects.exists()


def test_number_of_queries_does_not_grow_with_reports(client, made):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            page = client.get("/reports/").text
        return len(caught), len(re.findall('class="badge', page))

    few, one = queries()
    Report.objects.bulk_create(Report(kind=WANTED["kind"], title=f"{n}", person=made.person) for n in range(5))
    assert queries() == (few, one + 5)
