"""Why an asset has a tag: the nearest teaching examples, and where in the image it is seen."""

import io
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.errors import EncoderError, NotFoundError
from tagsmith.tagging.explaining import Verdict, explain, heat
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.selectors import live_tags
from tagsmith.web.requests import is_partial, scope_for
from tagsmith.web.roles import only
from tagsmith.web.titles import called

QUALITY = 82


@dataclass(frozen=True)
class Shown:
    """A verdict with its shares in per cent."""

    verdict: Verdict

    @property
    def per_cent(self) -> float:
        """The confidence."""
        return 100 * self.verdict.confidence

    @property
    def from_per_cent(self) -> float | None:
        """From where the tag applies; None for never."""
        return None if self.verdict.threshold is None else 100 * self.verdict.threshold


@only(Role.VIEWER)
@require_safe
def why(request: HttpRequest, asset_id: int, tag_id: int) -> HttpResponse:
    """Show why, as a page or, for htmx, as a part of one."""
    found = explain(scope_for(request), asset_id, _tag(tag_id))
    verdicts = [Shown(one) for one in (found.verdict, found.rival)]
    template = "web/training/why_part.html" if is_partial(request) else "web/training/why.html"
    titles = called(one.verdict.tag for one in verdicts)
    return render(request, template, {"why": found, "asset": found.asset, "verdicts": verdicts, "titles": titles})


@only(Role.VIEWER)
@require_safe
def heat_map(request: HttpRequest, asset_id: int, tag_id: int) -> HttpResponse:
    """Send the image, lit where it speaks for the tag."""
    try:
        picture = heat(scope_for(request), asset_id, _tag(tag_id)).overlay()
    except EncoderError as error:
        raise NotFoundError(str(error)) from error
    content = io.BytesIO()
    picture.convert("RGB").save(content, "WEBP", quality=QUALITY)
    return HttpResponse(content.getvalue(), content_type="image/webp")


def _tag(tag_id: int) -> Tag:
    tag = live_tags().filter(pk=tag_id).first()
    if tag is None:
        raise NotFoundError(f"no tag {tag_id}")
    return tag
