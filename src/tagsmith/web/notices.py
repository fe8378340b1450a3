"""Short messages of what has just been done, shown once on the next page, with a way to undo it where there is one."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

KEY = "notices"


def notify(request: HttpRequest, text: str | Promise, *, undo: str = "", link: str = "", label: str = "") -> None:
    """Say something on the next page or part that is shown.

    `undo` is an address that takes it back when posted to; `link`, with its label, leads to what was made.
    """
    waiting = request.session.get(KEY, [])
    waiting.append({"text": str(text), "undo": undo, "link": link, "label": str(label)})
    request.session[KEY] = waiting


def taken(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the messages that wait, and forget them."""
    waiting: list[dict[str, Any]] = request.session.get(KEY, [])
    if waiting:
        del request.session[KEY]
    return waiting
