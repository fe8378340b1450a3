"""Reading reports."""

from django.db.models import QuerySet

from tagsmith.errors import NotFoundError
from tagsmith.reports.models import Report


def reports() -> QuerySet[Report]:
    """Return all reports without their rows, the newest first."""
    return Report.objects.select_related("person").defer("rows").order_by("-created", "-pk")


def get_report(number: int) -> Report:
    """Return a report; raises NotFoundError."""
    report = Report.objects.select_related("person").filter(pk=number).first()
    if report is None:
        raise NotFoundError(f"no report {number}")
    return report
