"""The background work of reports."""

from django.db import transaction

from tagsmith.queue.port import job
from tagsmith.reports import services
from tagsmith.reports.models import Report


def give_up_report(reason: str, report: int) -> None:
    """Fail a report that was given up."""
    services.fail_report(report, reason)


@job("reports.make", given_up=give_up_report)
def make(report: int) -> None:
    """Make a report, if it is still waited for."""
    services.make_report(report)


@transaction.atomic
def enqueue_report(report: Report) -> None:
    """Ask for a report to be made, at its time if it has one."""
    make.enqueue(at=report.at, report=report.pk)
