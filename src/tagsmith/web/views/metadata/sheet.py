"""Metadata as a CSV file: out, of a selection or of what is named; and back in, after a look at what that changes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tagsmith.accounts.models import Role
from tagsmith.assets.metadata_csv import (
    Options,
    Sheet,
    export_metadata,
    import_metadata,
    preview_import,
    read_sheet,
)
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.errors import BadInputError, ConflictError
from tagsmith.web import said
from tagsmith.web.edit_form import LABELS
from tagsmith.web.notices import notify
from tagsmith.web.phrases import phrases
from tagsmith.web.requests import actor_of, is_partial, scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import ANY, selected_assets
from tagsmith.web.views.folders import folder_typed
from tagsmith.web.views.metadata.shown import outlook_shown

LARGEST = 64 * 1024 * 1024


@only(Role.VIEWER, to_change=Role.EDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """Offer the file; say what a file that comes back would change (`do=look`), and bring it in (`do=apply`)."""
    context: dict[str, Any] = {"clear": "clear" in request.POST, "overwrite": "overwrite" in request.POST}
    if request.method == "POST":
        try:
            if request.POST.get("do") == "apply":
                return _brought_in(request)
            context |= _looked_at(request)
        except (BadInputError, ConflictError) as error:
            context["problems"] = phrases(error)
    template = "web/metadata/findings.html" if is_partial(request) else "web/metadata/sheet.html"
    return render(request, template, context, status=400 if context.get("problems") else 200)


@only(Role.VIEWER, to_change=Role.VIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """Send the metadata of the selected assets; of those below the folder whose path is typed; or of all."""
    scope = scope_for(request)
    blocks = export_metadata(scope, _wanted(request, scope))
    name = f"metadata-{datetime.now(UTC):%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(blocks, content_type="text/csv; charset=utf-8", headers=headers)


def _wanted(request: HttpRequest, scope: Scope) -> Sequence[int]:
    if request.method == "POST" or "all" in request.GET:
        return selected_assets(request, ANY)
    rows = live_assets(scope)
    path = request.GET.get("into", "").strip()
    if path:
        rows = Scope((folder_typed(scope, path).path,)).assets(rows)
    return list(rows.order_by("folder__path", "folded").values_list("pk", flat=True))


def _brought_in(request: HttpRequest) -> HttpResponse:
    file, options = _sent(request)
    seen = request.POST.get("seen", "")
    done = import_metadata(scope_for(request), actor_of(request), file, options, seen=seen)
    notify(request, said.edited(done.count), undo=reverse("library-undo-edit", args=(done.unit,)))
    return redirect("library-metadata")


def _looked_at(request: HttpRequest) -> dict[str, Any]:
    file, options = _sent(request)
    found = preview_import(scope_for(request), actor_of(request), file, options)
    return {"found": found.outlook, "findings": found, "shown": outlook_shown(found.outlook, LABELS)}


def _sent(request: HttpRequest) -> tuple[Sheet, Options]:
    file = request.FILES.get("file")
    if file is None or isinstance(file, list) or file.size is None:
        raise BadInputError(_("choose a file"))
    if file.size > LARGEST:
        raise BadInputError(_("the file is too large: cut it into several"))
    return read_sheet(file.read()), Options("clear" in request.POST, "overwrite" in request.POST)
