"""What every answer carries, and how errors of the services become answers."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tagsmith.errors import BadInputError, ConflictError, NotFoundError

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


class SecurityHeaders:
    """Nothing from elsewhere, nothing inline, in nobody's frame."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers; pages with what only some may see are kept by nobody on the way."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class Errors:
    """The one place where an error of a service becomes a status."""

    STATUS = ((NotFoundError, 404), (BadInputError, 400), (ConflictError, 409))

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return a page for what a service refused; None for what nobody foresaw."""
        for kind, status in self.STATUS:
            if isinstance(error, kind):
                shown = "" if status == 404 else str(error)  # what is not there, and what is not for them, look alike
                return render(request, "web/error.html", {"status": status, "message": shown}, status=status)
        return None
