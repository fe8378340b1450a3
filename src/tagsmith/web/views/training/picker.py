"""Picking examples of a tag: by searching, by browsing folders, or from what carries the tag already."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.models import Asset, Folder, State
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import Page, by_name_in, newest
from tagsmith.assets.selectors.folders import children, get_folder
from tagsmith.search.selectors import search
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.selectors import title
from tagsmith.taxonomy.suggesting import titles_of
from tagsmith.training.models import TagModel
from tagsmith.training.picking import set_on, taught_by
from tagsmith.training.selectors import example_counts, find_model
from tagsmith.web.requests import is_partial, scope_for
from tagsmith.web.roles import only
from tagsmith.web.views.library import folders_above
from tagsmith.web.views.training.frame import frame, taught_tag

SIZE = 48


@dataclass(frozen=True)
class Choice:
    """An asset in the picker, and why it cannot be picked: it is an example already, teaches another tag, or failed."""

    asset: Asset
    is_example: bool
    teaches: str

    @property
    def can(self) -> bool:
        """Whether it can be picked."""
        return not self.is_example and not self.teaches and self.asset.state != State.FAILED


@only(Role.TRAINER)
@require_safe
def pick(request: HttpRequest, model_id: int, tag_id: int) -> HttpResponse:
    """Show assets to pick; the found ones alone are fetched anew while looking around."""
    model, scope, language = find_model(model_id), scope_for(request), get_language() or "en"
    tag = taught_tag(model, tag_id)
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "folder", "from")}
    folder = get_folder(scope, int(asked["folder"])) if asked["folder"].isdecimal() else None
    page = _found(scope, tag, folder, asked, request.GET.get("after", ""))
    context: dict[str, Any] = {
        "model": model,
        "tag": tag,
        "title": title(tag, language),
        "choices": _choices(model, tag, page.assets, language),
        "next": page.after,
        "kept": urlencode({name: value for name, value in asked.items() if value}),
        "words": asked["q"],
        "is_tagged": asked["from"] == "tagged",
        "folder": folder,
        "way": folders_above(scope, folder) if folder else [],
        "folders": [] if asked["q"] or asked["from"] else children(scope, folder.pk if folder else None),
    }
    if is_partial(request):
        return render(request, "web/training/found.html", context)
    count = example_counts(model)[tag.key]
    return render(request, "web/training/pick.html", {**frame(model, "training-examples"), **context, "count": count})


def _found(scope: Scope, tag: Tag, folder: Folder | None, asked: dict[str, str], after: str) -> Page:
    if asked["q"]:
        found = search(scope, asked["q"], after=after, size=SIZE)
        return Page([hit.asset for hit in found.hits], found.after)
    if asked["from"] == "tagged":
        return set_on(scope, tag, after=after, size=SIZE)
    if folder:
        return by_name_in(scope, folder, after=after, size=SIZE)
    return newest(scope, after=after, size=SIZE)


def _choices(model: TagModel, tag: Tag, assets: list[Asset], language: str) -> list[Choice]:
    taught = taught_by(model, assets)
    titles = titles_of((one.pk for tags in taught.values() for one in tags), language)
    choices = []
    for asset in assets:
        others = [titles.get(one.pk, one.name) for one in taught.get(asset.pk, []) if one != tag]
        is_example = tag in taught.get(asset.pk, [])
        choices.append(Choice(asset, is_example, ", ".join(others) if model.exclusive else ""))
    return choices
