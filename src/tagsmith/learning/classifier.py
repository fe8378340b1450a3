"""The estimator on vectors: scikit-learn's conventions, without needing scikit-learn."""

from collections.abc import Sequence
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tagsmith.errors import ExamplesError
from tagsmith.learning.estimator import Estimator, as_matrix, not_fitted
from tagsmith.learning.fitting import Learned, Material, fit_exclusive, fit_independent
from tagsmith.learning.quality import Judged, Quality, measure_quality
from tagsmith.learning.scoring import applied
from tagsmith.learning.thresholds import choose_thresholds

T = TypeVar("T")
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

BACKGROUND_LIMIT = 1000  # more images of the library teach nothing more about "something else"


class TagClassifier(Estimator):
    """Learns tags from a few vectors each, in closed form.

    Ridge regression and a shrunken linear discriminant, stacked by their exact leave-one-out scores and taught
    further by a library; a confidence that an image shows the tag and not something never taught; and a threshold
    per tag.

    Parameters
    ----------
    exclusive
        An image shows at most one of the tags. Otherwise each tag is judged for itself.
    penalty
        Of both heads, in units of the examples' mean squared distance from their mean.
    target_precision
        Share of the images given a tag that should show it; sets the thresholds.
    suggest_precision
        The same for tags that are only suggested to a person.
    prevalence
        Share of the images to tag that are expected to show one of the tags. None: estimated from the
        background, or one half without.
    background_share
        How much all background images weigh together, in examples per example.

    Attributes
    ----------
    classes_
        (tags,) the labels: sorted, or in the order of y's columns.
    n_features_in_
        Number of dimensions.
    scorer_
        The learned numbers.
    prevalence_
        The share that was said or estimated.
    thresholds_
        (tags,) confidences from which a tag applies; NaN where none reaches the target precision.
    suggest_thresholds_
        (tags,) confidences from which a tag is worth a person's look: never above the former.
    quality_
        Out-of-sample quality on the examples.
    """

    def __init__(
        self,
        *,
        exclusive: bool = True,
        penalty: float = 1.0,
        target_precision: float = 0.9,
        suggest_precision: float = 0.5,
        prevalence: float | None = None,
        background_share: float = 0.6,
    ) -> None:
        self.exclusive = exclusive
        self.penalty = penalty
        self.target_precision = target_precision
        self.suggest_precision = suggest_precision
        self.prevalence = prevalence
        self.background_share = background_share

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        background: ArrayLike | None = None,
        classes: Sequence[str] | None = None,
        rejected: ArrayLike | None = None,
    ) -> Self:
        """Learn from examples.

        Parameters
        ----------
        X
            (examples, dimensions), finite.
        y
            (examples,) labels; or (examples, tags) of 0 and 1, of which an exclusive model allows one a row.
        background
            (images, dimensions) of images as the library has them, whatever they show. They teach what
            "something else" looks like; a few that do show a tag do no harm.
        classes
            (tags,) the names of the columns, where `y` has columns.
        rejected
            (images, dimensions) of images of which a person said that they do not show the tag a model gave them.
            Each teaches "something else" as strongly as an example teaches its tag.

        Raises
        ------
        ExamplesError
            The shapes do not fit, a number is not finite, or a tag has fewer than two examples.
        """
        _check_share(target_precision=self.target_precision, suggest_precision=self.suggest_precision)
        if self.prevalence is not None:
            _check_share(prevalence=self.prevalence)
        if self.penalty <= 0 or self.background_share < 0:
            raise ValueError("penalty must be above 0, and background_share at least 0")
        vectors = as_matrix(X)
        self.classes_, Y = read_labels(y, len(vectors), exclusive=self.exclusive, names=classes)
        self.n_features_in_ = vectors.shape[1]
        refused = np.empty((0, vectors.shape[1])) if rejected is None else self._same_width(as_matrix(rejected))
        material = Material(vectors, Y, self._sample(background), refused, self.penalty, self.background_share)
        fitted = fit_exclusive if self.exclusive else fit_independent
        self._take(fitted(material, self.prevalence), Y)
        return self

    def _sample(self, background: ArrayLike | None) -> Floats:
        """Return at most `BACKGROUND_LIMIT` rows of the background, spread evenly over it."""
        if background is None:
            return np.empty((0, self.n_features_in_))
        vectors = self._same_width(as_matrix(background))
        return np.stack(spread_evenly(vectors, BACKGROUND_LIMIT))

    def _take(self, learned: Learned, Y: Bools) -> None:
        self.scorer_, self.prevalence_ = learned.scorer, learned.prevalence
        confidences = self.scorer_.weigh(learned.evidence.features)
        self.thresholds_, suggest = (
            choose_thresholds(confidences, learned.evidence, target=target, count=Y.shape[1])
            for target in (self.target_precision, self.suggest_precision)
        )
        self.suggest_thresholds_ = np.fmin(suggest, self.thresholds_)
        self.quality_ = self._measured(Judged(learned.choice, self.scorer_.weigh(learned.left_out), Y))

    def judge(self, X: ArrayLike, truth: ArrayLike) -> Quality:
        """Return the quality on (rows, dimensions) vectors that show the (rows, tags) tags of `truth`, or none."""
        vectors = self._vectors(X)
        scorer = self.scorer_
        judged = Judged(scorer.choice.scores(vectors), scorer.confidences(vectors), np.asarray(truth, bool))
        return self._measured(judged)

    def _measured(self, judged: Judged) -> Quality:
        names = [str(label) for label in self.classes_]
        return measure_quality(judged, names, self.thresholds_, exclusive=self.exclusive, target=self.target_precision)

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the best label of each row, whatever its confidence; for independent tags, (rows, tags) of 0 and 1."""
        vectors = self._vectors(X)
        if not self.exclusive:
            return self._applied(vectors).astype(int)
        labels: NDArray[Any] = self.classes_[self.scorer_.choice.scores(vectors).argmax(axis=1)]
        return labels

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Return (rows, tags): the forced choice's probabilities; for independent tags, their confidences."""
        vectors = self._vectors(X)
        return self.scorer_.probabilities(vectors)

    def confidence(self, X: ArrayLike) -> Floats:
        """Return (rows, tags), in thousandths: how likely it is that the image shows the tag and not something else."""
        vectors = self._vectors(X)
        return self.scorer_.confidences(vectors)

    def apply(self, X: ArrayLike) -> Bools:
        """Return (rows, tags): the tags past their thresholds, possibly none; at most one of an exclusive model."""
        return self._applied(self._vectors(X))

    def _applied(self, X: Floats) -> Bools:
        return applied(
            self.scorer_.confidences(X), self.scorer_.choice.scores(X), self.thresholds_, exclusive=self.exclusive
        )

    def score(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the share of rows whose prediction is right; `y` as for `fit`."""
        predicted, truth = self.predict(X), np.asarray(y)
        if truth.ndim < predicted.ndim:
            truth = truth[:, None] == self.classes_
        elif truth.ndim > predicted.ndim:
            truth = truth.ravel() if truth.shape[1] == 1 else self.classes_[truth.argmax(axis=1)]
        return float((predicted == truth).reshape(len(truth), -1).all(axis=1).mean())

    def _vectors(self, X: ArrayLike) -> Floats:
        if not hasattr(self, "scorer_"):
            raise not_fitted(type(self).__name__)
        return self._same_width(as_matrix(X))

    def _same_width(self, vectors: Floats) -> Floats:
        if vectors.shape[1] != self.n_features_in_:
            name = type(self).__name__
            raise ExamplesError(
                f"X has {vectors.shape[1]} features, but {name} is expecting {self.n_features_in_} features as input"
            )
        return vectors


def spread_evenly(items: Sequence[T] | Floats, limit: int) -> list[T]:
    """Return at most `limit` of the items, spread evenly over all of them."""
    chosen = np.linspace(0, len(items) - 1, min(len(items), limit)).round().astype(int)
    return [items[index] for index in chosen]


def read_labels(
    y: ArrayLike, rows: int, *, exclusive: bool, names: Sequence[str] | None = None
) -> tuple[NDArray[Any], Bools]:
    """Return the labels and (rows, labels) of which row shows which.

    Raises
    ------
    ExamplesError
        `y` does not fit the rows or the names, holds fewer than two labels, or a label has fewer than two rows.
    """
    labels = np.asarray(y)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels.ravel()
    if labels.ndim == 1:
        classes, Y = _coded(labels)
    elif labels.ndim == 2 and not (exclusive and names is None):
        classes, Y = _indicated(labels, names)
    else:
        raise ExamplesError(f"y should be a 1d array, got an array of shape {labels.shape} instead.")
    if len(Y) != rows:
        raise ExamplesError(f"Found input variables with inconsistent numbers of samples: [{rows}, {len(Y)}]")
    if len(classes) < 2:
        raise ExamplesError(f"Classifier can't train when only one class is present: {len(classes)} class given.")
    if exclusive and (Y.sum(axis=1) != 1).any():
        raise ExamplesError("an example of an exclusive model shows exactly one tag")
    few = [f"{label}: {count}" for label, count in zip(classes, Y.sum(axis=0), strict=True) if count < 2]
    if few:
        raise ExamplesError(f"leaving an example out needs at least two of each tag ({', '.join(few)})")
    return classes, Y


def _coded(labels: NDArray[Any]) -> tuple[NDArray[Any], Bools]:
    if np.issubdtype(labels.dtype, np.floating) and (labels != np.floor(labels)).any():
        raise ExamplesError("Unknown label type: continuous. Labels are names or whole numbers.")
    classes, codes = np.unique(labels, return_inverse=True)
    return classes, codes[:, None] == np.arange(len(classes))


def _indicated(labels: NDArray[Any], names: Sequence[str] | None) -> tuple[NDArray[Any], Bools]:
    columns = labels.shape[1]
    if not np.isin(labels, (0, 1)).all():
        raise ExamplesError("y with a column per tag holds only 0 and 1")
    if names is not None and len(names) != columns:
        raise ExamplesError(f"{len(names)} names for {columns} columns of y")
    return np.arange(columns) if names is None else np.array(names), labels.astype(bool)


def _check_share(**shares: float) -> None:
    for name, value in shares.items():
        if not 0 < value <= 1:
            raise ValueError(f"{name} must be above 0 and at most 1, not {value!r}")
