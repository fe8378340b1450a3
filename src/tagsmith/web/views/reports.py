"""The reports console: asking for reports, reading them, and taking them along as files."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tagsmith.accounts.models import Role
from tagsmith.errors import BadInputError, ConflictError, NotFoundError
from tagsmith.reports import files, services
from tagsmith.reports.jobs import enqueue_report
from tagsmith.reports.kinds import KINDS, SMART_TAGS_TRAINING, find_kind
from tagsmith.reports.models import Report, Status
from tagsmith.reports.selectors import get_report, reports
from tagsmith.reports.telling import told
from tagsmith.web.notices import notify
from tagsmith.web.phrases import phrase
from tagsmith.web.requests import actor_of, is_partial
from tagsmith.web.roles import only

UNDER_WAY = (Status.QUEUED, Status.RUNNING)
FILES = {
    "xlsx": (files.workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (files.table, "text/csv; charset=utf-8"),
}
SHOWN = 100


class NewReport(forms.Form):
    """A report to make, now or at a time to come."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Type"), choices=lambda: [(kind.name, kind.title) for kind in KINDS.values()]
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=services.LONGEST_TITLE)
    description = forms.CharField(label=gettext_lazy("Description"), required=False, widget=forms.Textarea)
    at = forms.DateTimeField(
        label=gettext_lazy("When"),
        required=False,
        help_text=gettext_lazy("In UTC; without a time it is made now."),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


@only(Role.VIEWER, to_change=Role.EDITOR)
@require_http_methods(["GET", "POST"])
def console(request: HttpRequest) -> HttpResponse:
    """Show the reports, and ask for one. The list alone is fetched again while one of them is being made."""
    title = f"{SMART_TAGS_TRAINING.title} – {timezone.now():%Y-%m-%d}"
    form = NewReport(request.POST or None, initial={"title": title})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            report = services.create_report(
                actor_of(request),
                wanted["kind"],
                wanted["title"],
                description=wanted["description"],
                at=wanted["at"],
            )
        except BadInputError as error:
            form.add_error(None, phrase(error))
        else:
            enqueue_report(report)
            notify(request, _("The report is on its way.") if report.at is None else _("The report is scheduled."))
            return redirect("reports")
    shown = list(reports()[:SHOWN])
    context = {"reports": shown, "form": form, "is_under_way": any(one.status in UNDER_WAY for one in shown)}
    return render(request, "web/reports/rows.html" if is_partial(request) else "web/reports/console.html", context)


@only(Role.VIEWER)
@require_safe
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """Show a report; while it is being made, how far it is."""
    found = get_report(report_id)
    kind = find_kind(found.kind)
    rows = [[(column, row.get(column.name), kind.words(column, row)) for column in kind.columns] for row in told(found)]
    context = {"report": found, "kind": kind, "rows": rows, "is_under_way": found.status in UNDER_WAY}
    return render(request, "web/reports/report.html", context)


@only(Role.VIEWER)
@require_safe
def download(request: HttpRequest, report_id: int, form: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Send a report as a file."""
    found = get_report(report_id)
    if found.status != Status.SUCCESS:
        raise ConflictError("the report is not made yet")
    if form not in FILES:
        raise NotFoundError(f"no report as {form}")
    write, kind = FILES[form]
    name = f"{slugify(found.title) or found.kind}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(write(found), content_type=kind, headers=headers)


@only(Role.EDITOR)
@require_POST
def delete(request: HttpRequest, report_id: int) -> HttpResponse:
    """Delete a report."""
    found: Report = get_report(report_id)
    services.delete_report(actor_of(request), found)
    notify(request, _("%(title)s was deleted.") % {"title": found.title})
    return redirect("reports")
