"""Starting a run: what to tag, chosen by browsing, or brought along from a selection."""

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.assets.selectors.folders import get_folder, live_folders
from tagsmith.assets.selectors.tree import branches_in
from tagsmith.errors import BadInputError
from tagsmith.web.notices import notify
from tagsmith.web.phrases import phrase
from tagsmith.web.requests import actor_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import ALL, ANY, asset_numbers, numbers, selected_assets
from tagsmith.web.views.workflows.choosing import choices
from tagsmith.workflows.jobs import enqueue_run
from tagsmith.workflows.models import SMART_TAG_ASSETS, Run
from tagsmith.workflows.services import LONGEST_TITLE, create_run

SHOWN = 12


class StartForm(forms.Form):
    """What a run is called, and whether it looks at everything again."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=LONGEST_TITLE)
    comment = forms.CharField(label=gettext_lazy("Comment"), required=False, widget=forms.Textarea({"rows": 3}))
    force = forms.BooleanField(
        label=gettext_lazy("Also what was tagged not long ago"),
        required=False,
        help_text=gettext_lazy("Otherwise assets are skipped that nobody changed since."),
    )


@only(Role.EDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask what to tag, and start the run. A selection arrives by either method; `start` says that it is meant."""
    scope = scope_for(request)
    sent = request.POST if request.method == "POST" else request.GET
    folders, assets = _payload(request, scope, sent)
    title = f"{SMART_TAG_ASSETS} – {timezone.now():%Y-%m-%d}"
    form = StartForm(sent if "start" in request.POST else None, initial={"title": title})
    if form.is_bound and form.is_valid():
        try:
            run = _start(request, form, folders, assets)
        except BadInputError as error:
            form.add_error(None, phrase(error))
        else:
            notify(request, _("The run has started."))
            return redirect("workflows-run", run.pk)
    chosen = live_assets(scope).filter(pk__in=assets[:SHOWN])
    whole = sent.get("all", "") if assets else ""
    context = {
        "tab": "start",
        "form": form,
        "workflow": SMART_TAG_ASSETS,
        **choices(scope, folders),
        "assets": assets,
        "whole": whole,
        "numbers": "" if whole else ",".join(map(str, assets)),  # in one field: many are refused
        "some": chosen.select_related("folder").order_by("pk"),
    }
    return render(request, "web/workflows/start.html", context)


@only(Role.VIEWER)
@require_safe
def branch(request: HttpRequest, folder_id: int) -> HttpResponse:
    """Show the folders directly in a folder, to choose of them."""
    scope = scope_for(request)
    branches = branches_in(scope, get_folder(scope, folder_id))
    return render(request, "web/workflows/branches.html", {"branches": branches, "chosen": set()})


@transaction.atomic
def _start(request: HttpRequest, form: StartForm, folders: list[int], assets: list[int]) -> Run:
    wanted = form.cleaned_data
    run = create_run(
        actor_of(request),
        scope_for(request),
        folders=folders,
        assets=assets,
        title=wanted["title"],
        comment=wanted["comment"],
        force=wanted["force"],
    )
    enqueue_run(run)
    return run


def _payload(request: HttpRequest, scope: Scope, sent: QueryDict) -> tuple[list[int], list[int]]:
    """Return the folders and the assets that are asked for; all of a folder, or of the library, is that folder."""
    folders, whole, assets = numbers(sent.getlist("folder")), sent.get("all", ""), list[int]()
    if ":" in whole:  # of a collection, or of what a search finds
        assets = selected_assets(request, ANY)
    elif whole == ALL:
        tops = [""] if scope.paths is None else scope.tops()
        folders.extend(live_folders(scope).filter(path__in=tops).values_list("pk", flat=True))
    elif whole:
        folders.extend(numbers([whole]))
    else:
        assets = list(live_assets(scope).filter(pk__in=asset_numbers(sent)).values_list("pk", flat=True))
    there = live_folders(scope).filter(pk__in=folders).values_list("pk", flat=True)
    return list(there), assets
