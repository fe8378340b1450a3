"""What the next training of a tag model aims at."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tagsmith.accounts.models import Role
from tagsmith.errors import BadInputError
from tagsmith.training.aims import set_aims
from tagsmith.training.selectors import find_model
from tagsmith.web.notices import notify
from tagsmith.web.phrases import phrase
from tagsmith.web.requests import actor_of
from tagsmith.web.roles import only
from tagsmith.web.views.training.frame import frame


class AimsForm(forms.Form):
    """Shares in per cent, and how a model learns and is published."""

    target_precision = forms.FloatField(
        label=gettext_lazy("Target precision, in per cent"),
        min_value=1,
        max_value=100,
        help_text=gettext_lazy("Of the images that are given a tag, so many should show it."),
    )
    suggest_precision = forms.FloatField(
        label=gettext_lazy("Precision of suggestions, in per cent"),
        min_value=1,
        max_value=100,
        help_text=gettext_lazy("Of the images for which a tag waits in the review, so many should show it."),
    )
    learn_from_people = forms.BooleanField(
        label=gettext_lazy("Learn from tags that people set, promote or reject"), required=False
    )
    review_before_publishing = forms.BooleanField(
        label=gettext_lazy("Review before publishing: a new version waits until somebody publishes it"), required=False
    )


SHARES = ("target_precision", "suggest_precision")


@only(Role.VIEWER, to_change=Role.TRAINER)
@require_http_methods(["GET", "POST"])
def aims(request: HttpRequest, model_id: int) -> HttpResponse:
    """Show what the next training aims at, and change it."""
    model = find_model(model_id)
    now = {name: getattr(model, name) for name in AimsForm.base_fields}
    now |= {name: round(100 * now[name], 1) for name in SHARES}
    form = AimsForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            set_aims(
                actor_of(request),
                model,
                target_precision=wanted["target_precision"] / 100,
                suggest_precision=wanted["suggest_precision"] / 100,
                learn_from_people=wanted["learn_from_people"],
                review_before_publishing=wanted["review_before_publishing"],
            )
        except BadInputError as error:
            form.add_error(None, phrase(error))
        else:
            notify(request, _("Saved. It counts from the next training on."))
            return redirect("training-aims", model.pk)
    return render(request, "web/training/aims.html", {**frame(model, "training-aims"), "form": form})
