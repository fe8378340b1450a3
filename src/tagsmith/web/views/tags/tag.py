"""One tag: its words, its place, what refers to it; changing it, and deleting it."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tagsmith.accounts.models import Role
from tagsmith.audit.services import Actor
from tagsmith.errors import BadInputError, NotFoundError
from tagsmith.taxonomy.advice.hints import hints_on
from tagsmith.taxonomy.browsing import branches_below
from tagsmith.taxonomy.meaning import tag_meant
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.references import Reference
from tagsmith.taxonomy.selectors import deletions, live_tags, references, subtree, title
from tagsmith.taxonomy.services import words
from tagsmith.taxonomy.services.blocking import block, unblock
from tagsmith.taxonomy.services.delete import delete as delete_tag
from tagsmith.taxonomy.services.delete import undo_delete
from tagsmith.taxonomy.services.merge import merge
from tagsmith.taxonomy.services.move import move, undo_move
from tagsmith.web.notices import notify
from tagsmith.web.requests import actor_of, scope_for
from tagsmith.web.roles import View, only
from tagsmith.web.titles import in_order

Change = Callable[[Actor, Tag, QueryDict], Tag]
Move = Callable[[Actor, Tag, QueryDict, UUID], Tag]


def tag_of(tag_id: int) -> Tag:
    """Return a tag that is not deleted, also what it was merged into; raises NotFoundError."""
    tag = Tag.objects.select_related("merged_into").filter(pk=tag_id).first()
    found = tag and live_tags().filter(pk=(tag.merged_into or tag).pk).first()
    if not found:
        raise NotFoundError(f"no tag {tag_id}")
    return found


@only(Role.VIEWER)
@require_safe
def tag(request: HttpRequest, tag_id: int) -> HttpResponse:
    """Show a tag."""
    shown, language = tag_of(tag_id), get_language() or "en"
    labels = list(shown.labels.order_by("language", "text"))
    context = {
        "tag": shown,
        "title": title(shown, language),
        "above": shown.parent,
        "titles": [label for label in labels if label.is_title],
        "synonyms": [label for label in labels if not label.is_title],
        "branches": in_order(branches_below(shown, language), lambda one: one.title),
        "references": _references(request, shown),
        "hints": [] if shown.blocked else hints_on(title(shown, language), language, shown.pk),
    }
    return render(request, "web/tags/tag.html", context)


@only(Role.TRAINER)
@require_POST
def change(request: HttpRequest, tag_id: int) -> HttpResponse:
    """Change one thing about a tag."""
    what, changed, undo = request.POST.get("what", ""), tag_of(tag_id), ""
    if what in MOVES:
        unit, before = uuid4(), changed.key
        changed = MOVES[what](actor_of(request), changed, request.POST, unit)
        undo = reverse("tags-undo-move", args=(unit,)) if changed.key != before else ""
    elif what in CHANGES:
        changed = CHANGES[what](actor_of(request), changed, request.POST)
    else:
        raise BadInputError(_("say what to change"))
    notify(request, _("Saved."), undo=undo)
    return redirect("tags-tag", changed.pk)


@only(Role.TRAINER)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, tag_id: int) -> HttpResponse:
    """Say what deleting a tag takes along, and delete it."""
    shown = tag_of(tag_id)
    if request.method == "POST":
        deleted = delete_tag(actor_of(request), shown)
        said = ngettext("%(count)s tag is deleted.", "%(count)s tags are deleted.", deleted.count)
        notify(request, said % {"count": deleted.count}, undo=reverse("tags-restore", args=(deleted.id,)))
        return redirect("tags")
    context = {"tag": shown, "below": subtree(shown).count() - 1, "references": _references(request, shown)}
    return render(request, "web/tags/delete.html", context)


@only(Role.TRAINER)
@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    """Show what was deleted and can come back."""
    return render(request, "web/tags/deleted.html", {"deletions": deletions()})


def _bringing_back(undo: Callable[[Actor, UUID], Tag]) -> View[[UUID]]:
    """Make a view of what takes a unit back: it leads to the tag that is back."""

    @only(Role.TRAINER)
    @require_POST
    def view(request: HttpRequest, unit: UUID) -> HttpResponse:
        back = undo(actor_of(request), unit)
        notify(request, _("%(tag)s is back.") % {"tag": back.key})
        return redirect("tags-tag", back.pk)

    return view


put_back, restore = _bringing_back(undo_move), _bringing_back(undo_delete)


def _references(request: HttpRequest, tag: Tag) -> list[Reference]:
    """Return what refers to a tag: by name only for who sees everything, as names are of assets, too."""
    return references(tag, 5 if scope_for(request).paths is None else 0)


def _move(actor: Actor, tag: Tag, sent: QueryDict, unit: UUID) -> Tag:
    above = sent.get("tag", "").strip()
    return move(actor, tag, above if above.endswith(":") else tag_meant(above).key, unit=unit)


def _rename(actor: Actor, tag: Tag, sent: QueryDict, unit: UUID) -> Tag:
    place = tag.parent.key if tag.parent else f"{tag.namespace}:"
    return move(actor, tag, place, sent.get("name", ""), unit)


def _title(actor: Actor, tag: Tag, sent: QueryDict) -> Tag:
    return words.set_title(actor, tag, sent.get("text", ""), sent.get("language", ""))


def _no_title(actor: Actor, tag: Tag, sent: QueryDict) -> Tag:
    return words.remove_title(actor, tag, sent.get("language", ""))


def _synonym(actor: Actor, tag: Tag, sent: QueryDict) -> Tag:
    return words.add_synonym(actor, tag, sent.get("text", ""), sent.get("language", ""))


def _no_synonym(actor: Actor, tag: Tag, sent: QueryDict) -> Tag:
    return words.remove_synonym(actor, tag, sent.get("text", ""), sent.get("language", ""))


def _description(actor: Actor, tag: Tag, sent: QueryDict) -> Tag:
    return words.set_description(actor, tag, sent.get("description", ""))


def _merge(actor: Actor, tag: Tag, sent: QueryDict) -> Tag:
    return merge(actor, tag, tag_meant(sent.get("tag", "")))


def _block(actor: Actor, tag: Tag, _sent: QueryDict) -> Tag:
    block(actor, [tag])
    return tag


def _unblock(actor: Actor, tag: Tag, _sent: QueryDict) -> Tag:
    unblock(actor, [tag])
    return tag


MOVES: dict[str, Move] = {"rename": _rename, "move": _move}
CHANGES: dict[str, Change] = {
    "block": _block,
    "unblock": _unblock,
    "merge": _merge,
    "title": _title,
    "no-title": _no_title,
    "synonym": _synonym,
    "no-synonym": _no_synonym,
    "description": _description,
}
