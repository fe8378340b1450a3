"""Asking for reports, making them, and deleting them."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tagsmith.audit.services import Actor, record
from tagsmith.errors import BadInputError
from tagsmith.reports.kinds import find_kind
from tagsmith.reports.models import Report, Status

SUBJECT = "report"
LONGEST_TITLE = 200


@transaction.atomic
def create_report(actor: Actor, kind: str, title: str, *, description: str = "", at: datetime | None = None) -> Report:
    """Ask for a report, now or at a time to come; whoever calls enqueues its job.

    Raises
    ------
    BadInputError
        The type is unknown, the title is empty or too long, or the time is over; the message says which.
    """
    clean = title.strip()
    if not clean or len(clean) > LONGEST_TITLE:
        raise BadInputError("title: it must have 1 to {longest} characters", longest=LONGEST_TITLE)
    if at is not None and at < timezone.now():
        raise BadInputError("at: that time is over; without a time the report is made now")
    report = Report.objects.create(
        kind=find_kind(kind).name,
        title=clean,
        description=description.strip(),
        status=Status.QUEUED if at is None else Status.SCHEDULED,
        at=at,
        person=actor.person,
    )
    record(actor, "report.created", SUBJECT, report.pk, after={"title": clean, "kind": kind})
    return report


def make_report(number: int) -> None:
    """Fill in a report that waits, if it still does. Doing it again makes it no other."""
    waiting = Report.objects.filter(pk=number).exclude(status__in=(Status.SUCCESS, Status.FAILED))
    if not waiting.update(status=Status.RUNNING):
        return
    rows = find_kind(Report.objects.get(pk=number).kind).rows()
    Report.objects.filter(pk=number, status=Status.RUNNING).update(
        rows=rows, status=Status.SUCCESS, ended=timezone.now()
    )


def fail_report(number: int, reason: str) -> None:
    """Say why a report could not be made."""
    waiting = Report.objects.filter(pk=number).exclude(status=Status.SUCCESS)
    waiting.update(status=Status.FAILED, failure=reason, ended=timezone.now())


@transaction.atomic
def delete_report(actor: Actor, report: Report) -> None:
    """Delete a report; one that waits is not made any more."""
    record(actor, "report.deleted", SUBJECT, report.pk, before={"title": report.title, "kind": report.kind})
    report.delete()
