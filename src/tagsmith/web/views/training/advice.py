"""What the guideline check finds in a tag model's examples, each finding with its one click where it has one."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.models import Asset
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.learning.findings import Finding, Step
from tagsmith.taxonomy.selectors import live_tags
from tagsmith.taxonomy.suggesting import distinct_titles
from tagsmith.training.guidelines import check_examples
from tagsmith.training.jobs import current
from tagsmith.training.models import TagModel, TaughtTag
from tagsmith.training.selectors import find_model
from tagsmith.web.requests import scope_for
from tagsmith.web.roles import only

_Places = Mapping[tuple[str, str], tuple[int, int]]


@dataclass(frozen=True)
class Advice:
    """A finding with the assets that it names, and where it can be followed with one click: words, and an address."""

    finding: Finding
    assets: list[Asset]
    label: str = ""
    address: str = ""
    target: int = 0


@only(Role.VIEWER)
@require_safe
def advice(request: HttpRequest, model_id: int) -> HttpResponse:
    """Show what the guideline check finds: a part of the page."""
    model = find_model(model_id)
    names = distinct_titles(live_tags().filter(tag_models__isnull=False).distinct(), get_language() or "en")
    findings = check_examples(model, current(), names)
    named = {image for finding in findings for image in finding.images}
    assets = live_assets(scope_for(request)).select_related("folder").in_bulk(named)
    places = _places(model, names)
    found = [_advice(places, one, [assets[pk] for pk in one.images if pk in assets]) for one in findings]
    return render(request, "web/training/advice.html", {"model": model, "advice": found})


def _advice(places: _Places, finding: Finding, assets: list[Asset]) -> Advice:
    own, other = places.get(("", finding.tag)), places.get((finding.other_model, finding.other))
    if not assets or own is None:
        return Advice(finding, assets)
    if finding.step is Step.DROP:
        label = ngettext("Remove it", "Remove these", len(assets))
        return Advice(finding, assets, label, reverse("training-remove", args=own))
    if finding.step is Step.MOVE and other is not None:
        label = _("Move to %(tag)s") % {"tag": finding.other}
        return Advice(finding, assets, label, reverse("training-move", args=own), other[1])
    if finding.step is Step.ADD and other is not None:
        label = _("Add to %(tag)s in %(model)s") % {"tag": finding.other, "model": finding.other_model}
        return Advice(finding, assets, label, reverse("training-add", args=other))
    return Advice(finding, assets)


def _places(model: TagModel, names: Mapping[int, str]) -> _Places:
    """Return the ids of models and tags by how findings name them: the model's own by no title."""
    rows = TaughtTag.objects.filter(tag__in=names).select_related("model").order_by("-pk")
    own = {("", names[row.tag_id]): (row.model_id, row.tag_id) for row in rows if row.model_id == model.pk}
    return own | {(row.model.title, names[row.tag_id]): (row.model_id, row.tag_id) for row in rows}
