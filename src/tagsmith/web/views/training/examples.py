"""The second step of a tag model: its examples, tag by tag, with advice on them; and submitting it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.models import Asset
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.errors import ExamplesError
from tagsmith.learning.examples import Limits
from tagsmith.learning.findings import Finding, Step
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.selectors import live_tags
from tagsmith.training import services
from tagsmith.training.drafting import move_examples
from tagsmith.training.guidelines import check_examples
from tagsmith.training.jobs import current
from tagsmith.training.models import TagModel, TaughtTag
from tagsmith.training.picking import examples_of
from tagsmith.training.selectors import example_counts, find_model, taught_tags, taught_twice
from tagsmith.training.submitting import submit as submit_model
from tagsmith.web.notices import notify
from tagsmith.web.requests import actor_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.views.training.frame import frame, taught_tag

MOST = 500  # assets that one request names

_Places = dict[tuple[str, str], tuple[int, int]]


@dataclass(frozen=True)
class Fold:
    """A tag with its examples: how many, whether that is enough, and what its badge says."""

    tag: Tag
    count: int
    limits: Limits
    is_open: bool

    @property
    def kind(self) -> str:
        """The badge's kind."""
        if not self.limits.min_examples <= self.count <= self.limits.max_examples:
            return "bad" if self.count > self.limits.max_examples else "fair"
        return "good"

    @property
    def words(self) -> str:
        """What is to be done."""
        if lacking := max(self.limits.min_examples - self.count, 0):
            return ngettext("%(count)d more needed", "%(count)d more needed", lacking) % {"count": lacking}
        if extra := max(self.count - self.limits.max_examples, 0):
            return ngettext("%(count)d too many", "%(count)d too many", extra) % {"count": extra}
        return _("Enough")


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
def examples(request: HttpRequest, model_id: int) -> HttpResponse:
    """Show a tag model's tags; the examples of the one that `open` names at once, those of the others when asked."""
    model = find_model(model_id)
    tags = {tag.key: tag for tag in live_tags().filter(pk__in=taught_tags(model).values())}
    limits, asked = current().limits, request.GET.get("open", "")
    counts = example_counts(model)
    first = asked or next((str(tag.pk) for key, tag in tags.items() if counts[key] < limits.min_examples), "")
    folds = [Fold(tag, counts[key], limits, str(tag.pk) == first) for key, tag in tags.items()]
    shown = next((fold.tag for fold in folds if fold.is_open), None)
    context = {
        **frame(model, "training-examples"),
        "folds": folds,
        "tags": list(tags.values()),
        "assets": examples_of(scope_for(request), model, shown) if shown else [],
        "twice": taught_twice(model),
    }
    return render(request, "web/training/examples.html", context)


@only(Role.VIEWER)
@require_safe
def of_tag(request: HttpRequest, model_id: int, tag_id: int) -> HttpResponse:
    """Show the examples of one tag: a part of the page."""
    model = find_model(model_id)
    tag = taught_tag(model, tag_id)
    tags = list(live_tags().filter(pk__in=taught_tags(model).values()))
    context = {"model": model, "tag": tag, "tags": tags, "assets": examples_of(scope_for(request), model, tag)}
    return render(request, "web/training/fold.html", context)


@only(Role.VIEWER)
@require_safe
def advice(request: HttpRequest, model_id: int) -> HttpResponse:
    """Show what the guideline check finds: a part of the page."""
    model = find_model(model_id)
    findings = check_examples(model, current())
    named = {image for finding in findings for image in finding.images}
    assets = live_assets(scope_for(request)).select_related("folder").in_bulk(named)
    places = _places(model)
    found = [_advice(places, one, [assets[pk] for pk in one.images if pk in assets]) for one in findings]
    return render(request, "web/training/advice.html", {"model": model, "advice": found})


@only(Role.TRAINER)
@require_POST
def add(request: HttpRequest, model_id: int, tag_id: int) -> HttpResponse:
    """Let assets teach a tag; they come with the form, or with the address where it takes a removal back."""
    model = find_model(model_id)
    tag, assets = taught_tag(model, tag_id), _named_assets(request)
    if not assets:
        return _nothing(request, model, tag)
    count = services.add_examples(actor_of(request), model, tag, assets)
    text = ngettext("%(count)d example added to %(tag)s.", "%(count)d examples added to %(tag)s.", count)
    notify(request, text % {"count": count, "tag": tag.name})
    return _back(model, tag)


@only(Role.TRAINER)
@require_POST
def remove(request: HttpRequest, model_id: int, tag_id: int) -> HttpResponse:
    """Let assets no longer teach a tag."""
    model = find_model(model_id)
    tag, assets = taught_tag(model, tag_id), _named_assets(request)
    if not assets:
        return _nothing(request, model, tag)
    count = services.remove_examples(actor_of(request), model, tag, assets)
    again = urlencode({"assets": [asset.pk for asset in assets]}, doseq=True)
    text = ngettext("%(count)d example removed from %(tag)s.", "%(count)d examples removed from %(tag)s.", count)
    undo = f"{reverse('training-add', args=(model.pk, tag.pk))}?{again}"
    notify(request, text % {"count": count, "tag": tag.name}, undo=undo)
    return _back(model, tag)


@only(Role.TRAINER)
@require_POST
def move(request: HttpRequest, model_id: int, tag_id: int) -> HttpResponse:
    """Let examples of a tag teach the one that `to` names instead."""
    model = find_model(model_id)
    wanted = request.POST.get("to", "")
    source, target = taught_tag(model, tag_id), taught_tag(model, int(wanted) if wanted.isdecimal() else 0)
    assets = _named_assets(request)
    if not assets:
        return _nothing(request, model, source)
    count = move_examples(actor_of(request), model, source, target, assets)
    text = ngettext("%(count)d example moved to %(tag)s.", "%(count)d examples moved to %(tag)s.", count)
    notify(request, text % {"count": count, "tag": target.name})
    return _back(model, source)


@only(Role.TRAINER)
@require_POST
def submit(request: HttpRequest, model_id: int) -> HttpResponse:
    """Ask for a training; what is in its way is said on the page of the examples."""
    model = find_model(model_id)
    try:
        submit_model(actor_of(request), model)
    except ExamplesError as error:
        context = {"problems": str(error).splitlines(), **frame(model, "training-examples")}
        return render(request, "web/training/refused.html", context, status=400)
    notify(request, _("Training of %(title)s has started.") % {"title": model.title})
    return redirect("training-model", model.pk)


def _advice(places: _Places, finding: Finding, assets: list[Asset]) -> Advice:
    """Return a finding with its one click, where it has one."""
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


def _places(model: TagModel) -> _Places:
    """Return the ids of models and tags by how findings name them: the model's own by no title."""
    rows = TaughtTag.objects.filter(tag__deleted__isnull=True).select_related("tag", "model").order_by("-pk")
    others = {(row.model.title, row.tag.key): (row.model_id, row.tag_id) for row in rows}
    return others | {("", key): (model.pk, pk) for key, pk in taught_tags(model).items()}


def _named_assets(request: HttpRequest) -> list[Asset]:
    ids = request.POST.getlist("assets") or request.GET.getlist("assets")
    wanted = list(dict.fromkeys(int(one) for one in ids if one.isdecimal()))[:MOST]
    found = live_assets(scope_for(request)).select_related("folder").in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]


def _nothing(request: HttpRequest, model: TagModel, tag: Tag) -> HttpResponse:
    notify(request, _("Nothing was selected."))
    return _back(model, tag)


def _back(model: TagModel, tag: Tag) -> HttpResponse:
    return redirect(f"{reverse('training-examples', args=(model.pk,))}?open={tag.pk}")
