"""Launchers: whether what is imported or modified in a folder is tagged by itself."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tagsmith.accounts.models import Role
from tagsmith.assets.models import Folder
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.folders import get_folder, live_folders
from tagsmith.errors import BadInputError
from tagsmith.web.notices import notify
from tagsmith.web.requests import actor_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import numbers
from tagsmith.web.views.library import folders_above
from tagsmith.workflows.launching import Setting, set_launcher
from tagsmith.workflows.models import Event
from tagsmith.workflows.selectors import effective_in
from tagsmith.workflows.selectors import launchers as launchers_of

EVENTS = ((Event.IMPORT, gettext_lazy("On import")), (Event.MODIFICATION, gettext_lazy("On modification")))
SETTINGS = (
    (Setting.INHERIT, gettext_lazy("As the folder above")),
    (Setting.ON, gettext_lazy("Enable")),
    (Setting.OFF, gettext_lazy("Disable")),
)


@only(Role.VIEWER, to_change=Role.TRAINER)
@require_http_methods(["GET", "HEAD", "POST"])
def launchers(request: HttpRequest) -> HttpResponse:
    """Show what is in force for a folder and those directly in it, and where it comes from; change it."""
    scope = scope_for(request)
    if request.method == "POST":
        return _set(request, scope)
    shown, folders = _folders(scope, request.GET.get("folder", ""))
    context = {
        "tab": "launchers",
        "folder": shown,
        "way": folders_above(scope, shown) if shown else [],
        "rows": _rows(scope, folders),
        "events": EVENTS,
        "settings": SETTINGS,
    }
    return render(request, "web/workflows/launchers.html", context)


def _set(request: HttpRequest, scope: Scope) -> HttpResponse:
    sent = request.POST
    folder = numbers([sent.get("folder", "")])[0] if sent.get("folder") else 0
    try:
        event, setting = Event(sent.get("event", "")), Setting(sent.get("setting", ""))
    except ValueError:
        raise BadInputError(_("say when, and whether to tag")) from None
    set_launcher(actor_of(request), scope, folder, event, setting)
    notify(request, _("Saved."))
    at = sent.get("at", "")
    return redirect(reverse("workflows-launchers") + (f"?folder={numbers([at])[0]}" if at else ""))


def _folders(scope: Scope, word: str) -> tuple[Folder | None, list[Folder]]:
    """Return the folder that is looked at, if any, and the folders to list: it, and those directly in it."""
    rows = live_folders(scope).order_by("folded", "pk")
    if word:
        shown = get_folder(scope, numbers([word])[0])
        return shown, [shown, *rows.filter(parent=shown)]
    if scope.covers(""):
        return None, [*rows.filter(path=""), *rows.filter(parent__path="")]
    return None, list(rows.filter(path__in=scope.tops()))


def _rows(scope: Scope, folders: list[Folder]) -> list[dict[str, Any]]:
    own = {(one.folder_id, one.event): one.enabled for one in launchers_of(scope)}
    said = {None: Setting.INHERIT, True: Setting.ON, False: Setting.OFF}
    in_force = {event: effective_in(folders, event) for event, _title in EVENTS}
    return [
        {
            "folder": folder,
            "cells": [
                {
                    "event": event,
                    "title": title,
                    "effective": in_force[event][folder.pk],
                    "setting": said[own.get((folder.pk, event))],
                }
                for event, title in EVENTS
            ],
        }
        for folder in folders
    ]
