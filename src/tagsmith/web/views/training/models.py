"""The page of one tag model: its status, its versions and what they are worth; publishing them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tagsmith.accounts.models import Role
from tagsmith.tagging import publishing
from tagsmith.taxonomy.suggesting import titles_of_keys
from tagsmith.training.corrections import waiting_corrections
from tagsmith.training.models import TagModel
from tagsmith.training.overview import qualities
from tagsmith.training.selectors import find_model, find_version, held_back, lost_tags
from tagsmith.web.notices import notify
from tagsmith.web.requests import actor_of, is_partial
from tagsmith.web.roles import only
from tagsmith.web.titles import language
from tagsmith.web.views.training.frame import frame, shown_version, taught
from tagsmith.web.views.training.quality_rows import Titles, confusion_of, rows_of


@only(Role.VIEWER)
@require_safe
def model(request: HttpRequest, model_id: int) -> HttpResponse:
    """Show a tag model; while it waits for its training, its part below the head is fetched again."""
    found = find_model(model_id)
    titles = {one.tag.key: one.title for one in taught(found, get_language() or "en")}
    context = {
        **frame(found, "training-model"),
        **_versions(found, titles),
        "waiting": waiting_corrections(found),
        "lost": [(titles[key], owner) for key, owner in lost_tags(found)],
    }
    return render(request, "web/training/state.html" if is_partial(request) else "web/training/model.html", context)


@only(Role.TRAINER)
@require_POST
def publish(request: HttpRequest, model_id: int, number: int) -> HttpResponse:
    """Make a version the live one."""
    found = find_model(model_id)
    restored = publishing.publish(actor_of(request), find_version(found, number))
    _say_restored(request, restored)
    return redirect("training-model", found.pk)


@only(Role.TRAINER)
@require_POST
def roll_back(request: HttpRequest, model_id: int) -> HttpResponse:
    """Make live the version before the live one, and bring its smart tags back."""
    found = find_model(model_id)
    _say_restored(request, publishing.roll_back(actor_of(request), found))
    return redirect("training-model", found.pk)


@only(Role.TRAINER)
@require_POST
def retire(request: HttpRequest, model_id: int) -> HttpResponse:
    """Leave a tag model without a live version; its smart tags go."""
    found = find_model(model_id)
    gone = publishing.retire(actor_of(request), found)
    text = ngettext(
        "No version is live now; %(count)d smart tag is gone.",
        "No version is live now; %(count)d smart tags are gone.",
        gone,
    )
    notify(request, text % {"count": gone})
    return redirect("training-model", found.pk)


def _say_restored(request: HttpRequest, restored: publishing.Restored) -> None:
    text = _("Version %(number)d is live.") % {"number": restored.version.number}
    if restored.changes:
        back = ngettext("%(count)d smart tag was restored.", "%(count)d smart tags were restored.", restored.changes)
        text = f"{text} {back % {'count': restored.changes}}"
    notify(request, text)


def _versions(found: TagModel, titles: Titles) -> dict[str, Any]:
    """Return the versions, the newest first, each with its quality; and the tags of the one that counts in detail."""
    versions = list(found.versions.defer("content").order_by("-number"))
    known, shown = qualities([version.pk for version in versions]), shown_version(found)
    quality = known.get(shown.pk) if shown else None
    if quality:  # which may know tags that the tag model teaches no more
        titles = {**titles_of_keys((tag.tag for tag in quality.tags), language()), **titles}
    names, confusion = confusion_of(quality, titles) if quality else ([], [])
    return {
        "versions": [(version, known.get(version.pk)) for version in versions],
        "held": held_back(found),
        "shown": shown,
        "quality": quality,
        "tag_rows": rows_of(quality, titles) if quality else [],
        "names": names,
        "confusion": confusion,
        "can_roll_back": any(one.published and shown and shown.live and one.number < shown.number for one in versions),
    }
