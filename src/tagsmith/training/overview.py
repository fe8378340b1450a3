"""All tag models at a glance: one row each, in as many queries for many as for few."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Count, DateTimeField, Exists, F, IntegerField, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.learning.quality import Quality
from tagsmith.training.corrections import Waiting
from tagsmith.training.learn import load_version
from tagsmith.training.models import Example, TagModel, TaughtTag, Version
from tagsmith.training.selectors import Status, live_versions, status

Said = TypeVar("Said", HumanTag, Rejection)

LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(frozen=True)
class Row:
    """A tag model as the list shows it; `live` and `quality` are None without a live version."""

    model: TagModel
    status: Status
    tags: int
    examples: int
    trained: datetime | None
    live: int | None
    quality: Quality | None
    waiting: Waiting


def overview() -> list[Row]:
    """Return all tag models by title."""
    live = {version.model_id: version for version in live_versions()}
    known = qualities([version.pk for version in live.values()])
    return [_row(model, live.get(model.pk), known) for model in _counted().order_by("title", "pk")]


def qualities(versions: Collection[int]) -> dict[int, Quality]:
    """Return what versions were worth on the examples that were left out. As they never change, it is kept."""
    missing = [pk for pk in versions if pk not in _kept]
    for version in Version.objects.select_related("model").filter(pk__in=missing) if missing else ():
        _kept[version.pk] = load_version(version).classifier.quality_
    return {pk: _kept[pk] for pk in versions if pk in _kept}


def _row(model: TagModel, live: Version | None, known: dict[int, Quality]) -> Row:
    counts = vars(model)
    waiting = Waiting(counts["promoted"], counts["rejected"]) if model.learn_from_people else Waiting(0, 0)
    return Row(
        model=model,
        status=status(model),
        tags=counts["tag_count"],
        examples=counts["example_count"],
        trained=counts["trained"],
        live=live.number if live else None,
        quality=known.get(live.pk) if live else None,
        waiting=waiting,
    )


def _counted() -> QuerySet[TagModel]:
    """Return the models with their counts."""
    here = OuterRef("pk")
    last = Version.objects.filter(model=here).order_by().values("model").annotate(at=Max("created")).values("at")
    rows = TagModel.objects.annotate(trained=Subquery(last, output_field=DateTimeField()))
    return rows.annotate(
        tag_count=_count(TaughtTag.objects.filter(model=here, tag__deleted__isnull=True)),
        example_count=_count(Example.objects.filter(model=here, tag__deleted__isnull=True)),
        promoted=_count(_promoted()),
        rejected=_count(_since(Rejection).filter(content=F("asset__content"))),
    )


def _promoted() -> QuerySet[HumanTag]:
    """Return the tags set by people since, as `corrections.promotions` has them of a single model."""
    model = OuterRef(OuterRef("pk"))
    others = HumanTag.objects.filter(
        Exists(TaughtTag.objects.filter(model=OuterRef(model), model__exclusive=True, tag=OuterRef("tag_id"))),
        asset=OuterRef("asset_id"),
    )
    rows = _since(HumanTag).exclude(Exists(others.exclude(tag=OuterRef("tag_id"))))
    return rows.exclude(Exists(Example.objects.filter(model=model, asset=OuterRef("asset_id"))))


def _since(kind: type[Said]) -> QuerySet[Said]:
    """Return what people said of a model's tags since its last training."""
    taught = TaughtTag.objects.filter(model=OuterRef(OuterRef("pk")), tag=OuterRef("tag_id"), tag__deleted__isnull=True)
    last = Coalesce(OuterRef("trained"), Value(LONG_AGO), output_field=DateTimeField())
    return kind.objects.filter(Exists(taught), asset__trashed__isnull=True, at__gt=last)


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(count=Count("*")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


_kept: dict[int, Quality] = {}
