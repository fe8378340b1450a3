"""The blocklist: the tags that no machine gives; putting many on it and taking them off at once."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tagsmith.accounts.models import Role
from tagsmith.errors import BadInputError, TaxonomyError
from tagsmith.tagging.selectors import changes_of
from tagsmith.taxonomy.browsing import blocked_page, blocked_tags
from tagsmith.taxonomy.files import entries_of_csv, entries_of_text, export_blocklist
from tagsmith.taxonomy.files.encoding import decoded
from tagsmith.taxonomy.meaning import Entry, Unclear, tags_meant
from tagsmith.taxonomy.selectors import live_tags
from tagsmith.taxonomy.services.blocking import Blocking, block, unblock, undo_blocking
from tagsmith.web.notices import notify
from tagsmith.web.requests import actor_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import numbers
from tagsmith.web.views.tags.files import LARGEST

SIZE = 100
SHOWN = 50  # of many lines that are not clear


@only(Role.VIEWER)
@require_safe
def blocklist(request: HttpRequest) -> HttpResponse:
    """Show the blocklist, or what a search finds on it."""
    return render(
        request, "web/tags/blocklist.html", _listed(request.GET.get("find", ""), request.GET.get("after", ""))
    )


@only(Role.VIEWER)
@require_safe
def take_out(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Send the blocklist as a file."""
    headers = {"Content-Disposition": 'attachment; filename="blocklist.csv"'}
    return HttpResponse(export_blocklist(), content_type="text/csv; charset=utf-8", headers=headers)


@only(Role.TRAINER)
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Put what was written or sent on the blocklist, or take it off; what is not clear is kept in the form."""
    sent = request.POST
    try:
        meant = tags_meant(_entries(request))
    except TaxonomyError as error:
        return _again(request, problem=error, written=sent.get("tags", ""), status=400)
    if sent.get("act") == "unblock":
        _say_allowed(request, unblock(actor_of(request), meant.tags, below="below" in sent))
    else:
        _say_blocked(request, block(actor_of(request), meant.tags, below="below" in sent))
    if meant.unclear:
        return _again(request, unclear=meant.unclear, written="\n".join(one.entry.text for one in meant.unclear))
    return redirect("tags-blocklist")


@only(Role.TRAINER)
@require_POST
def allow(request: HttpRequest) -> HttpResponse:
    """Take the ticked tags off the blocklist, or all that the search finds."""
    text = request.POST.get("find", "").replace("\0", "")
    ticked = live_tags().filter(pk__in=numbers(request.POST.getlist("tag")))
    tags = blocked_tags(text) if "all" in request.POST else ticked
    if not tags:
        raise BadInputError("nothing is selected")
    _say_allowed(request, unblock(actor_of(request), tags))
    return redirect(f"{reverse('tags-blocklist')}{_query(find=text)}")


@only(Role.TRAINER)
@require_POST
def undo(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Take back what was blocked or unblocked as one."""
    count = undo_blocking(actor_of(request), unit)
    notify(request, ngettext("Undone on %(count)s tag.", "Undone on %(count)s tags.", count) % {"count": count})
    return redirect("tags-blocklist")


def _say_blocked(request: HttpRequest, done: Blocking) -> None:
    said = ngettext("%(count)s tag is on the blocklist now.", "%(count)s tags are on the blocklist now.", done.count)
    gone = changes_of(done.unit)
    if gone and scope_for(request).paths is None:  # a count of what all folders hold
        also = ngettext("%(count)s smart tag is gone.", "%(count)s smart tags are gone.", gone)
        said = f"{said} {also % {'count': gone}}"
    _say(request, said, done)


def _say_allowed(request: HttpRequest, done: Blocking) -> None:
    said = ngettext("%(count)s tag is off the blocklist now.", "%(count)s tags are off the blocklist now.", done.count)
    _say(request, said, done)


def _say(request: HttpRequest, said: str, done: Blocking) -> None:
    undo = reverse("tags-undo-blocking", args=(done.unit,)) if done.count else ""
    notify(request, said % {"count": done.count} if done.count else _("Nothing to change on the blocklist."), undo=undo)


def _entries(request: HttpRequest) -> list[Entry]:
    """Return what was sent: of a file, else of the text."""
    file = request.FILES.get("file")
    if file is None or isinstance(file, list) or file.size is None:
        found = entries_of_text(request.POST.get("tags", ""))
    elif file.size > LARGEST:
        raise TaxonomyError("the file is too large for a list of tags")
    else:
        is_table = (file.name or "").lower().endswith(".csv")
        found = entries_of_csv(file.read()) if is_table else entries_of_text(decoded(file.read()))
    if not found:
        raise TaxonomyError("write some tags, or choose a file")
    return found


def _again(
    request: HttpRequest,
    *,
    written: str,
    problem: TaxonomyError | None = None,
    unclear: Sequence[Unclear] = (),
    status: int = 200,
) -> HttpResponse:
    more = max(len(unclear) - SHOWN, 0)
    context = {
        "written": written,
        "problem": problem,
        "unclear": unclear[:SHOWN],
        "unclear_count": len(unclear),
        "more": more,
    }
    return render(request, "web/tags/blocklist.html", {**_listed("", ""), **context}, status=status)


def _listed(find: str, after: str) -> dict[str, Any]:
    find = find.replace("\0", "")
    branches, following = blocked_page(find, get_language() or "en", after=after.replace("\0", ""), size=SIZE)
    return {
        "find": find,
        "branches": branches,
        "count": blocked_tags(find).count(),
        "next": following,
        "before": after,
        "kept": _query(find=find).removeprefix("?"),
    }


def _query(**asked: str) -> str:
    kept = urlencode({name: value for name, value in asked.items() if value})
    return f"?{kept}" if kept else ""
