"""The dry run: what publishing a version would change, before it is published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.models import Asset
from tagsmith.tagging.dry_run import DryRun, Sample, dry_run
from tagsmith.training.selectors import find_model, find_version
from tagsmith.web.phrases import share
from tagsmith.web.requests import is_partial, scope_for
from tagsmith.web.roles import only
from tagsmith.web.titles import called
from tagsmith.web.views.training.frame import frame


@dataclass(frozen=True)
class Change:
    """Assets on which the same thing changes: what, how many, the tag that says why, and some of them."""

    title: str
    count: int
    tag: int
    samples: list[tuple[Asset, str]]


@only(Role.VIEWER)
@require_safe
def trial(request: HttpRequest, model_id: int, number: int) -> HttpResponse:
    """Show the page at once; what would change is asked for by it, as the whole library is looked at."""
    model = find_model(model_id)
    version = find_version(model, number)
    context = {**frame(model, "training-trial"), "version": version}
    if not is_partial(request):
        return render(request, "web/training/trial.html", context)
    against = model.versions.select_related("model", "encoder").filter(live=True).first()
    result = dry_run(scope_for(request), version, None if against == version else against)
    moved = {effect.tag.pk: 0 for effect in result.effects}
    for move in result.moves:
        for tag in (move.source, move.target):
            moved[tag.pk] = moved.get(tag.pk, 0) + move.assets
    effects = [(effect, moved[effect.tag.pk]) for effect in result.effects]
    moving = [tag for one in result.moves for tag in (one.source, one.target)]
    titles = called([*(one.tag for one in result.effects), *moving])
    found = {"result": result, "effects": effects, "changes": list(_changes(result, titles)), "titles": titles}
    return render(request, "web/training/trial_result.html", {**context, **found})


def _changes(result: DryRun, titles: Mapping[int, str]) -> Iterator[Change]:
    for effect in result.effects:
        name = {"tag": titles[effect.tag.pk]}
        if effect.gained:
            yield Change(_("Gain %(tag)s") % name, effect.gained, effect.tag.pk, _shown(effect.gained_samples))
        if effect.lost:
            yield Change(_("Lose %(tag)s") % name, effect.lost, effect.tag.pk, _shown(effect.lost_samples))
    for move in result.moves:
        names = {"source": titles[move.source.pk], "target": titles[move.target.pk]}
        yield Change(_("%(source)s becomes %(target)s") % names, move.assets, move.target.pk, _shown(move.samples))


def _shown(samples: list[Sample]) -> list[tuple[Asset, str]]:
    return [(one.asset, f"{_per_cent(one.before)} → {_per_cent(one.after)}") for one in samples]


def _per_cent(confidence: int | None) -> str:
    return _("none") if confidence is None else share(confidence / 1000)
