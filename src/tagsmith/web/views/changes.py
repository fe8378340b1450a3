"""The audit log: who changed what and when, for administrators."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.scope import EVERYTHING
from tagsmith.assets.selectors.assets import find_asset
from tagsmith.audit.models import Entry
from tagsmith.audit.selectors import Which, actors, undoings
from tagsmith.errors import BadInputError, NotFoundError
from tagsmith.operations.change_words import SUBJECTS, WORDS
from tagsmith.operations.changes import Shown, changes_csv, shown_changes, who_did
from tagsmith.sentences import Sentence
from tagsmith.web.phrases import phrase
from tagsmith.web.roles import only

PAGES = {
    "asset": "asset",
    "folder": "library-folder",
    "tag": "tags-tag",
    "tag model": "training-model",
    "run": "workflows-run",
    "report": "reports-report",
    "collection": "collections-collection",
    "person": "people-person",
}
UNDO = {
    "library-undo-edit": ("asset.edited",),
    "library-undo-move": ("asset.moved", "asset.renamed", "folder.moved", "folder.renamed"),
    "library-restore": ("asset.trashed", "folder.trashed"),
    "tags-restore": ("tag.delete",),
    "tags-undo-move": ("tag.move",),
    "library-undo": (
        "promote",
        "set tag",
        "remove tag",
        "allow tag again",
        "accept suggestion",
        "reject suggestion",
    ),
}
UNDONE_AT = {action: address for address, several in UNDO.items() for action in several}


class Filters(forms.Form):
    """Which changes are shown; a blank says nothing."""

    who = forms.CharField(label=gettext_lazy("By"), required=False, max_length=200)
    kind = forms.CharField(label=gettext_lazy("What"), required=False, max_length=120)
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    asset = forms.CharField(
        label=gettext_lazy("Asset"),
        required=False,
        max_length=2500,
        widget=forms.TextInput({"autocomplete": "off", "placeholder": gettext_lazy("Its path or number")}),
    )
    unit = forms.UUIDField(required=False)


@only(Role.ADMINISTRATOR)
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Show what was changed, the latest first; what was done as one, as one."""
    filters, problem, rows, following = Filters(request.GET), "", list[dict[str, Any]](), ""
    try:
        which = _which(filters)
        shown, following = shown_changes(which, after=request.GET.get("after", ""))
        back = undoings({one.entry.unit for one in shown if one.entry.unit and one.entry.action in UNDONE_AT})
        rows = [_row(one, back.get(one.entry.unit)) for one in shown]
    except (BadInputError, NotFoundError) as error:
        problem = phrase(error)
    context = {
        "filters": filters,
        "problem": problem,
        "rows": rows,
        "unit": rows[0] if rows and request.GET.get("unit") else None,
        "after": request.GET.get("after", ""),
        "next": following,
        "kept": _kept(request.GET),
        "actors": actors(),
        "kinds": _kinds(),
        "kind": request.GET.get("kind", ""),
        "who": request.GET.get("who", ""),
    }
    return render(request, "web/changes/list.html", context, status=400 if problem else 200)


@only(Role.ADMINISTRATOR)
@require_safe
def download(request: HttpRequest) -> HttpResponseBase:
    """Send the changes that the filters let through as CSV, each entry as a row."""
    blocks = changes_csv(_which(Filters(request.GET)))
    headers = {"Content-Disposition": f'attachment; filename="changes-{datetime.now(UTC):%Y-%m-%d}.csv"'}
    return StreamingHttpResponse(blocks, content_type="text/csv; charset=utf-8", headers=headers)


def _which(filters: Filters) -> Which:
    if not filters.is_valid():
        raise BadInputError(_("these filters make no sense"))
    wanted = filters.cleaned_data
    subject, _slash, action = wanted["kind"].partition("/")
    asset = _asset(wanted["asset"].strip()) if wanted["asset"].strip() else None
    return Which(
        who=wanted["who"],
        subject="asset" if asset else subject,
        action=action,
        since=_midnight(wanted["since"]),
        until=_midnight(wanted["until"] and wanted["until"] + timedelta(days=1)),
        subject_id=asset,
        unit=wanted["unit"],
    )


def _asset(word: str) -> int:
    """Return the number of an asset that is named by it, or by its path."""
    if word.isascii() and word.isdigit() and len(word) < 19:
        return int(word)
    try:
        return find_asset(EVERYTHING, word.strip("/")).pk
    except NotFoundError:
        raise BadInputError(_("there is no asset %(path)s") % {"path": word}) from None


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def _row(one: Shown, back: Entry | None) -> dict[str, Any]:
    """Return what a line shows; `back` is an entry of what took it back, if anything did."""
    entry = one.entry
    address = None if back else UNDONE_AT.get(entry.action)
    return {
        "shown": one,
        "who": _said(one.who),
        "details": "" if one.details == one.on else _said(one.details),
        "subject": SUBJECTS.get(entry.subject, entry.subject),
        "page": reverse(PAGES[entry.subject], args=(entry.subject_id,))
        if entry.subject in PAGES and entry.subject_id
        else "",
        "undo": reverse(address, args=(entry.unit,)) if address and entry.unit else "",
        "undone": back and {"who": _said(who_did(back)), "at": back.at},
        "others": one.count - 1,
        "states": list(_states(entry)),
    }


def _said(text: str) -> str:
    """Return words in the reader's language, and names as they are."""
    return phrase(text) if isinstance(text, Sentence) else text


def _states(entry: Entry) -> Iterator[tuple[str, Any, Any]]:
    """Yield what an entry says in full, by name: before and after."""
    before, after = entry.before or {}, entry.after or {}
    for name in dict.fromkeys((*before, *after)):
        yield name, before.get(name, ""), after.get(name, "")


def _kinds() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return the kinds of change to choose of: by subject, its name, and its actions."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for subject, action in WORDS:
        found[subject].append((f"{subject}/{action}", WORDS[subject, action]))
    return [(subject, SUBJECTS[subject], found[subject]) for subject in SUBJECTS]


def _kept(sent: QueryDict) -> str:
    return urlencode([(name, sent[name]) for name in Filters.base_fields if sent.get(name)])
