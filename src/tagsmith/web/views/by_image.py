"""Searching by image: what looks like an asset, or like an image that is sent along."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tagsmith.accounts.models import Role
from tagsmith.assets.models import Asset
from tagsmith.assets.selectors.assets import get_asset
from tagsmith.embeddings.neighbours import Similar, similar, similar_to_vector
from tagsmith.embeddings.seeing import Seen, see
from tagsmith.embeddings.serving import serving_encoder
from tagsmith.errors import EncoderError, ImageError, NotFoundError
from tagsmith.web.asked_images import asked_image, keep
from tagsmith.web.nearest import page_of, wanted
from tagsmith.web.phrases import phrase
from tagsmith.web.requests import scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import numbers

SAME, VERY, SOMEWHAT = 95, 80, 65  # per cent; so with the bundled encoders, see docs/decisions/0018


@dataclass(frozen=True)
class Alike:
    """An asset, and how much it looks like what was asked for: the cosine, in per cent."""

    asset: Asset
    per_cent: int

    @property
    def words(self) -> str:
        """How much that is."""
        if self.per_cent >= SAME:
            return _("nearly the same")
        if self.per_cent >= VERY:
            return _("very alike")
        return _("alike") if self.per_cent >= SOMEWHAT else _("a little alike")


@only(Role.VIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def by_image(request: HttpRequest) -> HttpResponse:
    """Ask for an image, and show what looks like it, or like an asset; the most alike first."""
    if request.method == "POST":
        return _asked(request)
    try:
        if "asset" in request.GET:
            return _like_asset(request, numbers([request.GET["asset"]])[0])
        if "image" in request.GET:
            return _like_image(request, request.GET["image"])
    except EncoderError as error:
        return _form(request, phrase(error))
    return _form(request)


def _asked(request: HttpRequest) -> HttpResponse:
    """Look at the image that was sent, and go to what looks like it; say what is wrong with it if it cannot be used."""
    file = request.FILES.get("file")
    if file is None or isinstance(file, list):
        return _form(request, _("Choose an image."))
    name = Path(file.name or "").name
    try:
        word = keep(request, name, _seen(file))
    except ImageError as error:
        return _form(request, _("%(name)s cannot be used: %(reason)s.") % {"name": name, "reason": phrase(error)})
    except EncoderError as error:
        return _form(request, phrase(error))
    return redirect(f"{reverse('search-image')}?{urlencode({'image': word})}")


def _seen(file: "UploadedFile[Any]") -> Seen:
    """See a file that was sent: from the disk if it is there, which it is for the time of the request."""
    return see(Path(file.temporary_file_path()) if isinstance(file, TemporaryUploadedFile) else file.read())


def _like_asset(request: HttpRequest, asset_id: int) -> HttpResponse:
    scope, count = scope_for(request), wanted(request)
    asset = get_asset(scope, asset_id)
    found = similar(scope, asset_id, count=count) if serving_encoder() else []  # else nothing has a vector yet
    return _found(request, found, {"kept": urlencode({"asset": asset_id}), "like": asset})


def _like_image(request: HttpRequest, word: str) -> HttpResponse:
    try:
        image = asked_image(request, word)
    except NotFoundError:
        return _form(request, _("That image is not there any more: choose it again."), status=404)
    found = similar_to_vector(scope_for(request), image.encoder, image.vector, count=wanted(request))
    return _found(request, found, {"kept": urlencode({"image": word}), "word": word, "name": image.name})


def _found(request: HttpRequest, found: Sequence[Similar], asked: dict[str, Any]) -> HttpResponse:
    """Show a page of what was found."""
    page, paging = page_of(request, found)
    hits = [Alike(one.asset, max(round(100 * one.cosine), 0)) for one in page]
    return render(request, "web/by_image/found.html", {**asked, **paging, "hits": hits})


def _form(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    return render(request, "web/by_image/ask.html", {"problem": problem}, status=status)
