"""Where an original came from, as a URI: any file name, also one that is not UTF-8, survives it both ways."""

import os
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

PREFIX = "file://"


def origin_of(path: Path) -> str:
    """Return the URI of a file; `path` is made absolute, but links in it are not resolved."""
    return PREFIX + quote_from_bytes(os.fsencode(os.path.abspath(path)))  # noqa: PTH100 - see above


def path_of(origin: str) -> Path:
    """Return the file of a `file:` URI that `origin_of` made."""
    if not origin.startswith(PREFIX):
        raise ValueError(f"not a file: {origin!r}")
    return Path(os.fsdecode(unquote_to_bytes(origin.removeprefix(PREFIX))))


def is_below(origin: str, root: str) -> bool:
    """Whether one origin lies below another."""
    return origin.startswith(root.rstrip("/") + "/")
