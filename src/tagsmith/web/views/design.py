"""Every part that pages are made of, on one page, for whoever changes how they look."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.web.roles import only


class Fields(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label=_("Text"), help_text=_("What it is for."))
    kind = forms.ChoiceField(label=_("Choice"), choices=(("a", _("One")), ("b", _("Other"))))
    text = forms.CharField(label=_("Long text"), widget=forms.Textarea, required=False)
    switch = forms.BooleanField(label=_("Yes or no"), required=False)


@only(Role.ADMINISTRATOR)
@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Show the parts."""
    return render(request, "web/design.html", {"form": Fields({})})
