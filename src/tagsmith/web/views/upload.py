"""Files that are sent from a browser, one by one, and what became of them."""

from typing import BinaryIO, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.adoption import Policy
from tagsmith.assets.commit import Ingest
from tagsmith.assets.ingest import upload
from tagsmith.assets.models import Folder
from tagsmith.assets.naming import join
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.assets.selectors.folders import get_folder
from tagsmith.assets.services.folders import create_folder
from tagsmith.embeddings.jobs import enqueue_preparation
from tagsmith.errors import BadInputError, WriteError
from tagsmith.web.phrases import phrase
from tagsmith.web.requests import actor_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import numbers
from tagsmith.web.surroundings import storage


@only(Role.EDITOR)
@require_POST
def send(request: HttpRequest, folder_id: int | None = None) -> HttpResponse:
    """Take one file into a folder, or into one that is made below it: `within` is the path of a dropped tree."""
    file = request.FILES.get("file")
    if file is None or isinstance(file, list) or file.name is None:
        raise BadInputError(_("no file was sent"))
    folder = _folder(request, folder_id)
    policy = _policy(request.POST.get("same", Policy.KEEP_BOTH.value))
    ingest = Ingest(storage(), enqueue_preparation)
    try:
        done = upload(
            scope_for(request),
            actor_of(request),
            folder.pk,
            file.name,
            cast("BinaryIO", file),
            ingest=ingest,
            on_same=policy,
        )
    except WriteError as error:
        return render(request, "web/parts/problem.html", {"message": phrase(error)}, status=507)
    others = [other.of for other in done.duplicates]
    return JsonResponse({"asset": done.asset_id, "unchanged": done.is_unchanged, "duplicates": others})


@only(Role.EDITOR)
@require_safe
def arrivals(request: HttpRequest) -> HttpResponse:
    """Say how far assets have come: being prepared, ready, or why not."""
    rows = live_assets(scope_for(request)).filter(pk__in=numbers(request.GET.getlist("asset")))
    found = {
        pk: {"state": state, "failure": failure} for pk, state, failure in rows.values_list("pk", "state", "failure")
    }
    return JsonResponse(found)


def _folder(request: HttpRequest, folder_id: int | None) -> Folder:
    scope, path = scope_for(request), ""
    if folder_id is not None:
        folder = get_folder(scope, folder_id)
        path = folder.path
    for step in filter(None, request.POST.get("within", "").split("/")):
        path = join(path, step)
    return create_folder(scope, actor_of(request), path)


def _policy(word: str) -> Policy:
    try:
        return Policy(word)
    except ValueError:
        raise BadInputError(_("say what to do with files of the same name")) from None
