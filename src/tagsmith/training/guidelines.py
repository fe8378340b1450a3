"""The guideline check of a tag model as it stands: advice on its examples, from what is stored. Nothing is decoded."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tagsmith.assets.models import Asset
from tagsmith.curation.models import Rejection
from tagsmith.embeddings.models import Embedding, StoredEncoder
from tagsmith.embeddings.selectors import read_all
from tagsmith.learning.findings import Chosen, Finding, Kind, OtherModel, Step
from tagsmith.learning.guidelines import check
from tagsmith.sentences import say
from tagsmith.taxonomy.models import Tag
from tagsmith.training.learn import TrainingSettings, load_version
from tagsmith.training.models import Example, TagModel, Version
from tagsmith.training.selectors import live_versions, taught_tags
from tagsmith.vision.measures import Measures

Lessons = set[tuple[int, int]]  # asset, tag


def check_examples(
    model: TagModel, settings: TrainingSettings, names: Mapping[int, str] | None = None
) -> list[Finding]:
    """Return the advice on a tag model's examples, whose ids the findings name; by tag, in order of their names.

    It needs no training, nor as many examples as one. Examples without an embedding are named, and not judged further.

    Parameters
    ----------
    model, settings
        What is checked, and the limits and the encoder that count.
    names
        What findings call tags, by their ids, each another; their keys if nothing is said.
    """
    names = names or {}
    tags = {names.get(pk, key): pk for key, pk in taught_tags(model).items()}
    lessons = set(Example.objects.filter(model=model, tag__in=tags.values()).values_list("asset_id", "tag_id"))
    chosen = _chosen(model, tags, lessons, settings.encoder)
    others = _others(model, chosen.images, settings.encoder, names)
    findings = [*_unprepared(tags, lessons, chosen.images), *check(chosen, settings.limits, others)]
    return sorted(findings, key=lambda finding: finding.tag)


def _chosen(model: TagModel, tags: dict[str, int], lessons: Lessons, encoder: StoredEncoder) -> Chosen:
    ids, vectors = read_all(encoder, {asset for asset, _ in lessons})
    images = ids.tolist()
    return Chosen(
        tags=list(tags),
        images=images,
        X=vectors,
        Y=_table(lessons, images, list(tags.values())),
        measures=_measures(encoder, images),
        sides=_sides(images),
        exclusive=model.exclusive,
    )


def _table(pairs: Lessons, images: Sequence[int], tags: Sequence[int]) -> NDArray[np.bool_]:
    """Return (images, tags): which pairs there are."""
    table = [[(image, tag) in pairs for tag in tags] for image in images]
    return np.array(table, bool).reshape(len(images), len(tags))


def _measures(encoder: StoredEncoder, images: Sequence[int]) -> NDArray[np.float64]:
    rows = Embedding.objects.filter(encoder=encoder, asset__in=images, measures__isnull=False)
    known = dict(rows.values_list("asset_id", "measures"))
    nothing = [np.nan] * len(Measures._fields)
    return np.array([known.get(image, nothing) for image in images]).reshape(-1, len(nothing))


def _sides(images: Sequence[int]) -> NDArray[np.float64]:
    rows = Asset.objects.filter(pk__in=images).values_list("pk", "width", "height")
    known = {pk: min(width, height) for pk, width, height in rows if width and height}
    return np.array([known.get(image, np.nan) for image in images], float)


def _unprepared(tags: dict[str, int], lessons: Lessons, prepared: Collection[int]) -> Iterator[Finding]:
    there = set(prepared)
    for name, tag in tags.items():
        missing = tuple(sorted(asset for asset, taught in lessons if taught == tag and asset not in there))
        if missing:
            reason = say("has not been prepared, or could not be read")
            remedy = say("wait for it, or choose another image")
            yield Finding(Kind.QUALITY, name, missing, reason, remedy, Step.CHOOSE)


def _others(
    model: TagModel, images: Sequence[int], encoder: StoredEncoder, names: Mapping[int, str]
) -> list[OtherModel]:
    """Return the other live models; those of another encoder have nothing to say of these embeddings."""
    return [_other(version, images, names) for version in live_versions().filter(encoder=encoder).exclude(model=model)]


def _other(version: Version, images: Sequence[int], names: Mapping[int, str]) -> OtherModel:
    tags = [_present(tag) for tag in _in_order(version.columns)]
    taught = Example.objects.filter(model=version.model, asset__in=images).values_list("asset_id", "tag_id")
    refused = Rejection.objects.filter(asset__in=images, tag__in=tags).values_list("asset_id", "tag_id")
    settled = _table({*taught, *refused}, images, [tag.pk for tag in tags])
    settled[:, [tag.deleted is not None for tag in tags]] = True
    classifier = load_version(version).classifier
    called = [names.get(tag.pk, tag.key) for tag in tags]
    return OtherModel(version.model.title, called, classifier.scorer_, classifier.suggest_thresholds_, settled)


def _in_order(tags: Sequence[int]) -> list[Tag]:
    found = Tag.objects.select_related("merged_into").in_bulk(tags)
    return [found[tag] for tag in tags]


def _present(tag: Tag) -> Tag:
    return tag.merged_into or tag
