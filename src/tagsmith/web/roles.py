"""Who may use a view. Every view says so; what a person may see in it is the `Scope`'s business."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from tagsmith.accounts.models import Role
from tagsmith.web.requests import person_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def only(role: Role, *, to_change: Role | None = None) -> Callable[[View[P]], View[P]]:
    """Mark a view as one for people of a role or a higher one, perhaps of another to send it anything."""

    def mark(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            needed = role if request.method in {"GET", "HEAD"} else to_change or role
            if not person_of(request).may(needed):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        setattr(checked, "roles", (role, to_change or role))  # noqa: B010 - a test reads it of every view
        return checked

    return mark
