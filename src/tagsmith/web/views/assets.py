"""One asset."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.selectors.assets import get_asset
from tagsmith.web.requests import scope_for
from tagsmith.web.roles import only
from tagsmith.web.shown_tags import tags_of
from tagsmith.web.views.library import folders_above


@only(Role.VIEWER)
@require_safe
def asset(request: HttpRequest, asset_id: int) -> HttpResponse:
    """Show an asset large, with its metadata, the tags that people set, and its smart tags."""
    scope = scope_for(request)
    shown = get_asset(scope, asset_id)
    way = [*folders_above(scope, shown.folder), *([shown.folder] if shown.folder.path else [])]
    tags = tags_of(shown, get_language() or "en")
    return render(request, "web/asset.html", {"asset": shown, "way": way, "tags": tags})
