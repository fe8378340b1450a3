"""Who may use the library: adding people, their roles, their passwords, and the folders they may see."""

from typing import Any

from django import forms
from django.contrib.auth import update_session_auth_hash
from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tagsmith.accounts.models import Identity, Role
from tagsmith.accounts.openid.provider import provider
from tagsmith.accounts.selectors import get_person, people
from tagsmith.assets.models import Folder
from tagsmith.assets.scope import EVERYTHING
from tagsmith.assets.selectors.folders import find_folder
from tagsmith.assets.services.folders import grant, revoke, revoke_lost
from tagsmith.errors import BadInputError, ConflictError, NotFoundError
from tagsmith.operations import people as service
from tagsmith.operations.admission import admission
from tagsmith.web.notices import notify
from tagsmith.web.phrases import phrase
from tagsmith.web.requests import actor_of
from tagsmith.web.roles import only

ROLES = (
    (Role.VIEWER, gettext_lazy("Viewer: looks and searches")),
    (Role.EDITOR, gettext_lazy("Editor: also changes metadata and tags, and reviews")),
    (Role.TRAINER, gettext_lazy("Trainer: also teaches tag models")),
    (Role.ADMINISTRATOR, gettext_lazy("Administrator: does everything")),
)


def _password() -> forms.CharField:
    widget = forms.PasswordInput({"autocomplete": "new-password"})
    return forms.CharField(label=gettext_lazy("Password"), widget=widget, strip=False)


class NewPerson(forms.Form):
    """Somebody to add."""

    username = forms.CharField(
        label=gettext_lazy("User name"), max_length=150, widget=forms.TextInput({"autocomplete": "off"})
    )
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=200, required=False, help_text=gettext_lazy("What others see.")
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLES)
    password = _password()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if provider():
            self.fields["password"].required = False
            self.fields["password"].help_text = _("Empty for somebody who signs in by the sign-in provider alone.")


class RoleForm(forms.Form):
    """What somebody may do."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLES)


class PasswordForm(forms.Form):
    """A new password for somebody."""

    password = _password()


class FolderForm(forms.Form):
    """A folder that somebody may see."""

    path = forms.CharField(
        label=gettext_lazy("Folder"),
        help_text=gettext_lazy("Its path, such as Products/Shoes. All below it is included."),
    )


@sensitive_post_parameters("password")
@only(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def people_list(request: HttpRequest) -> HttpResponse:
    """Show everybody, and add somebody."""
    form = NewPerson(request.POST or None, initial={"role": Role.VIEWER})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            person = service.add_person(
                actor_of(request), wanted["username"], wanted["password"] or None, Role(wanted["role"]), wanted["name"]
            )
        except (BadInputError, ConflictError) as error:
            form.add_error(None, phrase(error))
        else:
            notify(request, _("%(name)s can sign in now.") % {"name": person.username})
            return redirect("people")
    rows = people().annotate(
        folders=Count("grants__folder"),
        limits=Count("grants"),
        is_bound=Exists(Identity.objects.filter(person=OuterRef("pk"))),
    )
    context = {"people": rows, "form": form}
    return render(request, "web/people/list.html", context)


@sensitive_post_parameters("password")
@only(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show somebody, and change one thing about them: `change` names the form that was sent."""
    shown = get_person(person_id)
    change = request.POST.get("change", "")
    bound = {
        kind: form(request.POST if change == kind else None, initial={"role": shown.role}, auto_id=f"{kind}_%s")
        for kind, form in _FORMS.items()
    }
    if change in bound and bound[change].is_valid():
        try:
            _CHANGES[change](request, person_id, bound[change].cleaned_data)
        except (BadInputError, ConflictError, NotFoundError) as error:
            bound[change].add_error(None, phrase(error))
        else:
            return redirect("people-person", person_id)
    context = {
        "person": shown,
        "provider": provider(),
        "identities": shown.identities.order_by("bound"),
        "groups_decide": provider() and admission().role_claim,
        "grants": shown.grants.select_related("folder").order_by("folder__path"),
        "forms": bound,
    }
    return render(request, "web/people/person.html", context)


@only(Role.ADMINISTRATOR)
@require_POST
def switch(request: HttpRequest, person_id: int) -> HttpResponse:
    """Let somebody sign in, or not any more."""
    shown = get_person(person_id)
    if shown.is_active:
        service.deactivate(actor_of(request), shown)
        notify(request, _("%(name)s cannot sign in any more.") % {"name": shown.username})
    else:
        service.activate(actor_of(request), shown)
        notify(request, _("%(name)s can sign in again.") % {"name": shown.username})
    return redirect("people-person", person_id)


@only(Role.ADMINISTRATOR)
@require_POST
def revoke_folder(request: HttpRequest, person_id: int, grant_id: int) -> HttpResponse:
    """Take a folder back from what somebody may see."""
    shown = get_person(person_id)
    folder = Folder.objects.filter(grants=grant_id, grants__person=shown).first()
    if folder is not None:
        revoke(actor_of(request), folder, shown)
    else:  # the folder is gone for good
        revoke_lost(actor_of(request), shown, grant_id)
    notify(request, _("Taken back."))
    return redirect("people-person", person_id)


@only(Role.ADMINISTRATOR)
@require_POST
def unbind(request: HttpRequest, person_id: int, identity_id: int) -> HttpResponse:
    """Free somebody from whom the sign-in provider means by a subject."""
    service.unbind(actor_of(request), get_person(person_id), identity_id)
    notify(request, _("Unbound, and signed out. Whoever next comes from the provider under this name is bound."))
    return redirect("people-person", person_id)


def _set_role(request: HttpRequest, person_id: int, wanted: dict[str, str]) -> None:
    service.set_role(actor_of(request), get_person(person_id), Role(wanted["role"]))
    notify(request, _("The role was changed."))


def _set_password(request: HttpRequest, person_id: int, wanted: dict[str, str]) -> None:
    person = get_person(person_id)
    service.set_password(actor_of(request), person, wanted["password"])
    if person == request.user:
        update_session_auth_hash(request, person)  # whoever changes their own stays signed in
    notify(request, _("The password was changed, and their other sessions were ended."))


def _grant(request: HttpRequest, person_id: int, wanted: dict[str, str]) -> None:
    folder = find_folder(EVERYTHING, wanted["path"].strip("/"))
    grant(actor_of(request), folder, get_person(person_id))
    notify(request, _("They see %(path)s now, and no longer everything.") % {"path": folder.path})


_FORMS = {"role": RoleForm, "password": PasswordForm, "folder": FolderForm}
_CHANGES = {"role": _set_role, "password": _set_password, "folder": _grant}
