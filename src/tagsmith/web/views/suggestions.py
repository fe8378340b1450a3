"""What is suggested while somebody types the name of a tag or of a folder."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.selectors.tree import suggest_folders
from tagsmith.taxonomy.suggesting import suggest_tags
from tagsmith.web.requests import scope_for
from tagsmith.web.roles import only


@only(Role.VIEWER)
@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """Suggest tags."""
    found = suggest_tags(_typed(request, "tag"), get_language() or "en")
    options = [(tag.key, tag.title) for tag in found]
    return render(request, "web/library/options.html", {"options": options})


@only(Role.VIEWER)
@require_safe
def folders(request: HttpRequest) -> HttpResponse:
    """Suggest folders."""
    found = suggest_folders(scope_for(request), _typed(request, "into"))
    return render(request, "web/library/options.html", {"options": [(folder.path, "") for folder in found]})


def _typed(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\0", "")  # which no database can look for
