"""The review queue: what tag models suggest, for a person to accept or reject."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tagsmith.accounts.models import Person, Role
from tagsmith.assets.scope import Scope
from tagsmith.errors import BadInputError
from tagsmith.learning.scoring import STEPS
from tagsmith.tagging import deciding, moderation, review
from tagsmith.tagging.jobs import enqueue_decision
from tagsmith.tagging.models import Decision, Suggestion
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.suggesting import titles_of
from tagsmith.training.models import TagModel
from tagsmith.web.doing import Doing, shown_doing
from tagsmith.web.notices import notify
from tagsmith.web.phrases import phrase
from tagsmith.web.requests import actor_of, is_partial, person_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import numbers
from tagsmith.web.titles import in_order, name_in

SIZE = 48
ACTS = {"accept": review.accept, "reject": review.reject}
LIKELY, FAIR = 60, 40  # per cent
_DOING = {
    Decision.Act.ACCEPT: gettext_lazy("Suggestions are being accepted"),
    Decision.Act.REJECT: gettext_lazy("Suggestions are being rejected"),
    Decision.Act.UNDO: gettext_lazy("Decisions are being taken back"),
}


class Filters(forms.Form):
    """Which suggestions are shown; a blank says nothing."""

    tag = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    model = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    low = forms.IntegerField(label=gettext_lazy("From"), required=False, min_value=0, max_value=100)
    high = forms.IntegerField(label=gettext_lazy("To"), required=False, min_value=0, max_value=100)


@only(Role.EDITOR)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits, the surest first; the cards that follow alone where a part is asked for."""
    scope, which = scope_for(request), _which(request.GET)
    kept = _kept(request.GET)
    page = review.queue(scope, which, after=request.GET.get("after", ""), size=SIZE)
    context: dict[str, Any] = {"cards": _cards(page.suggestions), "next": page.after, "kept": kept}
    if is_partial(request):
        return render(request, "web/review/cards.html", context)
    everything = review.counts(scope)
    matching = everything if which == review.ALL else review.counts(scope, which)
    titles = titles_of({one.tag_id for one in everything}, get_language() or "en")
    context |= {
        "tags": in_order(
            {(one.tag_id, titles.get(one.tag_id) or name_in(one.tag)) for one in everything}, lambda one: one[1]
        ),
        "models": in_order({(one.model_id, one.model) for one in everything}, lambda one: one[1]),
        "count": sum(one.count for one in matching),
        "which": which,
        "filters": Filters(request.GET),
        "is_filtered": bool(kept),
        **_decisions(request),
    }
    return render(request, "web/review/queue.html", context)


@only(Role.EDITOR)
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """Say how far decisions on many suggestions are; when the last is over, the whole page is shown anew."""
    context = _decisions(request)
    answer = render(request, "web/parts/doing.html", context)
    if not context["is_doing"]:
        answer.headers["HX-Refresh"] = "true"
    return answer


@only(Role.EDITOR)
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Accept or reject one suggestion, those that are ticked, or all that match."""
    scope, asked = scope_for(request), request.POST.get("act", "")
    act = ACTS.get(asked)
    if act is None:
        raise BadInputError(_("say whether to accept or to reject"))
    which = _which(request.POST)
    if "all" in request.POST:
        pairs = review.matching(scope, which)
    else:
        pairs = [_pair(word) for word in request.POST.getlist("pair")]
    if not pairs:
        raise BadInputError(_("nothing is selected"))
    if len(pairs) > deciding.AT_ONCE:
        return _in_background(request, lambda person: deciding.begin(scope, person, Decision.Act(asked), pairs))
    decided = act(scope, actor_of(request), pairs)
    said, undo = _said(act is review.accept, decided.count), reverse("review-undo", args=(decided.unit,))
    if is_partial(request):
        context = {"said": said, "undo": undo, "filters": Filters(request.POST), "count": _count(scope, which)}
        return render(request, "web/review/said.html", context)
    notify(request, said, undo=undo)
    return redirect(_address(request.POST))


@only(Role.EDITOR)
@require_POST
def undo(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Take a decision back; what nobody has changed since stands again."""
    scope = scope_for(request)
    if moderation.moderated(unit).count() > deciding.AT_ONCE:
        return _in_background(request, lambda person: deciding.begin_undo(scope, person, unit))
    count = moderation.undo_moderation(scope, actor_of(request), unit)
    notify(request, _taken_back(count))
    return redirect(_address(request.POST))


def _decisions(request: HttpRequest) -> dict[str, Any]:
    recent = list(deciding.recent(person_of(request)))
    undone = {one.unit for one in recent if one.act == Decision.Act.UNDO}
    return shown_doing([_doing(one, undone) for one in recent], reverse("review-progress"))


def _doing(decision: Decision, undone: set[UUID]) -> Doing:
    can_undo = decision.ended and decision.decided and decision.unit not in undone
    return Doing(
        words=_words(decision),
        done=decision.done,
        total=decision.total,
        is_under_way=decision.ended is None,
        failure=phrase(decision.failure),
        undo=reverse("review-undo", args=(decision.unit,)) if can_undo else "",
    )


def _words(decision: Decision) -> str:
    if decision.ended is None:
        return str(_DOING[Decision.Act(decision.act)])
    if decision.act == Decision.Act.UNDO:
        return _taken_back(decision.decided)
    return _said(decision.act == Decision.Act.ACCEPT, decision.decided)


@transaction.atomic
def _in_background(request: HttpRequest, begin: Callable[[Person], Decision]) -> HttpResponse:
    enqueue_decision(begin(person_of(request)))
    return redirect(_address(request.POST))


def _count(scope: Scope, which: review.Which) -> int:
    return sum(one.count for one in review.counts(scope, which))


def _which(sent: QueryDict) -> review.Which:
    filters = Filters(sent)
    if not filters.is_valid():
        raise BadInputError(_("these filters make no sense"))
    wanted = filters.cleaned_data
    low, high = wanted["low"], wanted["high"]
    return review.Which(
        tag=Tag.objects.filter(pk=wanted["tag"]).first() if wanted["tag"] else None,
        model=TagModel.objects.filter(pk=wanted["model"]).first() if wanted["model"] else None,
        low=(low or 0) / 100,
        high=1 if high is None else high / 100,
    )


def _kept(sent: QueryDict) -> str:
    return urlencode([(name, sent[name]) for name in Filters.base_fields if sent.get(name)])


def _address(sent: QueryDict) -> str:
    kept = _kept(sent)
    return reverse("review") + (f"?{kept}" if kept else "")


def _pair(word: str) -> review.Pair:
    asset, tag = (*numbers(word.split("-")), 0, 0)[:2]
    return asset, tag


def _cards(suggestions: list[Suggestion]) -> list[dict[str, Any]]:
    titles = titles_of({one.tag_id for one in suggestions}, get_language() or "en")
    return [
        {
            "pair": f"{one.asset_id}-{one.tag_id}",
            "asset": one.asset,
            "title": titles.get(one.tag_id, one.tag.name),
            "key": one.tag.key,
            "model": one.version.model.title,
            "per_cent": one.confidence * 100 / STEPS,
            "sureness": _sureness(one.confidence * 100 / STEPS),
        }
        for one in suggestions
    ]


def _sureness(per_cent: float) -> str:
    if per_cent >= LIKELY:
        return _("likely")
    return _("perhaps") if per_cent >= FAIR else _("hardly")


def _taken_back(count: int) -> str:
    said = ngettext("%(count)s decision is taken back.", "%(count)s decisions are taken back.", count)
    return said % {"count": number_format(count, force_grouping=True)}


def _said(accepted: bool, count: int) -> str:  # noqa: FBT001 - which of two sentences
    if accepted:
        said = ngettext("%(count)s suggestion accepted.", "%(count)s suggestions accepted.", count)
    else:
        said = ngettext("%(count)s suggestion rejected.", "%(count)s suggestions rejected.", count)
    return said % {"count": number_format(count, force_grouping=True)}
