"""What surrounds every page: the way to the others, and notices of what has just happened."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tagsmith.accounts.models import Role
from tagsmith.web.notices import taken
from tagsmith.web.requests import person_of


@dataclass(frozen=True)
class Section:
    """A part of the application: its address's name, its icon, who sees it, and which pages lie in it."""

    name: str
    title: Promise
    icon: str
    role: Role = Role.VIEWER


SECTIONS = (
    Section("home", _("Home"), "house"),
    Section("library", _("Library"), "images"),
    Section("collections", _("Collections"), "library-big"),
    Section("tags", _("Tags"), "tags"),
    Section("training", _("Smart Tag Training"), "graduation-cap"),
    Section("workflows", _("Workflows"), "workflow"),
    Section("review", _("Review queue"), "list-checks", Role.EDITOR),
    Section("reports", _("Reports"), "file-chart-column"),
    Section("people", _("People"), "users", Role.ADMINISTRATOR),
    Section("changes", _("Changes"), "history", Role.ADMINISTRATOR),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what the base template shows: a context processor. Asks the database nothing of its own."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"languages": settings.LANGUAGES}
    person, match = person_of(request), request.resolver_match
    return {
        "sections": [section for section in SECTIONS if person.may(section.role)],
        "section": _section(match.url_name if match else None),
        "may": {str(role): person.may(role) for role in Role},
        "languages": settings.LANGUAGES,
        "notices": lambda: taken(request),  # by the template that shows them, else they wait
    }


def _section(name: str | None) -> str:
    """Return the section that a page lies in, by the first word of its address's name; assets lie in the library."""
    first = (name or "").split("-")[0]
    return "library" if first == "asset" else first
