"""Tag models as files."""

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.training.selectors import find_model, find_version
from tagsmith.web.roles import only


@only(Role.TRAINER)
@require_safe
def download(request: HttpRequest, model_id: int, number: int) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Send a version as a tag model file, for `tagsmith apply` or another library."""
    model = find_model(model_id)
    version = find_version(model, number)
    name = f"{slugify(model.title) or 'tag-model'}-{version.number}.tagsmith"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(bytes(version.content), content_type="application/octet-stream", headers=headers)
