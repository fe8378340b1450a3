"""The taxonomy as a tree that opens branch by branch, and as what a search in it finds; making tags."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tagsmith.accounts.models import Role
from tagsmith.taxonomy.browsing import MOST, branches_below, found_branches, top_branches
from tagsmith.taxonomy.services.create import create_tag
from tagsmith.web.notices import notify
from tagsmith.web.requests import actor_of
from tagsmith.web.roles import only
from tagsmith.web.titles import in_order
from tagsmith.web.views.tags.tag import tag_of


@only(Role.VIEWER)
@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """Show the tags at the top, or those that were searched for."""
    text, language = request.GET.get("find", "").replace("\0", ""), get_language() or "en"
    branches = found_branches(text, language) if text.strip() else top_branches(language)
    branches = in_order(branches, lambda one: one.title)
    context = {"branches": branches, "find": text, "is_cut": bool(text.strip()) and len(branches) == MOST}
    return render(request, "web/tags/tree.html", context)


@only(Role.VIEWER)
@require_safe
def branch(request: HttpRequest, tag_id: int) -> HttpResponse:
    """Show the tags directly below one."""
    branches = in_order(branches_below(tag_of(tag_id), get_language() or "en"), lambda one: one.title)
    return render(request, "web/tags/branches.html", {"branches": branches})


@only(Role.TRAINER)
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Make a tag, at its whole path or below another tag."""
    sent = request.POST
    above, name = sent.get("above", ""), sent.get("name", "")
    made = create_tag(
        actor_of(request), f"{above}/{name}" if above else name, sent.get("title", ""), sent.get("language") or "en"
    )
    notify(request, _("%(tag)s is made.") % {"tag": made.key})
    return redirect("tags-tag", made.pk)
