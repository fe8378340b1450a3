"""The demonstration's run over the whole library: how far it is, and what smart tags there are."""

from pathlib import Path

from django.db.models import Count

from tagsmith.audit.services import COMMAND_LINE
from tagsmith.operations.demo.material import SAMPLE
from tagsmith.tagging.models import SmartTag
from tagsmith.vision.files import shown
from tagsmith.workflows import services
from tagsmith.workflows.models import Run, Status


def source_of(photos: Path | None) -> str:
    """Return what the library is made of, in words; the run remembers it."""
    return f"the photos in {shown(photos)}" if photos else SAMPLE


def comment_of(source: str) -> str:
    """Return the run's comment."""
    return f"tagsmith demo with {source}"


def is_tagged(source: str) -> bool:
    """Whether the library with this material was made to the end."""
    return Run.objects.filter(comment=comment_of(source), status=Status.SUCCESS).exists()


def begun_run(source: str) -> Run | None:
    """Return a run that did not come to its end, so that it goes on; None if there is none."""
    run = Run.objects.filter(comment=comment_of(source)).exclude(status=Status.CANCELLED).first()
    if run is not None:
        again = services.retry if run.status == Status.FAILED else services.resume
        again(COMMAND_LINE, run)
    return run


def given() -> dict[str, int]:
    """Return how many smart tags there are of each tag, by its key."""
    counts = SmartTag.objects.values_list("tag__key").annotate(count=Count("pk"))
    return dict(counts.order_by("tag__key"))
