"""Groups of assets that look alike and have no tag: looking for them, making tags of them, putting them aside."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tagsmith.accounts.models import Role
from tagsmith.errors import BadInputError, ConflictError, NotFoundError, TaxonomyError
from tagsmith.queue.condition import condition
from tagsmith.tagging.grouping import Shown, Teaching, get_group, groups_found, last_search, put_aside, tag_group
from tagsmith.tagging.jobs import enqueue_search
from tagsmith.taxonomy.keys import FORBIDDEN
from tagsmith.taxonomy.meaning import tag_meant
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.selectors import find_tag
from tagsmith.taxonomy.selectors import title as title_of
from tagsmith.taxonomy.services.create import create_tag
from tagsmith.training.jobs import current
from tagsmith.training.models import TagModel
from tagsmith.training.selectors import find_model
from tagsmith.web.notices import notify
from tagsmith.web.phrases import phrase
from tagsmith.web.requests import actor_of, is_partial, scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import numbers
from tagsmith.web.titles import in_order

SHOWN = 240  # assets of a group on its page


@only(Role.VIEWER)
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """Show what the last search found, or what was put aside; the list is fetched again while one is under way."""
    scope, aside = scope_for(request), "aside" in request.GET
    search = last_search(scope)
    is_under_way = search is not None and search.token is not None
    context = {
        "search": search,
        "is_under_way": is_under_way,
        "nobody_works": is_under_way and not condition().workers,
        "groups": groups_found(scope, aside=aside) if search else [],
        "aside": aside,
        "put_aside": search.groups.filter(aside=True).count() if search else 0,
    }
    return render(request, "web/training/grouped.html" if is_partial(request) else "web/training/groups.html", context)


@only(Role.TRAINER)
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Ask for groups to be looked for."""
    enqueue_search(scope_for(request))
    return redirect("training-groups")


@only(Role.TRAINER)
@require_POST
def aside(request: HttpRequest, number: int) -> HttpResponse:
    """Put a group aside, or show it again."""
    again = "again" in request.GET or "again" in request.POST
    put_aside(scope_for(request), actor_of(request), number, aside=not again)
    if not again:
        undo = f"{reverse('training-aside', args=(number,))}?again=1"
        notify(request, _("The group is put aside, also when groups are looked for again."), undo=undo)
    return redirect("training-groups")


@only(Role.TRAINER)
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, number: int) -> HttpResponse:
    """Show a group, and make a tag of those of its assets that are ticked."""
    found = get_group(scope_for(request), number, SHOWN)
    context: dict[str, Any] = {"sent": request.POST, "unticked": set()}
    if request.method == "POST":
        ticked = set(numbers(request.POST.getlist("asset")))
        try:
            return _make(request, found, ticked)
        except (BadInputError, ConflictError, NotFoundError) as error:
            context["problem"] = phrase(error)
            context["unticked"] = {asset.pk for asset in found.assets} - ticked
    context |= {"group": found, "more": found.size - len(found.assets), "limits": current().limits}
    context["models"] = in_order(TagModel.objects.all(), lambda model: model.title)
    return render(request, "web/training/group.html", context, status=400 if "problem" in context else 200)


def _make(request: HttpRequest, found: Shown, ticked: set[int]) -> HttpResponse:
    sent, shown = request.POST, {asset.pk for asset in found.assets}
    chosen = [pk for pk in found.ids if (pk in ticked if pk in shown else "rest" in sent)]
    if not chosen:
        raise BadInputError("nothing is selected")
    asked = sent.get("model", "")
    model = find_model(int(asked)) if asked.isdecimal() else None
    tag, is_new = _tag(request)
    teaching = Teaching(model, current().limits.max_examples) if model else None
    done = tag_group(scope_for(request), actor_of(request), found.group.pk, chosen, tag, teaching=teaching)
    said = ngettext("%(tag)s is set on %(count)s asset.", "%(tag)s is set on %(count)s assets.", done.count)
    said = said % {"tag": title_of(tag, get_language() or "en"), "count": done.count}
    undo = reverse("library-undo", args=(done.unit,))
    notify(request, said if is_new else f"{said} {_('The tag was there before.')}", undo=undo)
    if model:
        return redirect(f"{reverse('training-examples', args=(model.pk,))}?open={tag.pk}")
    return redirect("training-groups")


def _tag(request: HttpRequest) -> tuple[Tag, bool]:
    """Return the tag that was named, made if it is not there yet, and whether it was made."""
    title, above = request.POST.get("title", "").strip(), request.POST.get("tag", "").strip()
    if not title:
        raise BadInputError("write what they show")
    name = re.sub(f"[{re.escape(FORBIDDEN)}]", "-", title)
    parent = tag_meant(above).key if above and not above.endswith(":") else above
    key = f"{parent}{'' if not parent or parent.endswith(':') else '/'}{name}"
    try:
        return find_tag(key), False
    except NotFoundError:
        pass
    if not parent:
        try:
            return tag_meant(title), False
        except TaxonomyError:
            pass
    return create_tag(actor_of(request), key, title, get_language() or "en"), True
