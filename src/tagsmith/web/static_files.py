"""Addresses of static files that change with their content, so that browsers may keep the files for good."""

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class DigestedStorage(StaticFilesStorage):
    """The files stay where the package has them: nothing is collected, and a start costs nothing."""

    def url(self, name: str | None) -> str:
        """Return the address of a file, with a digest of its content."""
        return f"{super().url(name)}?v={_digest(name or '')}"


@cache
def _digest(name: str) -> str:
    found = finders.find(name)
    if found is None:
        raise ValueError(f"no static file {name!r}")
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12]
