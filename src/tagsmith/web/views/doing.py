"""What is being done to many assets in the background: how far it is, and what came of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.web.doing import acts_of
from tagsmith.web.requests import is_partial
from tagsmith.web.roles import only


@only(Role.EDITOR)
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """Show it on a page; the part alone is asked for while more is to come, and the page anew when that is over."""
    context = acts_of(request)
    if not is_partial(request):
        return render(request, "web/library/progress.html", context | {"next": _next(request)})
    answer = render(request, "web/parts/doing.html", context)
    if not context["is_doing"]:
        answer.headers["HX-Refresh"] = "true"
    return answer


def _next(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else reverse("library")
