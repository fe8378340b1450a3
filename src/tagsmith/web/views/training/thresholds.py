"""From which confidence each tag applies and is suggested: sliders with what they would do over the library."""

from dataclasses import asdict, dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.scope import Scope
from tagsmith.errors import BadInputError, NotFoundError
from tagsmith.tagging.what_if import Counts, what_if
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.selectors import title
from tagsmith.training import overrides
from tagsmith.training.models import TagModel
from tagsmith.training.overrides import Override
from tagsmith.training.selectors import find_model
from tagsmith.web.notices import notify
from tagsmith.web.requests import actor_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.titles import called, in_order, language
from tagsmith.web.views.training.frame import frame, shown_version, taught_tag


class ThresholdForm(forms.Form):
    """Two confidences, in per cent."""

    apply = forms.FloatField(min_value=0.1, max_value=100)
    suggest = forms.FloatField(min_value=0.1, max_value=100)

    def override(self) -> Override:
        """Return what the sliders say; one that is to suggest never stands above the one to apply."""
        apply, suggest = (round(self.cleaned_data[name] / 100, 3) for name in ("apply", "suggest"))
        return Override(apply, min(apply, suggest))


@dataclass(frozen=True)
class Row:
    """A tag's thresholds with what they do, and whether a person set them."""

    counts: Counts
    is_set: bool

    @property
    def apply(self) -> str:
        """From how many per cent it applies; 100 where it never does."""
        return _per_cent(self.counts.apply_from)

    @property
    def suggest(self) -> str:
        """From how many per cent it is suggested."""
        return _per_cent(self.counts.suggest_from)


@only(Role.VIEWER)
@require_safe
def thresholds(request: HttpRequest, model_id: int) -> HttpResponse:
    """Show the thresholds of each tag, and what they do."""
    model = find_model(model_id)
    version = shown_version(model)
    said = overrides.overrides([model.pk])
    counts = what_if(scope_for(request), version) if version else []
    titles = called(one.tag for one in counts)
    rows = [Row(one, (model.pk, one.tag.pk) in said) for one in in_order(counts, lambda one: titles[one.tag.pk])]
    context = {**frame(model, "training-thresholds"), "shown": version, "rows": rows, "titles": titles}
    return render(request, "web/training/thresholds.html", context)


@only(Role.VIEWER, to_change=Role.TRAINER)
@require_http_methods(["GET", "POST"])
def threshold(request: HttpRequest, model_id: int, tag_id: int) -> HttpResponse:
    """Say what other thresholds of a tag would do, a part of the page; or keep them."""
    model = find_model(model_id)
    tag = taught_tag(model, tag_id)
    form = ThresholdForm(request.POST or request.GET)
    if not form.is_valid():
        raise BadInputError("a threshold is a number of per cent above 0 and at most 100")
    wanted = form.override()
    if request.method == "POST":
        now = _counts(scope_for(request), model, tag, overrides.NOTHING)
        moved = {  # what stands where it stood stays as it was learned
            name: value for name, value in asdict(wanted).items() if _per_cent(value) != _per_cent(getattr(now, name))
        }
        overrides.override(actor_of(request), model, tag, **moved)
        notify(request, _("The thresholds of %(tag)s count from the next run on.") % {"tag": title(tag, language())})
        return redirect("training-thresholds", model.pk)
    counts = _counts(scope_for(request), model, tag, wanted)
    return render(request, "web/training/counts.html", {"counts": counts})


@only(Role.TRAINER)
@require_POST
def clear(request: HttpRequest, model_id: int, tag_id: int) -> HttpResponse:
    """Let the thresholds of a tag be as each version learned them."""
    model = find_model(model_id)
    tag = taught_tag(model, tag_id)
    overrides.clear(actor_of(request), model, tag)
    notify(request, _("The thresholds of %(tag)s are as they were learned.") % {"tag": title(tag, language())})
    return redirect("training-thresholds", model.pk)


def _per_cent(threshold: float | None) -> str:
    return "100.0" if threshold is None else f"{100 * threshold:.1f}"


def _counts(scope: Scope, model: TagModel, tag: Tag, wanted: Override) -> Counts:
    version = shown_version(model)
    rows = what_if(scope, version, {tag.pk: overrides.checked(wanted)}) if version else []
    found = next((one for one in rows if one.tag == tag), None)
    if found is None:
        raise NotFoundError(f"{tag.key}: no version teaches it")
    return found
