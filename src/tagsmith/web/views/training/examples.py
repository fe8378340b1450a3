"""The second step of a tag model: its examples, tag by tag; and submitting it."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tagsmith.accounts.models import Role
from tagsmith.errors import ExamplesError
from tagsmith.learning.examples import Limits
from tagsmith.taxonomy.models import Tag
from tagsmith.training.jobs import current
from tagsmith.training.picking import examples_of
from tagsmith.training.selectors import example_counts, find_model, taught_twice
from tagsmith.training.submitting import submit as submit_model
from tagsmith.web.notices import notify
from tagsmith.web.phrases import phrases
from tagsmith.web.requests import actor_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.titles import with_titles
from tagsmith.web.views.training.frame import Taught, frame, taught, taught_tag


@dataclass(frozen=True)
class Fold:
    """A tag with its examples: how many, whether that is enough, and what its badge says."""

    tag: Tag
    title: str
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


@only(Role.VIEWER)
@require_safe
def examples(request: HttpRequest, model_id: int) -> HttpResponse:
    """Show a tag model's tags; the examples of the one that `open` names at once, those of the others when asked."""
    model = find_model(model_id)
    tags, counts = taught(model, get_language() or "en"), example_counts(model)
    titles = {one.tag.key: one.title for one in tags}
    folds = _folds(tags, counts, request.GET.get("open", ""))
    shown = next((fold.tag for fold in folds if fold.is_open), None)
    context = {
        **frame(model, "training-examples"),
        "folds": folds,
        "tags": tags,
        "assets": examples_of(scope_for(request), model, shown) if shown else [],
        "twice": [(titles[key], other) for key, other in taught_twice(model)],
    }
    return render(request, "web/training/examples.html", context)


@only(Role.VIEWER)
@require_safe
def of_tag(request: HttpRequest, model_id: int, tag_id: int) -> HttpResponse:
    """Show the examples of one tag: a part of the page."""
    model = find_model(model_id)
    tag = taught_tag(model, tag_id)
    assets = examples_of(scope_for(request), model, tag)
    context = {"model": model, "tag": tag, "tags": taught(model, get_language() or "en"), "assets": assets}
    return render(request, "web/training/fold.html", context)


@only(Role.TRAINER)
@require_POST
def submit(request: HttpRequest, model_id: int) -> HttpResponse:
    """Ask for a training; what is in its way is said on the page of the examples."""
    model = find_model(model_id)
    try:
        submit_model(actor_of(request), model)
    except ExamplesError as error:
        context = {"problems": phrases(with_titles([error])[0]), **frame(model, "training-examples")}
        return render(request, "web/training/refused.html", context, status=400)
    notify(request, _("Training of %(title)s has started.") % {"title": model.title})
    return redirect("training-model", model.pk)


def _folds(tags: list[Taught], counts: dict[str, int], asked: str) -> list[Fold]:
    """Return the folds; open is the one that is asked for, else the first with too few examples."""
    limits = current().limits
    first = asked or next((str(one.pk) for one in tags if counts[one.tag.key] < limits.min_examples), "")
    return [Fold(one.tag, one.title, counts[one.tag.key], limits, str(one.pk) == first) for one in tags]
