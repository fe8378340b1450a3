"""The tags of one asset: what is chosen is applied when it is saved, and not before."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tagsmith.accounts.models import Role
from tagsmith.assets.models import Asset
from tagsmith.assets.selectors.assets import get_asset
from tagsmith.curation.models import Rejection
from tagsmith.errors import BadInputError, ConflictError
from tagsmith.tagging.moderation import save
from tagsmith.taxonomy.meaning import tag_meant
from tagsmith.taxonomy.models import Tag
from tagsmith.web.notices import notify
from tagsmith.web.phrases import phrase
from tagsmith.web.requests import actor_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import numbers
from tagsmith.web.shown_tags import tags_of
from tagsmith.web.titles import called, in_order
from tagsmith.web.views.assets import way_of


@only(Role.EDITOR)
@require_http_methods(["GET", "POST"])
def manage_tags(request: HttpRequest, asset_id: int) -> HttpResponse:
    """Show an asset's tags of both kinds, and save what somebody chose to do with them."""
    asset = get_asset(scope_for(request), asset_id)
    problem = ""
    if request.method == "POST":
        try:
            return _saved(request, asset)
        except (BadInputError, ConflictError) as error:
            problem = phrase(error)
    rejections = list(Rejection.objects.filter(asset=asset).select_related("tag"))
    titles = called(rejection.tag for rejection in rejections)
    context = {
        **way_of(scope_for(request), asset),
        "tags": tags_of(asset, get_language() or "en"),
        "rejections": in_order(rejections, lambda one: titles[one.tag_id]),
        "titles": titles,
        "problem": problem,
        "chosen": {
            "promote": request.POST.getlist("promote"),
            "remove": request.POST.getlist("remove"),
            "allow": request.POST.getlist("allow"),
            "add": request.POST.getlist("add"),
        },
    }
    return render(request, "web/asset/manage_tags.html", context)


def _saved(request: HttpRequest, asset: Asset) -> HttpResponse:
    unit = save(
        scope_for(request),
        actor_of(request),
        asset.pk,
        promoted=_tags(request.POST.getlist("promote")),
        removed=_tags(request.POST.getlist("remove")),
        added=[tag_meant(word) for word in request.POST.getlist("add") if word.strip()],
        allowed=_tags(request.POST.getlist("allow")),
    )
    said = _("The tags of %(name)s are saved.") % {"name": asset.title or asset.name}
    notify(request, said, undo=reverse("library-undo", args=(unit,)))
    return redirect("library-manage-tags", asset.pk)


def _tags(words: Iterable[str]) -> list[Tag]:
    return list(Tag.objects.filter(pk__in=numbers(list(words))).order_by("key"))
