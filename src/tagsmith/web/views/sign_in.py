"""Signing in and out."""

import logging

from django import forms
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tagsmith.accounts.models import Person
from tagsmith.accounts.openid.provider import client, provider
from tagsmith.accounts.sign_in import authenticate
from tagsmith.errors import ProviderError, SignInError
from tagsmith.web.begun import ID_TOKEN, origin_of
from tagsmith.web.requests import address_of

log = logging.getLogger(__name__)


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
    goal = goal_of(request)
    if request.user.is_authenticated:
        return redirect(goal)
    form, status = SignInForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            person = authenticate(form.cleaned_data["username"], form.cleaned_data["password"], address_of(request))
        except SignInError as error:
            form.add_error(None, explained(error))
            status = 429 if error.wait else 403
        else:
            login(request, person)
            return redirect(goal)
    return show_sign_in(request, form, goal=goal, status=status)


def show_sign_in(
    request: HttpRequest,
    form: SignInForm | None = None,
    *,
    goal: str,
    problem: str | Promise = "",
    status: int = 200,
) -> HttpResponse:
    """Show the ways to sign in, and what went wrong."""
    form = form or SignInForm()
    if provider():
        del form.fields["username"].widget.attrs["autofocus"]  # the provider comes first
    context = {
        "form": form,
        "goal": goal,
        "problem": problem,
        "provider": provider(),
        "nobody": not Person.objects.exists(),
    }
    return render(request, "web/sign_in.html", context, status=status)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; at the provider too, if it is so set and the provider has a place for it."""
    id_token = request.session.get(ID_TOKEN, "")
    logout(request)
    leave = _way_out(request, id_token)
    return render(request, "web/signed_out.html", {"leave": leave}) if leave else redirect("sign-in")


def _way_out(request: HttpRequest, id_token: str) -> str:
    """Return where to sign out at the provider; empty if there is nothing to do, or nobody answers."""
    known = provider()
    if not (known and known.signs_out and id_token):
        return ""
    try:
        return client().leave(id_token, origin_of(request) + reverse("sign-in"))
    except ProviderError as error:
        log.warning("signing out at the provider: %.500r", str(error))
        return ""


def goal_of(request: HttpRequest) -> str:
    """Return where to go next: only to a page of ours."""
    goal = request.POST.get("next", request.GET.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure())
    return goal if is_ours else "/"


def explained(error: SignInError) -> str:
    """Return why somebody did not get in."""
    if error.wait:
        return _("Too many attempts. Try again in %(seconds)s seconds.") % {"seconds": error.wait}
    return str(_("This name and this password do not go together."))
