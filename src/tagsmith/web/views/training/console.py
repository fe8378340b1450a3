"""The list of tag models, and bringing one in from a file."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tagsmith.accounts.models import Role
from tagsmith.errors import BadInputError, ConflictError
from tagsmith.training.importing import import_file
from tagsmith.training.jobs import current
from tagsmith.training.overview import overview
from tagsmith.training.selectors import Status
from tagsmith.training.services import LONGEST_TITLE
from tagsmith.web.notices import notify
from tagsmith.web.phrases import phrase
from tagsmith.web.requests import actor_of, is_partial
from tagsmith.web.roles import only
from tagsmith.web.titles import in_order, tell_failures


class FileForm(forms.Form):
    """A tag model that was exported."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=LONGEST_TITLE)
    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("As Export gives it, or `tagsmith learn`.")
    )


@only(Role.VIEWER)
@require_safe
def console(request: HttpRequest) -> HttpResponse:
    """Show the tag models. The list alone is fetched again while one of them waits for its training."""
    rows = in_order(overview(), lambda row: row.model.title)
    tell_failures(row.model for row in rows)
    context = {"rows": rows, "is_under_way": any(row.status is Status.PENDING for row in rows)}
    return render(request, "web/training/rows.html" if is_partial(request) else "web/training/console.html", context)


@only(Role.TRAINER)
@require_http_methods(["GET", "POST"])
def import_model(request: HttpRequest) -> HttpResponse:
    """Make a tag model of a model file; its version waits to be published."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            version = import_file(actor_of(request), file, file.name, current(), title=form.cleaned_data["title"])
        except (BadInputError, ConflictError) as error:
            form.add_error(None, phrase(error))
        else:
            notify(request, _("The tag model is here. Its version waits to be published."))
            return redirect("training-model", version.model_id)
    return render(request, "web/training/import.html", {"form": form})
