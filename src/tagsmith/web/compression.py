"""Answers that are there as a whole are sent compressed if they are text; pictures and what streams go as they are."""

import re

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

_TEXT = re.compile(r"text/|image/svg\+xml|application/(?:[\w.]+\+)?(?:json|javascript)\b")
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")


class Compressed(GZipMiddleware):
    """Adds a random length to each answer, against those who guess from lengths what is in it.

    Downloads stream: they keep their length, which browsers show progress by, and most are compressed in themselves.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Answer."""
        if not isinstance(response, HttpResponse) or not is_text(response):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        return super().process_response(request, response) if takes_gzip(request) else response


def is_text(response: HttpResponseBase) -> bool:
    """Return whether an answer is of a kind that becomes much smaller."""
    return bool(_TEXT.match(response.headers.get("Content-Type", "")))


def takes_gzip(request: HttpRequest) -> bool:
    """Return whether whoever asks can read what is compressed."""
    return bool(_GZIP.search(request.headers.get("Accept-Encoding", "")))
