"""Where one starts: what happened, and what waits."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.web.roles import only


@only(Role.VIEWER)
@require_safe
def home(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Lead to the library."""
    return redirect("library")
