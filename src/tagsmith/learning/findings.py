"""What a guideline check says, and what it is told of the chosen examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tagsmith.learning.scoring import Scorer
from tagsmith.sentences import Sentence


class Kind(StrEnum):
    """Which guideline a finding is about."""

    QUANTITY = "quantity"
    COHERENCE = "coherence"
    COVERAGE = "coverage"
    DISTRACTION = "distraction"
    COMPLETENESS = "completeness"
    CONFLICT = "conflict"
    QUALITY = "quality"


class Step(StrEnum):
    """What a finding asks for: the first three can be done to its images at once."""

    DROP = "drop"
    MOVE = "move"
    ADD = "add"
    CHOOSE = "choose"
    RETHINK = "rethink"
    NONE = "none"


@dataclass(frozen=True)
class Finding:
    """One piece of advice.

    Attributes
    ----------
    kind
        Which guideline.
    tag
        Whose examples.
    images
        Which of them.
    reason, remedy
        In words.
    step
        What the remedy comes to.
    other
        The other tag it is about: where to move or add the images, or what they are confused with.
    other_model
        The title of the tag model that teaches `other`, where that is another one.
    """

    kind: Kind
    tag: str
    images: tuple[int, ...]
    reason: Sentence
    remedy: Sentence
    step: Step = Step.NONE
    other: str = ""
    other_model: str = ""


@dataclass(frozen=True)
class Chosen:
    """The examples that are chosen so far.

    Attributes
    ----------
    tags
        All of the model's, also those without examples.
    images
        Numbers that name the images, as findings do.
    X
        (images, dimensions) embeddings.
    Y
        (images, tags): which tags each teaches.
    measures
        (images, measures) in the order of `vision.measures.Measures`; rows of NaN where none were made.
    sides
        (images,) pixels of the files' shorter sides.
    exclusive
        Whether an image shows at most one of the tags.
    """

    tags: Sequence[str]
    images: Sequence[int]
    X: NDArray[np.float32]
    Y: NDArray[np.bool_]
    measures: NDArray[np.float64]
    sides: NDArray[np.float64]
    exclusive: bool = True

    def named(self, rows: NDArray[np.intp]) -> tuple[int, ...]:
        """Return the images in these rows."""
        return tuple(self.images[row] for row in rows)


@dataclass(frozen=True)
class OtherModel:
    """A live tag model besides the one that is checked.

    Attributes
    ----------
    title
        Its title.
    tags
        Its tags, in the order of its columns.
    scorer
        What it learned.
    thresholds
        (tags,) confidences from which a tag fits; NaN for never.
    settled
        (images, tags): where an example already teaches the tag, or a person said that it does not fit.
    """

    title: str
    tags: Sequence[str]
    scorer: Scorer
    thresholds: NDArray[np.float64]
    settled: NDArray[np.bool_]
