"""From vectors to a tag model's numbers: both kinds of model, in closed form but for a few convex fits."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tagsmith.learning.calibration import fit_logistic, smoothed
from tagsmith.learning.choice import Guessed, fit_choice, guess
from tagsmith.learning.evidence import (
    Claims,
    Evidence,
    Rehearsal,
    exclusive_evidence,
    exclusive_factors,
    independent_evidence,
    likeness_without_each,
    rehearse,
    typical_likeness,
    winners,
)
from tagsmith.learning.head import Fitted, RidgeFit, fit_ridge
from tagsmith.learning.prevalence import UNKNOWN, estimate_prevalence, share_as_sure
from tagsmith.learning.scoring import Scorer, combine_evidence, directions

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]

UNLIKELY_SHARE = 0.025  # of a tag's own examples, left out, that may lie beyond what counts as like them
REJECTED = 1.0  # weight of an image that a person rejected, in examples
BELIEF = 0.75  # how far an image of the library that seems to show a tag is believed not to be "something else"
SELF_TEACHING = 2  # rounds
SELF_TEACHING_LIMIT = 2500  # images in all: with more examples a library improves the choice no further, but costs


@dataclass(frozen=True)
class Material:
    """What a tag model learns from.

    Attributes
    ----------
    X
        (examples, dimensions).
    Y
        (examples, tags): which tags each shows.
    library
        (images, dimensions) as the library has them, whatever they show.
    rejected
        (images, dimensions) of which a person said that they do not show the tag they were given. Those that are
        among the library's images too are still part of what says how a library looks.
    penalty
        Of the heads, in units of the examples' mean squared distance from their mean.
    library_share
        How much all of the library's images weigh together, in examples per example.
    shown
        (images,) how likely each of the library's images seems to show one of the tags; None: nothing is known.
    """

    X: Floats
    Y: Bools
    library: Floats
    rejected: Floats
    penalty: float
    library_share: float
    shown: Floats | None = None

    @cached_property
    def presence(self) -> RidgeFit:
        """The head that tells each tag from everything else; its first rows are the examples, then the library's."""
        strange = 1 - BELIEF * (np.zeros(len(self.library)) if self.shown is None else self.shown)
        each = np.minimum(self.library_share * len(self.X) * strange / max(strange.sum(), 1), 1.0)
        known = {row.tobytes() for row in self.library}
        refused = {row.tobytes() for row in self.rejected}
        further = np.array([row.tobytes() not in known for row in self.rejected], bool)
        weak = np.array([row.tobytes() not in refused for row in self.library], bool)
        weights = np.concatenate(
            [np.ones(len(self.X)), np.where(weak, each, REJECTED), np.full(further.sum(), REJECTED)]
        )
        others = np.vstack([self.library, self.rejected[further]])
        targets = np.vstack([self.Y, np.zeros((len(others), self.Y.shape[1]), bool)]).astype(float)
        return fit_ridge(np.vstack([self.X, others]), targets, weights, self.penalty)

    @property
    def examples_alone(self) -> RidgeFit | None:
        """The presence head, if it was fitted on nothing but the examples."""
        return None if len(self.library) or len(self.rejected) else self.presence

    @property
    def example_presence(self) -> Floats:
        """(examples, tags) presence scores of the examples, each left out."""
        return self.presence.leave_one_out[: len(self.X)]

    @property
    def library_presence(self) -> Floats:
        """(images, tags) presence scores of the library's images, each left out."""
        return self.presence.leave_one_out[len(self.X) : len(self.X) + len(self.library)]

    @cached_property
    def centres(self) -> Floats:
        """(tags, dimensions) mean direction of each tag's examples."""
        return directions(self.Y.T.astype(float) @ directions(self.X))

    @cached_property
    def typical(self) -> Floats:
        """(tags,) likeness of a typical example that was left out."""
        return typical_likeness(likeness_without_each(self.X, self.Y), self.Y)

    @cached_property
    def likeness(self) -> Floats:
        """(examples, tags) out-of-sample likeness above what is typical."""
        return likeness_without_each(self.X, self.Y) - self.typical

    def scorer(self, choice: Fitted | None, coefficients: Floats, intercepts: Floats) -> Scorer:
        """Return the learned numbers; `choice` is None where tags are independent."""
        return Scorer(
            exclusive=choice is not None,
            choice=(choice or self.presence).head,
            presence=self.presence.head,
            centres=self.centres,
            typical=self.typical,
            least_likeness=float(np.quantile(self.likeness[self.Y], UNLIKELY_SHARE)),
            coefficients=coefficients,
            intercepts=intercepts,
        )


@dataclass(frozen=True)
class Learned:
    """A tag model's numbers, and what they say of images that it has not learned from.

    Attributes
    ----------
    scorer
        The numbers.
    prevalence
        Share of the library that shows any of the tags, said or estimated.
    evidence
        To choose thresholds by.
    choice
        (examples, tags) scores of the examples, each left out.
    left_out
        (examples, tags, kinds) evidence on the examples, each left out.
    """

    scorer: Scorer
    prevalence: float
    evidence: Evidence
    choice: Floats
    left_out: Floats


def fit_exclusive(material: Material, prevalence: float | None) -> Learned:
    """Return a model that gives an image its best tag or none; without a `prevalence` it is estimated."""
    labels = material.Y.argmax(axis=1)
    taught = _teach(material, labels, None, prevalence)
    if 0 < len(material.library) <= SELF_TEACHING_LIMIT - len(material.X):
        for _ in range(SELF_TEACHING):
            library = taught.rehearsal.library
            shown = taught.scorer.weigh(library.features)
            material = replace(material, shown=shown)
            guessed = guess(material.library, library.tags, shown, material.Y.shape[1])
            taught = _teach(material, labels, guessed, prevalence)
    left_out = taught.choice.leave_one_out
    return Learned(
        taught.scorer,
        taught.prevalence,
        exclusive_evidence(taught.rehearsal, taught.prevalence),
        left_out,
        combine_evidence(left_out, material.example_presence, material.likeness),
    )


@dataclass(frozen=True)
class _Taught:
    choice: Fitted
    rehearsal: Rehearsal
    prevalence: float
    scorer: Scorer


def _teach(material: Material, labels: Ints, guessed: Guessed | None, prevalence: float | None) -> _Taught:
    choice = fit_choice(material.X, labels, material.penalty, guessed=guessed, ridge=material.examples_alone)
    alike = directions(material.library) @ material.centres.T - material.typical
    library = winners(choice.head.scores(material.library), material.library_presence, alike)
    rehearsal = rehearse(choice.leave_one_out, material.presence, material.likeness, labels, library)
    share = prevalence or _estimated(rehearsal.taught, rehearsal.strangers, library)
    return _Taught(choice, rehearsal, share, material.scorer(choice, *exclusive_factors(rehearsal, share)))


def _estimated(taught: Claims, strangers: Claims, library: Claims) -> float:
    if not len(library.tags):
        return UNKNOWN
    return estimate_prevalence(taught.features, strangers.features, library.features)


def fit_independent(material: Material, prevalence: float | None) -> Learned:
    """Return a model that judges each tag for itself; without a `prevalence` it is estimated."""
    share = prevalence or UNKNOWN
    if prevalence is None and len(material.library):
        own = np.where(material.Y, material.example_presence, -np.inf).max(axis=1)
        share = share_as_sure(own, material.library_presence.max(axis=1))
    evidence = independent_evidence(material.example_presence, material.likeness, material.Y, share)
    coefficients, intercept = fit_logistic(evidence.features, smoothed(evidence.right > 0), evidence.weights)
    return Learned(
        material.scorer(None, coefficients[None], np.array([intercept])),
        share,
        evidence,
        material.example_presence,
        combine_evidence(None, material.example_presence, material.likeness),
    )
