"""Which assets teach which tag of a tag model: adding, removing and moving examples."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tagsmith.accounts.models import Role
from tagsmith.assets.models import Asset
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.selectors import title
from tagsmith.training import services
from tagsmith.training.drafting import move_examples
from tagsmith.training.models import TagModel
from tagsmith.training.selectors import find_model
from tagsmith.web.notices import notify
from tagsmith.web.requests import actor_of, scope_for
from tagsmith.web.roles import View, only
from tagsmith.web.views.training.frame import taught_tag

MOST = 500  # assets that one request names

Said = dict[str, Any]  # of a notice
Act = Callable[[HttpRequest, TagModel, Tag, list[Asset]], Said]


def _to_examples(act: Act) -> View[[int, int]]:
    """Make an act on the named assets of a tag a view: it says what was done, and leads back to the tag's examples."""

    @only(Role.TRAINER)
    @require_POST
    def view(request: HttpRequest, model_id: int, tag_id: int) -> HttpResponse:
        model = find_model(model_id)
        tag, assets = taught_tag(model, tag_id), _named_assets(request)
        notify(request, **(act(request, model, tag, assets) if assets else {"text": _("Nothing was selected.")}))
        return redirect(f"{reverse('training-examples', args=(model.pk,))}?open={tag.pk}")

    return view


@_to_examples
def add(request: HttpRequest, model: TagModel, tag: Tag, assets: list[Asset]) -> Said:
    """Let assets teach a tag; they come with the form, or with the address where it takes a removal back."""
    count = services.add_examples(actor_of(request), model, tag, assets)
    text = ngettext("%(count)d example added to %(tag)s.", "%(count)d examples added to %(tag)s.", count)
    return {"text": text % {"count": count, "tag": _shown(tag)}}


@_to_examples
def remove(request: HttpRequest, model: TagModel, tag: Tag, assets: list[Asset]) -> Said:
    """Let assets no longer teach a tag."""
    count = services.remove_examples(actor_of(request), model, tag, assets)
    again = urlencode({"assets": [asset.pk for asset in assets]}, doseq=True)
    text = ngettext("%(count)d example removed from %(tag)s.", "%(count)d examples removed from %(tag)s.", count)
    undo = f"{reverse('training-add', args=(model.pk, tag.pk))}?{again}"
    return {"text": text % {"count": count, "tag": _shown(tag)}, "undo": undo}


@_to_examples
def move(request: HttpRequest, model: TagModel, tag: Tag, assets: list[Asset]) -> Said:
    """Let examples of a tag teach the one that `to` names instead."""
    wanted = request.POST.get("to", "")
    target = taught_tag(model, int(wanted) if wanted.isdecimal() else 0)
    count = move_examples(actor_of(request), model, tag, target, assets)
    text = ngettext("%(count)d example moved to %(tag)s.", "%(count)d examples moved to %(tag)s.", count)
    return {"text": text % {"count": count, "tag": _shown(target)}}


def _shown(tag: Tag) -> str:
    return title(tag, get_language() or "en")


def _named_assets(request: HttpRequest) -> list[Asset]:
    ids = request.POST.getlist("assets") or request.GET.getlist("assets")
    wanted = list(dict.fromkeys(int(one) for one in ids if one.isdecimal()))[:MOST]
    found = live_assets(scope_for(request)).select_related("folder").in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]
