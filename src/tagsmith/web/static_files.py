"""Static files: addresses that change with their content, so that browsers may keep them for good; compressed text."""

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from whitenoise.middleware import WhiteNoiseMiddleware

from tagsmith.web.compression import is_text, takes_gzip


class DigestedStorage(StaticFilesStorage):
    """The files stay where the package has them: nothing is collected, and a start costs nothing."""

    def url(self, name: str | None) -> str:
        """Return the address of a file, with a digest of its content."""
        return f"{super().url(name)}?v={_digest(name or '')}"


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # it comes without types
    """Sends files, those of text compressed: each once, when it is first asked for, and kept in memory."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        response: HttpResponseBase = super().__call__(request)
        if request.path_info not in self.files:
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if response.status_code != 200 or not is_text(response) or not takes_gzip(request):
            return response
        response.close()
        return _replaced(response, _compressed(request.path_info.removeprefix(self.static_prefix)))


def _replaced(response: HttpResponseBase, content: bytes) -> HttpResponse:
    """Return a compressed content with the headers of the plain one."""
    headers: dict[str, Any] = {**response.headers, "Content-Encoding": "gzip", "Content-Length": str(len(content))}
    return HttpResponse(content, headers=headers)


def _read(name: str) -> bytes:
    found = finders.find(name)
    if found is None:
        raise ValueError(f"no static file {name!r}")
    return Path(found).read_bytes()


@cache
def _digest(name: str) -> str:
    return hashlib.sha256(_read(name)).hexdigest()[:12]


@cache
def _compressed(name: str) -> bytes:
    return gzip.compress(_read(name), mtime=0)
