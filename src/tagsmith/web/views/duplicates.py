"""Files that are in the library several times: their copies side by side, to be selected and deleted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.selectors.assets import duplicate_groups
from tagsmith.web.requests import scope_for
from tagsmith.web.roles import only

SIZE = 24  # groups


@only(Role.VIEWER)
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """Show groups of assets that are the same file."""
    after = request.GET.get("after", "")
    groups, following = duplicate_groups(scope_for(request), after=after, size=SIZE)
    context = {"groups": groups, "before": after, "following": following}
    return render(request, "web/library/duplicates.html", context)
