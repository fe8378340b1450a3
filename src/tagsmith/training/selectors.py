"""Reading tag models: their status, and who owns a tag that several of them teach."""

from collections.abc import Iterable
from enum import StrEnum

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce

from tagsmith.embeddings.models import EncoderChange
from tagsmith.errors import ConflictError, NotFoundError
from tagsmith.training.models import Successor, TagModel, Version


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


def find_model(number: int) -> TagModel:
    """Return a tag model; raises NotFoundError."""
    model = TagModel.objects.filter(pk=number).first()
    if model is None:
        raise NotFoundError(f"no tag model {number}")
    return model


def find_version(model: TagModel, number: int) -> Version:
    """Return a version of a tag model; raises NotFoundError."""
    version = model.versions.select_related("model", "encoder").filter(number=number).first()
    if version is None:
        raise NotFoundError(f"tag model {model.pk} has no version {number}")
    return version


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
        raise ConflictError("{title!r}: there is no earlier version to roll back to", title=model.title)
    return earlier


def held_back(model: TagModel) -> set[int]:
    """Return the ids of the model's versions that take the live one's place only when another encoder serves."""
    rows = Successor.objects.filter(model=model, change__state=EncoderChange.State.OPEN, version__isnull=False)
    return set(rows.values_list("version_id", flat=True))


def live_versions() -> QuerySet[Version]:
    """Return the live versions, without their files, the one that went live last first."""
    rows = Version.objects.filter(live=True).select_related("model", "encoder").defer("content")
    return rows.order_by("-published", "-pk")


def live_with(model: TagModel, version: Version | None) -> list[Version]:
    """Return the versions that would be live, the latest first, if this one of the model went live, or none of it."""
    live = list(live_versions())
    if version in live:
        return live
    others = [one for one in live if one.model_id != model.pk]
    return [version, *others] if version else others


def owners(versions: Iterable[Version]) -> dict[int, int]:
    """Return the owning version of each tag that versions teach: the first of them, if they are the latest first.

    A tag that was merged counts as what it was merged into.
    """
    places = {version.pk: place for place, version in enumerate(versions)}
    owning: dict[int, int] = {}
    teaching = Version.objects.filter(pk__in=places).values_list("pk", _present_tag())
    for version, tag in sorted(teaching, key=lambda row: places[row[0]]):
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


def lost_tags(model: TagModel) -> list[tuple[str, str]]:
    """Return (tag key, title of the owner) of the tags of a live model that a model gives that went live later."""
    live = list(live_versions())
    if model.pk not in {version.model_id for version in live}:
        return []
    owning, models = owners(live), {version.pk: version.model for version in live}
    owned = [(key, models[owning[pk]]) for key, pk in taught_tags(model).items() if pk in owning]
    return [(key, owner.title) for key, owner in owned if owner != model]


def _present_tag() -> Coalesce:
    return Coalesce("tags__merged_into", "tags")


def example_counts(model: TagModel) -> dict[str, int]:
    """Return how many examples each tag of the model has, also those with none."""
    counts = dict.fromkeys(taught_tags(model), 0)
    counts.update(model.examples.filter(tag__deleted__isnull=True).values_list("tag__key").annotate(count=Count("pk")))
    return counts
