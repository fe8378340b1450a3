"""What is being done in the background for whoever is signed in: beginning it, and how far it is in words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tagsmith.bulk import services
from tagsmith.bulk.jobs import enqueue_act
from tagsmith.bulk.models import Act, Kind
from tagsmith.web import said
from tagsmith.web.phrases import phrase
from tagsmith.web.requests import person_of, scope_for
from tagsmith.web.selected import back_to

_TAKEN_BACK = gettext_lazy("Changes are being taken back")
_DOING: dict[Kind, Promise] = {
    Kind.TAG: gettext_lazy("Tags are being changed"),
    Kind.MOVE: gettext_lazy("Assets are being moved"),
    Kind.TRASH: gettext_lazy("Assets are being put in the trash"),
    Kind.EDIT: gettext_lazy("Metadata is being changed"),
}
_DONE: dict[Kind, Callable[[Act], str]] = {
    Kind.TAG: lambda act: said.tagged(act.details["key"], act.changed),
    Kind.MOVE: lambda act: said.moved(act.changed),
    Kind.TRASH: lambda act: said.trashed(act.changed),
    Kind.EDIT: lambda act: said.edited(act.changed),
    Kind.UNDO_TAG: lambda act: said.untagged(act.changed),
    Kind.UNDO_MOVE: lambda act: said.moved_back(act.changed, act.done - act.changed),
    Kind.UNDO_TRASH: lambda act: said.restored() if act.changed else said.moved_back(0, 0),
    Kind.UNDO_EDIT: lambda act: said.edits_undone(act.changed, act.left),
}
_UNDO = {
    Kind.TAG: ("library-undo", Kind.UNDO_TAG),
    Kind.MOVE: ("library-undo-move", Kind.UNDO_MOVE),
    Kind.TRASH: ("library-restore", Kind.UNDO_TRASH),
    Kind.EDIT: ("library-undo-edit", Kind.UNDO_EDIT),
}


@dataclass(frozen=True)
class Doing:
    """Something that is done in the background: what, how far it is, why it ended early, where it is taken back."""

    words: str
    done: int
    total: int
    is_under_way: bool
    failure: str = ""
    undo: str = ""


def shown_doing(doing: list[Doing], address: str) -> dict[str, Any]:
    """Return what the part of a page that shows it needs; it is asked for again at an address while more is to come."""
    return {"doing": doing, "is_doing": any(one.is_under_way for one in doing), "doing_at": address}


def acts_of(request: HttpRequest) -> dict[str, Any]:
    """Return what is being done to many assets for whoever is signed in, and what was not long ago."""
    recent = list(services.recent(person_of(request)))
    undone = {(one.unit, one.kind) for one in recent}
    return shown_doing([_doing(one, undone) for one in recent], reverse("library-progress"))


@transaction.atomic
def in_background(request: HttpRequest, kind: Kind, assets: list[int], **details: Any) -> HttpResponse:
    """Have an act on many assets done, and lead to where its progress is shown."""
    return _begun(request, services.begin(scope_for(request), person_of(request), kind, assets, **details))


@transaction.atomic
def undone_in_background(request: HttpRequest, kind: Kind, unit: UUID) -> HttpResponse | None:
    """Have a unit taken back that touched many assets; of few, return None. Raises ConflictError if it was before."""
    act = services.begin_undo(scope_for(request), person_of(request), kind, unit)
    return _begun(request, act) if act else None


def _begun(request: HttpRequest, act: Act) -> HttpResponse:
    enqueue_act(act)
    return redirect(f"{reverse('library-progress')}?{urlencode({'next': back_to(request)})}")


def _doing(act: Act, undone: set[tuple[UUID, str]]) -> Doing:
    kind, is_under_way = Kind(act.kind), act.ended is None
    address, undoing = _UNDO.get(kind, ("", kind))
    can_undo = address and act.ended and act.changed and (act.unit, undoing) not in undone
    return Doing(
        words=str(_DOING.get(kind, _TAKEN_BACK)) if is_under_way else _DONE[kind](act),
        done=act.done,
        total=act.total,
        is_under_way=is_under_way,
        failure=phrase(act.failure),
        undo=reverse(address, args=(act.unit,)) if can_undo else "",
    )
