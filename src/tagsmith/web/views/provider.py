"""Signing in by a provider of OpenID Connect: going there, and coming back."""

import logging

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tagsmith.accounts.openid.proof import Proof
from tagsmith.accounts.openid.provider import client
from tagsmith.errors import ProviderError, RefusedError, SignInError, UntrustedError
from tagsmith.operations.admission import admission, admit
from tagsmith.web.begun import ID_TOKEN, Waiting, keep, origin_of, take
from tagsmith.web.requests import address_of
from tagsmith.web.views.sign_in import explained, goal_of, show_sign_in

CANCELLED = {"access_denied", "consent_required", "interaction_required", "login_required"}
log = logging.getLogger(__name__)

DOWN = _("The sign-in provider does not answer as it should. Sign in with a password, or try again later.")
UNTRUSTED = _("What the sign-in provider answered cannot be trusted. Ask an administrator to look into the log.")
ELSEWHERE = _("This sign-in was begun elsewhere, or it took too long. Try again.")
NOT_DONE = _("You were not signed in: it was cancelled, or the sign-in provider does not allow it.")


@login_not_required
@require_GET
def go(request: HttpRequest) -> HttpResponse:
    """Send somebody to the provider. A link, not a form: a provider may send them on to anywhere before it asks."""
    goal, provider = goal_of(request), client()
    if request.user.is_authenticated:
        return redirect(goal)
    try:
        begun = provider.begin(origin_of(request) + reverse("sign-in-back"))
    except ProviderError as error:
        return _problem(request, DOWN, 503, goal, error)
    keep(request, begun, goal)
    return redirect(begun.url)


@login_not_required
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Take back somebody whom the provider has signed in, and go on to where they wanted to go."""
    provider, waiting = client(), take(request)
    if waiting is None:
        return _problem(request, ELSEWHERE, 400)
    if wrong := request.GET.get("error"):
        is_cancelled = wrong in CANCELLED
        return _problem(request, NOT_DONE if is_cancelled else DOWN, 403 if is_cancelled else 503, waiting.goal, wrong)
    try:
        proof = provider.finish(waiting.begun, request.GET.get("code", ""), admission().wanted)
        return _signed_in(request, proof, waiting)
    except UntrustedError as error:
        return _problem(request, UNTRUSTED, 403, waiting.goal, error)
    except ProviderError as error:
        return _problem(request, DOWN, 503, waiting.goal, error)


def _signed_in(request: HttpRequest, proof: Proof, waiting: Waiting) -> HttpResponse:
    try:
        person = admit(proof, address_of(request))
    except RefusedError as error:
        text = _("%(name)s may not sign in here. Ask an administrator.") % {"name": error.who}
        return _problem(request, text, 403, waiting.goal, error)
    except SignInError as error:
        return _problem(request, explained(error), 429, waiting.goal)
    login(request, person)
    if client().provider.signs_out:
        request.session[ID_TOKEN] = proof.id_token
    return redirect(waiting.goal)


def _problem(
    request: HttpRequest, text: str | Promise, status: int, goal: str = "/", reason: object = None
) -> HttpResponse:
    """Show the sign-in page with what went wrong; the reason is for those who read the log."""
    if reason is not None:
        log.warning("signing in by the provider: %.500r", str(reason))
    return show_sign_in(request, goal=goal, problem=text, status=status)
