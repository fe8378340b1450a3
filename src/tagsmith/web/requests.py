"""What views ask of a request."""

from typing import cast

from django.http import HttpRequest

from tagsmith.accounts.models import Person
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.folders import scope_of
from tagsmith.audit.services import Actor


def person_of(request: HttpRequest) -> Person:
    """Return who is signed in; every view has somebody unless it is marked otherwise."""
    return cast("Person", request.user)


def actor_of(request: HttpRequest) -> Actor:
    """Return whoever is signed in as the one who changes something."""
    return Actor(person_of(request))


def scope_for(request: HttpRequest) -> Scope:
    """Return what whoever is signed in may see."""
    return scope_of(person_of(request))


def address_of(request: HttpRequest) -> str:
    """Return the address that the request came from: behind a proxy, the proxy's."""
    return str(request.META.get("REMOTE_ADDR", ""))


def is_partial(request: HttpRequest) -> bool:
    """Whether a part of a page is asked for, by htmx, and not a page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
