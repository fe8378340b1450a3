"""Schedules: runs over folders at set times."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tagsmith.accounts.models import Role
from tagsmith.errors import BadInputError
from tagsmith.web.notices import notify
from tagsmith.web.phrases import phrase
from tagsmith.web.requests import actor_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import numbers
from tagsmith.web.views.workflows.choosing import choices
from tagsmith.workflows import scheduling
from tagsmith.workflows.selectors import get_schedule
from tagsmith.workflows.selectors import schedules as schedules_of
from tagsmith.workflows.services import LONGEST_TITLE


class ScheduleForm(forms.Form):
    """When runs start; over what, the tree says."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=LONGEST_TITLE)
    cron = forms.CharField(
        label=gettext_lazy("When"),
        max_length=100,
        help_text=gettext_lazy(
            "Minute, hour, day of the month, month and day of the week, in UTC: “0 3 * * *” is each night at three, "
            "“30 6 * * 1” each Monday at half past six."
        ),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


@only(Role.VIEWER)
@require_safe
def schedules(request: HttpRequest) -> HttpResponse:
    """Show the schedules with their next times."""
    planned = schedules_of(scope_for(request))
    return render(request, "web/workflows/schedules.html", {"tab": "schedules", "planned": planned})


@only(Role.TRAINER)
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest, schedule_id: int | None = None) -> HttpResponse:
    """Make a schedule, or change one."""
    scope, actor = scope_for(request), actor_of(request)
    found = get_schedule(scope, schedule_id) if schedule_id is not None else None
    form = ScheduleForm(request.POST or None, initial={"title": found.title, "cron": found.cron} if found else {})
    chosen = numbers(request.POST.getlist("folder")) if request.method == "POST" else found.folders if found else []
    if form.is_bound and form.is_valid():
        wanted = {"title": form.cleaned_data["title"], "cron": form.cleaned_data["cron"], "folders": chosen}
        try:
            if schedule_id is None:
                scheduling.create_schedule(actor, scope, **wanted)
            else:
                scheduling.update_schedule(actor, scope, schedule_id, **wanted)
        except BadInputError as error:
            form.add_error(None, phrase(error))
        else:
            notify(request, _("The schedule is saved."))
            return redirect("workflows-schedules")
    context = {"tab": "schedules", "form": form, "schedule": found, **choices(scope, chosen)}
    return render(request, "web/workflows/schedule.html", context)


@only(Role.TRAINER)
@require_POST
def switch(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """Switch a schedule on or off."""
    scope = scope_for(request)
    enabled = not get_schedule(scope, schedule_id).enabled
    scheduling.enable_schedule(actor_of(request), scope, schedule_id, enabled=enabled)
    notify(request, _("The schedule is on.") if enabled else _("The schedule is off."))
    return redirect("workflows-schedules")


@only(Role.TRAINER)
@require_POST
def delete(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """Remove a schedule; the runs that it started stay."""
    scheduling.delete_schedule(actor_of(request), scope_for(request), schedule_id)
    notify(request, _("The schedule is deleted. The runs that it started stay."))
    return redirect("workflows-schedules")
