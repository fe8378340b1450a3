"""The tag model on image files: teach with examples by tag, tag photos, measure, save and load."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tagsmith.errors import EncoderError, ExamplesError, ImageError
from tagsmith.learning.classifier import BACKGROUND_LIMIT, TagClassifier, spread_evenly
from tagsmith.learning.estimator import not_fitted
from tagsmith.learning.examples import Limits, distinct
from tagsmith.learning.quality import Quality
from tagsmith.learning.saved import SavedModel, read_saved, write_saved
from tagsmith.vision.bounds import DecodeLimits
from tagsmith.vision.cache import default_cache
from tagsmith.vision.decode import DEFAULT_LIMITS
from tagsmith.vision.encoders import DEFAULT_ENCODER, find_encoder
from tagsmith.vision.files import Skipped, shown
from tagsmith.vision.session import EncoderSession
from tagsmith.vision.stream import Encoded, encode_files

Floats = NDArray[np.float64]
AnyPath = str | PathLike[str]
Progress = Callable[[Encoded], None]

BLOCK = 256  # images scored at once


@dataclass(frozen=True)
class TagConfidence:
    """A tag and how likely it is right, 0 to 1."""

    tag: str
    confidence: float


@dataclass(frozen=True)
class Tagged:
    """What a tag model says of one image file: the tags past their thresholds, and the best in any case."""

    path: Path
    tags: tuple[TagConfidence, ...] = ()
    best: TagConfidence | None = None
    error: str = ""


@dataclass(frozen=True)
class Evaluation:
    """Quality on labelled images, and the files that could not be read."""

    quality: Quality
    unreadable: list[Skipped]


class TagModel:
    """Teaches tags with image files, and tags image files.

    Parameters
    ----------
    encoder
        Name or id of an encoder, or the path of an `.onnx` file with its `.json` beside it.
    exclusive
        An image gets at most one of the tags.
    target_precision
        Share of the images given a tag that should show it.
    prevalence
        Share of the images to tag that are expected to show one of the tags. None: estimated from the library given
        to `fit`, or one half without.
    limits
        On the number of tags and examples.
    decode_limits
        On the size of image files.
    cache
        Folder for the encoder's files; by default the user's cache folder.
    workers
        Threads that read and encode; by default one per core.

    Attributes
    ----------
    classifier_ : TagClassifier
        What was learned.
    encoder_id_, encoder_name_ : str
        The encoder that the vectors come from.
    examples_ : Examples
        What it was learned from, and what was left out and why.
    """

    def __init__(
        self,
        *,
        encoder: str = DEFAULT_ENCODER,
        exclusive: bool = True,
        target_precision: float = 0.9,
        prevalence: float | None = None,
        limits: Limits | None = None,
        decode_limits: DecodeLimits = DEFAULT_LIMITS,
        cache: Path | None = None,
        workers: int | None = None,
    ) -> None:
        self.encoder = encoder
        self.exclusive = exclusive
        self.target_precision = target_precision
        self.prevalence = prevalence
        self.limits = limits
        self.decode_limits = decode_limits
        self.cache = cache
        self.workers = workers
        self._session: EncoderSession | None = None

    def fit(
        self,
        examples: Mapping[str, Sequence[AnyPath]],
        library: Iterable[AnyPath] = (),
        progress: Progress | None = None,
    ) -> Self:
        """Teach the tags of `examples` with their image files.

        Parameters
        ----------
        examples
            Image files by tag. Files that cannot be read, repeats of the same image, and an exclusive
            model's image under a second tag are left out and listed in `examples_.skipped`.
        library
            Image files as the library has them, whatever they show: they teach what none of the tags
            looks like, which makes "none of these" much surer. Of many, `BACKGROUND_LIMIT` spread evenly are read.
        progress
            Called once per file.

        Raises
        ------
        ExamplesError
            Too few or too many tags, or different examples of a tag; names each.
        EncoderError
            The encoder cannot be had.
        """
        limits = self.limits or Limits()
        limits.check({tag: min(len(paths), limits.max_examples) for tag, paths in examples.items()})
        encoded = {tag: list(self._encode(paths, progress)) for tag, paths in sorted(examples.items())}
        self.examples_ = distinct(encoded, exclusive=self.exclusive)
        limits.check({tag: len(names) for tag, names in self.examples_.names.items()})
        others = spread_evenly(list(library), BACKGROUND_LIMIT)
        background = [item.vector for item in self._encode(others, progress) if item.vector is not None]
        X, Y = self.examples_.as_matrices()
        self.classifier_ = TagClassifier(
            exclusive=self.exclusive, target_precision=self.target_precision, prevalence=self.prevalence
        )
        self.classifier_.fit(X, Y, background=np.stack(background) if background else None, classes=self.examples_.tags)
        self.encoder_id_, self.encoder_name_ = self.session.encoder.id, self.session.encoder.name
        return self

    def tag(self, paths: Iterable[AnyPath], progress: Progress | None = None) -> Iterator[Tagged]:
        """Yield what the model says of each image file, in order; a file that cannot be read has its error."""
        self._check_fitted()
        items = self._encode(paths, progress)
        while block := list(itertools.islice(items, BLOCK)):
            yield from self._tag_block(block)

    def predict(self, paths: Iterable[AnyPath]) -> NDArray[np.object_]:
        """Return (images,) the best tag of each image file, whatever its confidence.

        For "none of these" see `tag`, which keeps to the thresholds.

        Raises
        ------
        ImageError
            A file cannot be read; the message names it.
        """
        probabilities = self.predict_proba(paths)
        tags: NDArray[np.object_] = np.array(self.tags_, object)[probabilities.argmax(axis=1)]
        return tags

    def predict_proba(self, paths: Iterable[AnyPath]) -> Floats:
        """Return (images, tags), in the order of `tags_`: the forced choice's probabilities; raises as `predict`."""
        self._check_fitted()
        vectors = []
        for item in self._encode(paths, None):
            if item.vector is None:
                raise ImageError("{path}: {reason}", path=shown(item.path), reason=item.error)
            vectors.append(item.vector)
        if not vectors:
            return np.empty((0, len(self.tags_)))
        return self.classifier_.predict_proba(np.stack(vectors))

    def evaluate(self, labelled: Mapping[str, Sequence[AnyPath]], progress: Progress | None = None) -> Evaluation:
        """Return the quality on image files whose tags are known.

        Parameters
        ----------
        labelled
            Image files by tag. Tags that the model does not know count as "none of these". Where tags do not
            exclude each other, an image may lie under several.
        progress
            Called once per file.
        """
        self._check_fitted()
        rows: list[tuple[str, NDArray[np.float32]]] = []
        unreadable = []
        for tag, paths in labelled.items():
            for item in self._encode(paths, progress):
                if item.vector is None:
                    unreadable.append(Skipped(item.path, item.error))
                else:
                    rows.append((tag, item.vector))
        if not rows:
            raise ExamplesError("no labelled image could be read")
        X = np.stack([vector for _, vector in rows])
        truth = np.array([[tag == known for known in self.tags_] for tag, _ in rows])
        if not self.exclusive:
            X, truth = _merged(X, truth)
        return Evaluation(self.classifier_.judge(X, truth), unreadable)

    def save(self, path: AnyPath) -> None:
        """Write the trained model with its teaching vectors and their file names to one file; raises WriteError."""
        self._check_fitted()
        saved = SavedModel(self.encoder_id_, self.encoder_name_, self.classifier_, self.examples_)
        write_saved(Path(path), saved)

    @classmethod
    def load(
        cls,
        path: AnyPath,
        *,
        encoder: str = "",
        cache: Path | None = None,
        workers: int | None = None,
        decode_limits: DecodeLimits = DEFAULT_LIMITS,
    ) -> "TagModel":
        """Return the trained model in a file.

        Parameters
        ----------
        path
            What `save` wrote.
        encoder
            The `.onnx` file of an encoder that is known by its file alone.
        cache, workers, decode_limits
            As for the constructor.

        Raises
        ------
        ModelFileError
            The file is missing, no tag model, cut, changed, or from a newer Tagsmith.
        """
        saved = read_saved(Path(path))
        settings = saved.classifier
        model = cls(
            encoder=encoder or saved.encoder_name,
            exclusive=settings.exclusive,
            target_precision=settings.target_precision,
            prevalence=settings.prevalence,
            cache=cache,
            workers=workers,
            decode_limits=decode_limits,
        )
        model.classifier_, model.examples_ = saved.classifier, saved.examples
        model.encoder_id_, model.encoder_name_ = saved.encoder_id, saved.encoder_name
        return model

    @property
    def tags_(self) -> list[str]:
        """The tags, in the order of probabilities."""
        return [str(tag) for tag in self.classifier_.classes_]

    @property
    def session(self) -> EncoderSession:
        """The loaded encoder; loading it is put off until it is needed.

        Raises
        ------
        EncoderError
            It cannot be had, or is not the one that the model was taught with.
        """
        if self._session is None:
            session = EncoderSession(find_encoder(self.encoder), self.cache or default_cache())
            taught_with = getattr(self, "encoder_id_", session.encoder.id)
            if session.encoder.id != taught_with:
                raise EncoderError(f"the tag model was taught with the encoder {taught_with}, not {session.encoder.id}")
            self._session = session
        return self._session

    def _encode(self, paths: Iterable[AnyPath], progress: Progress | None) -> Iterator[Encoded]:
        for item in encode_files(self.session, map(Path, paths), workers=self.workers, limits=self.decode_limits):
            if progress:
                progress(item)
            yield item

    def _tag_block(self, block: list[Encoded]) -> Iterator[Tagged]:
        vectors = [item.vector for item in block if item.vector is not None]
        said = iter(self._said(np.stack(vectors)) if vectors else ())
        for item in block:
            if item.vector is None:
                yield Tagged(item.path, error=item.error)
            else:
                past, best = next(said)
                yield Tagged(item.path, past, best)

    def _said(self, X: NDArray[np.float32]) -> Iterator[tuple[tuple[TagConfidence, ...], TagConfidence]]:
        """Yield of each vector the tags past their thresholds, most confident first, and the forced choice."""
        best = self.classifier_.predict_proba(X).argmax(axis=1)
        rows = zip(self.classifier_.confidence(X), self.classifier_.apply(X), best, strict=True)
        for confidences, given, chosen in rows:
            named = [TagConfidence(tag, float(value)) for tag, value in zip(self.tags_, confidences, strict=True)]
            past = [named[tag] for tag in np.flatnonzero(given)]
            yield tuple(sorted(past, key=lambda tag: -tag.confidence)), named[chosen]

    def _check_fitted(self) -> None:
        if not hasattr(self, "classifier_"):
            raise not_fitted(type(self).__name__)


def _merged(X: NDArray[np.float32], truth: NDArray[np.bool_]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return each image once, with all the tags under which it lies."""
    _, first, image = np.unique(X, axis=0, return_index=True, return_inverse=True)
    tags = np.zeros((len(first), truth.shape[1]), bool)
    np.logical_or.at(tags, image, truth)
    return X[first], tags
