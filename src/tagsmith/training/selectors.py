"""Reading tag models: their status, and who owns a tag that several of them teach."""

from enum import StrEnum

from django.db.models import Count, QuerySet

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


def live_versions() -> QuerySet[Version]:
    """Return the live versions, the one that went live last first."""
    return Version.objects.filter(live=True).select_related("model").order_by("-published", "-pk")


def owners() -> dict[int, int]:
    """Return the owning version of each tag that live versions teach: the one that went live last."""
    owning: dict[int, int] = {}
    for version, tag in live_versions().values_list("pk", "tags"):
        owning.setdefault(tag, version)
    return owning


def taught_twice(model: TagModel) -> list[tuple[str, str]]:
    """Return (tag key, title of the other model) of this model's tags that another live model teaches too."""
    mine = model.taught.values("tag")
    rows = Version.objects.filter(live=True, tags__in=mine).exclude(model=model)
    return sorted(rows.filter(tags__in=mine).values_list("tags__key", "model__title").distinct())


def example_counts(model: TagModel) -> dict[str, int]:
    """Return how many examples each tag of the model has, also those with none."""
    counts = dict.fromkeys(model.taught.order_by("tag__key").values_list("tag__key", flat=True), 0)
    counts.update(model.examples.values_list("tag__key").annotate(count=Count("pk")))
    return counts
