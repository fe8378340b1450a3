"""Why an asset has a tag, or has it not: what the tag's live version says, by which examples, and where it sees it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tagsmith.assets.content import original_of
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import get_asset, live_assets
from tagsmith.embeddings.preparation import current
from tagsmith.embeddings.selectors import read_all, with_vector
from tagsmith.errors import EncoderError, ImageError, NotFoundError
from tagsmith.learning.explanation import nearest_examples, runner_up
from tagsmith.learning.heat import heat_map
from tagsmith.tagging.heads import Head, boards_of
from tagsmith.taxonomy.models import Tag
from tagsmith.training.corrections import promotions
from tagsmith.training.learn import load_version
from tagsmith.training.models import Example, Version
from tagsmith.training.selectors import live_versions, owners
from tagsmith.vision.decode import decode
from tagsmith.vision.spotlight import spotlight

NEAREST = 5
MOST_PROMOTED = 500  # of the assets on which people set a tag, among which those are looked for that taught it
LARGEST = 1024  # pixels of the longer side of an image with its heat map

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Taught:
    """A teaching example: its file's name then, the cosine to the asset, and the asset that it is.

    There is none where its content has been replaced or deleted since, where the caller may not see it, or where the
    version came from elsewhere.
    """

    name: str
    cosine: float
    asset: Asset | None


@dataclass(frozen=True)
class Verdict:
    """What a version says of a tag on an asset; `threshold` is None if it never applies the tag."""

    tag: Tag
    confidence: float
    threshold: float | None
    nearest: list[Taught]


@dataclass(frozen=True)
class Why:
    """What the version that owns a tag says of an asset, and what it says of the tag that comes next."""

    asset: Asset
    version: Version
    verdict: Verdict
    rival: Verdict


@dataclass(frozen=True)
class Heat:
    """An image, and how much each cell of a grid over it speaks for a tag; these sum to 1."""

    image: Image.Image
    grid: Floats

    def overlay(self) -> Image.Image:
        """Return the image, lit where it speaks for the tag."""
        small = self.image.copy()
        small.thumbnail((LARGEST, LARGEST))
        return spotlight(small, self.grid)


@dataclass(frozen=True)
class _Question:
    asset: Asset
    version: Version
    head: Head
    vector: Singles
    own: Ints  # the tag's columns: several if tags were merged

    @property
    def column(self) -> int:
        """The most confident of the tag's columns."""
        return int(self.own[self.confidences()[self.own].argmax()])

    def confidences(self) -> Floats:
        scores: Floats = self.head.scorer.confidences(self.vector[None].astype(np.float64))[0]
        return scores


def explain(scope: Scope, asset_id: int, tag: Tag) -> Why:
    """Return why an asset has a tag, or has it not, by the live version that owns the tag.

    Raises
    ------
    NotFoundError
        There is no such asset, or not for this caller; it has no vector yet; or no live version teaches the tag.
    """
    asked = _asked(get_asset(scope, asset_id), tag)
    rival = runner_up(asked.head.scorer, asked.vector, asked.own)
    verdicts = _verdicts(scope, asked, (asked.column, rival))
    return Why(asked.asset, asked.version, *verdicts)


def heat(scope: Scope, asset_id: int, tag: Tag) -> Heat:
    """Return where in an asset's image the live version that owns a tag sees it. The image is read again.

    Raises
    ------
    NotFoundError
        As by `explain`; or the original is gone or cannot be read.
    EncoderError
        The version's encoder serves no longer, or cannot say where.
    """
    asked, serving = _asked(get_asset(scope, asset_id), tag), current()
    if asked.version.encoder != serving.encoder:
        title = asked.version.model.title
        raise EncoderError("{title!r} reads the vectors of an encoder that serves no longer", title=title)
    session = serving.session
    try:
        path = original_of(asked.asset, serving.storage)
        image = decode(path, at_least=session.shortest_side, limits=serving.limits)
    except ImageError as error:
        raise NotFoundError(f"{asked.asset.path}: its original cannot be read: {error}") from error
    weights = asked.head.scorer.presence.weights[asked.column]
    return Heat(image, heat_map(session.feature_maps(image), session.encoder, weights))


def _asked(asset: Asset, tag: Tag) -> _Question:
    live = {version.pk: version for version in live_versions()}
    owner = live.get(owners(live.values()).get(tag.pk, 0))
    if owner is None:
        raise NotFoundError(f"{tag.key}: no live version of a tag model teaches it")
    [board] = boards_of([owner])
    [head] = board.heads
    _, vectors = read_all(owner.encoder, list(with_vector(owner.encoder, [asset.pk])))
    if not len(vectors):
        raise NotFoundError(f"{asset.path}: it has no vector yet that {owner.model.title!r} could judge")
    return _Question(asset, owner, head, vectors[0], np.flatnonzero(head.tags == tag.pk))


def _verdicts(scope: Scope, asked: _Question, columns: tuple[int, ...]) -> Iterator[Verdict]:
    examples = load_version(asked.version).examples
    confidences, tags = asked.confidences(), Tag.objects.in_bulk(asked.head.tags[list(columns)].tolist())
    for column in columns:
        key, tag = examples.tags[column], tags[int(asked.head.tags[column])]
        vectors, teachers = examples.vectors[key], _teachers(scope, asked.version, tag)
        nearest = [
            Taught(examples.names[key][near.row].name, near.cosine, teachers.get(_bits(vectors[near.row])))
            for near in nearest_examples(asked.vector, vectors, NEAREST)
        ]
        threshold = float(asked.head.thresholds[column])
        yield Verdict(tag, float(confidences[column]), None if np.isnan(threshold) else threshold, nearest)


def _teachers(scope: Scope, version: Version, tag: Tag) -> dict[bytes, Asset]:
    """Return the assets that may have taught a tag, by their vectors: a version knows its examples by name alone."""
    ids = set(Example.objects.filter(model=version.model, tag=tag).values_list("asset_id", flat=True))
    ids.update(promotions(version.model, [tag.pk]).values_list("asset_id", flat=True)[:MOST_PROMOTED])
    assets = live_assets(scope).select_related("folder").in_bulk(list(ids))
    known, vectors = read_all(version.encoder, assets)
    return {_bits(vector): assets[pk] for pk, vector in zip(known.tolist(), vectors, strict=True)}


def _bits(vector: Singles) -> bytes:
    return vector.astype(np.float16).tobytes()
