"""The bytes of an asset: its rendition to look at, its original to download."""

from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.content import original_of
from tagsmith.assets.prepare import RENDITION
from tagsmith.assets.selectors.assets import get_asset
from tagsmith.errors import NotFoundError
from tagsmith.web.previews import version_of
from tagsmith.web.requests import scope_for
from tagsmith.web.roles import only
from tagsmith.web.surroundings import storage

FOR_GOOD = "private, max-age=31536000, immutable"
SAFE_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "BMP": "image/bmp",
    "HEIF": "image/heif",
    "AVIF": "image/avif",
}


@only(Role.VIEWER)
@require_safe
def preview(request: HttpRequest, asset_id: int) -> HttpResponseBase:
    """Send the rendition; under an address that names its content (`?v=`) it is kept by the browser for good."""
    asset = get_asset(scope_for(request), asset_id)
    etag = f'"{asset.content}-{RENDITION}"'
    response: HttpResponseBase
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        response = _sent(storage().rendition(asset.content, RENDITION), "image/webp")
    response.headers["ETag"] = etag
    if request.GET.get("v") == version_of(asset.content):
        response.headers["Cache-Control"] = FOR_GOOD
    return response


@only(Role.VIEWER)
@require_safe
def original(request: HttpRequest, asset_id: int) -> HttpResponseBase:
    """Send the original to be saved, never to be shown: what its bytes are is not for the browser to guess."""
    asset = get_asset(scope_for(request), asset_id)
    kind = SAFE_TYPES.get(asset.format, "application/octet-stream")
    return _sent(original_of(asset, storage()), kind, name=asset.name)


def _sent(path: Path, kind: str, *, name: str = "") -> FileResponse:
    try:
        file = path.open("rb")
    except OSError as error:
        raise NotFoundError(f"{path}: {error.strerror}") from error
    return FileResponse(file, as_attachment=bool(name), filename=name or "preview.webp", content_type=kind)
