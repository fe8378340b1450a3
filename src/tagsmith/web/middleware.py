"""What every answer carries, and how errors of the services become answers."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from tagsmith.errors import BadInputError, ConflictError, ExamplesError, NotFoundError, TagsmithError
from tagsmith.web.phrases import phrase
from tagsmith.web.requests import is_partial
from tagsmith.web.titles import with_titles

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",  # blob: what is about to be uploaded
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


class WholePages:
    """A part of a page is never taken for the page, and never filled with the sign-in page.

    Browsers keep both under one address, and when a session has ended while a page was open, the next part that the
    page asks for leads to the sign-in page: then the whole page goes there.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        if is_partial(request) and 300 <= response.status_code < 400:
            return HttpResponse(status=204, headers={"HX-Redirect": response.headers["Location"]})
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
        """Return a page, or a sentence, for what a service refused; None for what nobody foresaw."""
        for kind, status in self.STATUS:
            if isinstance(error, kind):
                # what is not there, and what is not for them, look alike
                shown = "" if status == 404 else _said(error)
                template = "web/parts/problem.html" if is_partial(request) else "web/error.html"
                return render(request, template, {"status": status, "message": shown}, status=status)
        return None


def _said(error: TagsmithError) -> str:
    """Say what a service refused: what is about examples, by the titles of tags; what is about ids, by these."""
    return phrase(with_titles([error])[0] if isinstance(error, ExamplesError) else error)
