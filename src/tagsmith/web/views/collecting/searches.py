"""Saved searches: the list of them, what each finds now, and saving one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tagsmith.accounts.models import Role
from tagsmith.collecting import selectors, services
from tagsmith.search.selectors import search
from tagsmith.web.notices import notify
from tagsmith.web.requests import person_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import back_to

LOOK = 6  # hits


@only(Role.VIEWER)
@require_safe
def searches(request: HttpRequest) -> HttpResponse:
    """Show the saved searches that somebody sees; each asks for what it finds when it comes into view."""
    person, after = person_of(request), request.GET.get("after", "")
    page = selectors.saved_searches(person, after=after)
    rows = [(row, row.may_be_changed_by(person)) for row in page.rows]
    context = {"tab": "searches", "rows": rows, "after": after, "next": page.after}
    return render(request, "web/collecting/searches.html", context)


@only(Role.VIEWER)
@require_safe
def look(request: HttpRequest, number: int) -> HttpResponse:
    """Show the first hits of a saved search, and how many there are."""
    saved = selectors.get_saved_search(person_of(request), number)
    found = search(scope_for(request), saved.text, size=LOOK)
    return render(request, "web/collecting/look.html", {"saved": saved, "found": found})


@only(Role.VIEWER)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep what was searched for under a name."""
    said, person = request.POST, person_of(request)
    saved = services.save_search(person, said.get("name", ""), said.get("text", ""), shared="shared" in said)
    link = reverse("collections-searches")
    notify(request, _("The search was saved as %(name)s.") % {"name": saved.name}, link=link, label=_("Saved searches"))
    return redirect(back_to(request))
