"""Advice on tags: what titles no image can show, which look alike, which tags nothing uses; and hints while typing."""

from collections import Counter
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tagsmith.accounts.models import Role
from tagsmith.errors import BadInputError
from tagsmith.taxonomy.advice.findings import KINDS, Kind
from tagsmith.taxonomy.advice.hints import hints_on
from tagsmith.taxonomy.advice.lint import lint
from tagsmith.taxonomy.selectors import live_tags
from tagsmith.taxonomy.services.blocking import block
from tagsmith.web.notices import notify
from tagsmith.web.requests import actor_of
from tagsmith.web.roles import only

SIZE = 100
LONGEST = 500  # characters of what is being typed
BLOCKABLE = (Kind.UNSEEN, Kind.TOO_FINE)


@only(Role.VIEWER)
@require_safe
def advice(request: HttpRequest) -> HttpResponse:
    """Show what is found, of one kind or of the first that there is something of."""
    findings = lint()
    counts = Counter(one.kind for one in findings)
    asked = request.GET.get("kind", "")
    kind = Kind(asked) if asked in KINDS else next((one for one in Kind if counts[one]), Kind.UNSEEN)
    shown = [one for one in findings if one.kind is kind]
    start = int(after) if (after := request.GET.get("after", "")).isdecimal() and len(after) < 9 else 0
    context = {
        "kinds": [(one, KINDS[one], counts[one], f"?{urlencode({'kind': one.value})}") for one in Kind],
        "kind": kind,
        "findings": shown[start : start + SIZE],
        "count": len(shown),
        "total": len(findings),
        "next": start + SIZE if len(shown) > start + SIZE else "",
        "before": after,
        "kept": urlencode({"kind": kind.value}),
        "can_block": kind in BLOCKABLE,
    }
    return render(request, "web/tags/advice.html", context)


@only(Role.TRAINER)
@require_POST
def leave_to_people(request: HttpRequest) -> HttpResponse:
    """Put the tags of a finding, or of all of a kind that images cannot tell, on the blocklist."""
    kind = request.POST.get("kind", "")
    if kind not in BLOCKABLE:
        raise BadInputError("say what to put on the blocklist")
    tags = [tag.id for one in lint() if one.kind == kind for tag in one.tags]
    if wanted := request.POST.get("tag", ""):
        tags = [tag for tag in tags if str(tag) == wanted]
    done = block(actor_of(request), live_tags().filter(pk__in=tags))
    said = ngettext("%(count)s tag is left to people now.", "%(count)s tags are left to people now.", done.count)
    undo = reverse("tags-undo-blocking", args=(done.unit,)) if done.count else ""
    notify(request, said % {"count": done.count}, undo=undo)
    return redirect(f"{reverse('tags-advice')}?{urlencode({'kind': kind})}")


@only(Role.VIEWER)
@require_safe
def hints(request: HttpRequest) -> HttpResponse:
    """Say what speaks against the title that is being typed: a part of a form."""
    asked = request.GET
    name = asked.get("name", "").rpartition("/")[2].rpartition(":")[2]
    text = next(filter(None, (asked.get(one, "").strip() for one in ("title", "text"))), name)[:LONGEST]
    language, but = asked.get("language") or "en", asked.get("but", "")
    found = hints_on(text.replace("\0", ""), language.lower(), int(but) if but.isdecimal() and len(but) < 19 else None)
    return render(request, "web/tags/hints.html", {"hints": found})
