"""Reading tag models: their status, and who owns a tag that several of them teach."""

from enum import StrEnum

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce

from tagsmith.errors import ConflictError
from tagsmith.training.models import TagModel, Version


class Status(StrEnum):
    """What a person sees of a tag model."""

    DRAFT = "Draft"
    PENDING = "Pending"
    TRAINED = "Trained"
    FAILED = "Failed"


_STATUS = {
    TagModel.Training.NONE: Status.DRAFT,
    TagModel.Training.PENDING: Status.PENDING,
    TagModel.Training.DONE: Status.TRAINED,
    TagModel.Training.FAILED: Status.FAILED,
}


def status(model: TagModel) -> Status:
    """Return the status of a tag model."""
    return _STATUS[TagModel.Training(model.training)]


def status_line(model: TagModel) -> str:
    """Return the status in a sentence: why it failed, and which version serves all the same."""
    live = Version.objects.filter(model=model, live=True).values_list("number", flat=True).first()
    parts = [status(model).value]
    if status(model) is Status.FAILED:
        parts.append(model.failure)
    if live is not None:
        parts.append(f"version {live} {'still live' if status(model) is Status.FAILED else 'live'}")
    return "; ".join(parts)


def version_before(model: TagModel) -> Version:
    """Return the version before the live one that was live once; raises ConflictError where there is none."""
    live = Version.objects.filter(model=model, live=True).first()
    once_live = Version.objects.filter(model=model, published__isnull=False)
    earlier = once_live.filter(number__lt=live.number).order_by("-number").first() if live else None
    if earlier is None:
        raise ConflictError(f"{model.title!r}: there is no earlier version to roll back to")
    return earlier


def live_versions() -> QuerySet[Version]:
    """Return the live versions, the one that went live last first."""
    return Version.objects.filter(live=True).select_related("model").order_by("-published", "-pk")


def owners() -> dict[int, int]:
    """Return the owning version of each tag that live versions teach: the one that went live last.

    A tag that was merged counts as what it was merged into.
    """
    owning: dict[int, int] = {}
    for version, tag in live_versions().values_list("pk", _present_tag()):
        owning.setdefault(tag, version)
    return owning


def taught_tags(model: TagModel) -> dict[str, int]:
    """Return the ids of the model's tags by their keys, in order of these, without deleted ones."""
    rows = model.taught.filter(tag__deleted__isnull=True).order_by("tag__key")
    return dict(rows.values_list("tag__key", "tag_id"))


def taught_twice(model: TagModel) -> list[tuple[str, str]]:
    """Return (tag key, title of the other model) of this model's tags that another live model teaches too."""
    mine = {pk: key for key, pk in taught_tags(model).items()}
    others = live_versions().exclude(model=model).values_list(_present_tag(), "model__title")
    return sorted({(mine[tag], title) for tag, title in others if tag in mine})


def _present_tag() -> Coalesce:
    return Coalesce("tags__merged_into", "tags")


def example_counts(model: TagModel) -> dict[str, int]:
    """Return how many examples each tag of the model has, also those with none."""
    counts = dict.fromkeys(taught_tags(model), 0)
    counts.update(model.examples.filter(tag__deleted__isnull=True).values_list("tag__key").annotate(count=Count("pk")))
    return counts
