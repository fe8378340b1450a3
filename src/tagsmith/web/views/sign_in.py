"""Signing in and out."""

from django import forms
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tagsmith.accounts.models import Person
from tagsmith.accounts.sign_in import authenticate
from tagsmith.errors import SignInError
from tagsmith.web.requests import address_of


class SignInForm(forms.Form):
    """Who wants to sign in."""

    username = forms.CharField(
        label=_("User name"), max_length=150, widget=forms.TextInput({"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput({"autocomplete": "current-password"}), strip=False
    )


@sensitive_post_parameters("password")
@login_not_required
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password, and go on to where the person wanted to go."""
    goal = _goal(request)
    if request.user.is_authenticated:
        return redirect(goal)
    form, status = SignInForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            person = authenticate(form.cleaned_data["username"], form.cleaned_data["password"], address_of(request))
        except SignInError as error:
            form.add_error(None, _explained(error))
            status = 429 if error.wait else 403
        else:
            login(request, person)
            return redirect(goal)
    context = {"form": form, "goal": goal, "nobody": not Person.objects.exists()}
    return render(request, "web/sign_in.html", context, status=status)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign-in")


def _goal(request: HttpRequest) -> str:
    """Return where to go next: only to a page of ours."""
    goal = request.POST.get("next", request.GET.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure())
    return goal if is_ours else "/"


def _explained(error: SignInError) -> str:
    if error.wait:
        return _("Too many attempts. Try again in %(seconds)s seconds.") % {"seconds": error.wait}
    return str(_("This name and this password do not go together."))
