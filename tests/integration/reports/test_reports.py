import csv
import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from django.utils import timezone, translation

from integration.stages import ada, library, settings, shoes, tags, trained  # noqa: F401 - fixtures
from tagsmith.audit.models import Entry
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.errors import BadInputError
from tagsmith.reports import files
from tagsmith.reports.models import Report, Status
from tagsmith.reports.services import create_report, delete_report, fail_report, make_report
from tagsmith.reports.telling import told
from tagsmith.reports.training import training_rows
from tagsmith.taxonomy.services.delete import delete
from tagsmith.taxonomy.services.words import set_title
from tagsmith.training.models import TaughtTag

pytestmark = pytest.mark.django_db

KIND = "smart-tags-training"


@pytest.fixture
def report(trained):
    made = create_report(COMMAND_LINE, KIND, "=1+1", description="for the board")
    make_report(made.pk)
    made.refresh_from_db()
    return made


@pytest.mark.req("R2b")
def test_report_has_a_row_for_each_trained_tag_and_none_for_others(trained, tags, library):
    TaughtTag.objects.create(model=trained, tag=tags["sock"])  # chosen, but no training has covered it
    rows = training_rows()
    assert [(row["tag"], row["model"], row["version"], row["examples"]) for row in rows] == [
        ("default:boot", "Shoes", 1, 12),
        ("default:hat", "Shoes", 1, 12),
    ]
    assert all(row["state"] == "good" for row in rows)


@pytest.mark.req("R2b")
def test_deleted_tag_is_absent(trained, tags):
    delete(COMMAND_LINE, tags["hat"])
    assert [row["tag"] for row in training_rows()] == ["default:boot"]


@pytest.mark.req("R1a")
def test_report_without_a_time_is_queued_and_with_one_scheduled(ada):
    assert create_report(ada, KIND, "now").status == Status.QUEUED
    later = create_report(ada, KIND, "later", at=timezone.now() + timedelta(hours=1))
    assert later.status == Status.SCHEDULED
    assert Entry.objects.filter(action="report.created", actor=ada.person).count() == 2


@pytest.mark.req("R1a")
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "nonsense"}, "type"),
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"at": datetime(2020, 1, 1, tzinfo=UTC)}, "at"),
    ],
)
def test_what_cannot_be_made_is_refused_by_the_field(wrong, said):
    with pytest.raises(BadInputError, match=f"^{said}:"):
        create_report(COMMAND_LINE, **{"kind": KIND, "title": "x", **wrong})
    assert not Report.objects.exists()


def test_report_is_made_once(report, trained):
    before = report.ended
    make_report(report.pk)
    fail_report(report.pk, "a worker that was thought dead")
    report.refresh_from_db()
    assert (report.status, report.ended) == (Status.SUCCESS, before)


def test_deleted_report_is_not_made(report):
    number = report.pk
    delete_report(COMMAND_LINE, report)
    make_report(number)
    assert not Report.objects.exists()


@pytest.mark.req("R3a")
def test_workbook_is_typed_coloured_filtered_and_frozen(report):
    report.rows[1] |= {"state": "fair", "precision": None, "reached": False}
    sheet = openpyxl.load_workbook(io.BytesIO(files.workbook(report))).active
    head, first, second = ([sheet.cell(row, column) for column in range(1, 9)] for row in (5, 6, 7))
    assert [cell.value for cell in head][:4] == ["Tag", "Tag model", "Version", "Examples"]
    assert [cell.value for cell in first][:5] == ["boot", "Shoes", 1, 12, "Trained"]
    assert [cell.data_type for cell in first[:7]] == ["s", "s", "n", "n", "s", "n", "n"]
    assert (first[5].number_format, first[5].value) == ("0 %", pytest.approx(report.rows[0]["precision"]))
    assert second[4].value == "Not completely trained"
    assert second[5].value is None
    assert (first[4].fill.fgColor.rgb, second[4].fill.fgColor.rgb) == ("FFC6EFCE", "FFFFEB9C")
    assert sheet.auto_filter.ref == "A5:H7"
    assert sheet.freeze_panes == "A6"


@pytest.mark.req("R2b", "A5a")
def test_tags_are_called_and_sorted_by_their_titles_in_the_language_of_who_reads(report, tags):
    for tag, title in ((tags["boot"], "Stiefel"), (tags["hat"], "Hüte")):
        set_title(COMMAND_LINE, tag, title, "de")
    set_title(COMMAND_LINE, tags["hat"], "boot", "en")
    report.rows[0] |= {"state": "fair", "confused": "default:hat", "recall": 0.1}
    assert [row["tag"] for row in told(report)] == ["boot (default:boot)", "boot (default:hat)"]
    with translation.override("de"):
        assert [row["tag"] for row in told(report)] == ["Hüte", "Stiefel"]
        assert "Hüte" in files.table(report).decode().splitlines()[2]
    delete(COMMAND_LINE, tags["hat"])
    assert [row["tag"] for row in told(report)] == ["boot", "default:hat"]


@pytest.mark.req("R3b")
def test_formula_in_a_title_stays_text(report):
    sheet = openpyxl.load_workbook(io.BytesIO(files.workbook(report))).active
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("=1+1", "s")
    report.rows[0]["model"] = "=cmd|' /C calc'!A0"
    sheet = openpyxl.load_workbook(io.BytesIO(files.workbook(report))).active
    assert sheet["B6"].data_type == "s"
    rows = list(csv.DictReader(io.StringIO(files.table(report).decode("utf-8-sig"))))
    assert rows[0]["Tag model"].startswith("'=")


@pytest.mark.req("R3a")
def test_csv_has_the_same_rows(report):
    rows = list(csv.DictReader(io.StringIO(files.table(report).decode("utf-8-sig"))))
    assert [row["Tag"] for row in rows] == ["boot", "hat"]
    assert rows[0]["Training status"] == "Trained"
    assert float(rows[0]["Recall"]) == pytest.approx(report.rows[0]["recall"], abs=1e-4)
