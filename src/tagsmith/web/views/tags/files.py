"""The taxonomy in and out as files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tagsmith.accounts.models import Role
from tagsmith.errors import ConflictError, NotFoundError, TaxonomyError
from tagsmith.taxonomy.files import (
    Report,
    export_aem,
    export_csv,
    export_json,
    import_taxonomy,
    parse_csv,
    parse_json,
)
from tagsmith.web.notices import notify
from tagsmith.web.phrases import phrases
from tagsmith.web.requests import actor_of
from tagsmith.web.roles import only

LARGEST = 64 * 1024 * 1024
FORMS = {
    "csv": (export_csv, "tags.csv", "text/csv; charset=utf-8"),
    "json": (export_json, "tags.json", "application/json"),
    "aem": (export_aem, "cq-tags.json", "application/json"),
}


@only(Role.TRAINER)
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest) -> HttpResponse:
    """Bring the tags of a file in, or say what is wrong in which line."""
    problems: list[str] = []
    if request.method == "POST":
        try:
            report = _import(request)
        except (TaxonomyError, ConflictError) as error:
            problems = phrases(error)
        else:
            said = _("%(created)s created, %(updated)s changed, %(unchanged)s as before.")
            counts = {"created": report.created, "updated": report.updated, "unchanged": report.unchanged}
            notify(request, said % counts)
            return redirect("tags")
    return render(request, "web/tags/import.html", {"problems": problems}, status=400 if problems else 200)


@only(Role.VIEWER)
@require_safe
def take_out(request: HttpRequest, form: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Send the taxonomy as a file."""
    if form not in FORMS:
        raise NotFoundError(f"no tags as {form}")
    write, name, kind = FORMS[form]
    return HttpResponse(write(), content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _import(request: HttpRequest) -> Report:
    file = request.FILES.get("file")
    if file is None or isinstance(file, list) or file.size is None:
        raise TaxonomyError(_("choose a file"))
    if file.size > LARGEST:
        raise TaxonomyError(_("the file is too large for a taxonomy"))
    parse = parse_json if (file.name or "").lower().endswith(".json") else parse_csv
    return import_taxonomy(actor_of(request), parse(file.read()))
