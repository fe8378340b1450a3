"""What to label next for a tag model, and what people said that its next training will learn from."""

from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.taxonomy.suggesting import titles_of
from tagsmith.training.corrections import promotions, rejections, waiting_corrections
from tagsmith.training.labelling import what_to_label
from tagsmith.training.selectors import find_model, taught_tags
from tagsmith.web.requests import is_partial, scope_for
from tagsmith.web.roles import only
from tagsmith.web.titles import called, language
from tagsmith.web.views.training.frame import frame

SHOWN = 12  # corrections of each kind


@only(Role.VIEWER)
@require_safe
def improving(request: HttpRequest, model_id: int) -> HttpResponse:
    """Show what people said since; what to label next is asked for by the page, as it takes a look at the library."""
    model = find_model(model_id)
    scope, context = scope_for(request), frame(model, "training-improving")
    if is_partial(request):
        advice = what_to_label(scope, model)
        titles = called(tag for one in advice.assets for tag in (one.tag, one.rival))
        return render(request, "web/training/advised.html", {**context, "advice": advice, "titles": titles})
    tags, seen = taught_tags(model).values(), live_assets(scope)
    last = model.versions.order_by("-number").values_list("created", flat=True).first()
    kinds = [rows.filter(asset__in=seen) for rows in (promotions(model, tags), rejections(tags))]
    since = [rows.filter(at__gt=last) if last else rows for rows in kinds]
    promoted, rejected = (list(islice(rows.select_related("asset__folder", "tag"), SHOWN)) for rows in since)
    waiting = {"waiting": waiting_corrections(model), "promoted": promoted, "rejected": rejected}
    titles = titles_of(tags, language())
    return render(request, "web/training/improving.html", {**context, **waiting, "titles": titles})
