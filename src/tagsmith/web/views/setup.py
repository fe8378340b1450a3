"""The page that makes the first administrator."""

from django import forms
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tagsmith.errors import BadInputError
from tagsmith.web.phrases import phrase
from tagsmith.web.setup import check_setup, make_first_person


class SetupForm(forms.Form):
    """Who the first administrator is."""

    username = forms.CharField(
        label=_("User name"), max_length=150, widget=forms.TextInput({"autocomplete": "username"})
    )
    name = forms.CharField(label=_("Your name"), max_length=200, required=False, help_text=_("What others see."))
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput({"autocomplete": "new-password"}), strip=False
    )
    again = forms.CharField(
        label=_("Password again"), widget=forms.PasswordInput({"autocomplete": "new-password"}), strip=False
    )

    def clean(self) -> None:
        """Check that both passwords are the same."""
        super().clean()
        if self.cleaned_data.get("password") != self.cleaned_data.get("again"):
            self.add_error("again", _("The two passwords are not the same."))


@sensitive_post_parameters("password", "again")
@login_not_required
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the first administrator, make them, and sign them in."""
    check_setup(token)
    form = SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            person = make_first_person(wanted["username"], wanted["password"], wanted["name"])
        except BadInputError as error:
            form.add_error(None, phrase(error))
        else:
            login(request, person)
            return redirect("home")
    return render(request, "web/setup.html", {"form": form})
