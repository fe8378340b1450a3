"""Choosing among tags with the help of a library, and without being led astray by one."""

import numpy as np
import pytest

from tagsmith.learning.choice import WEIGHT, fit_choice, guess
from unit.learning.blobs import blobs


@pytest.mark.req("M6b")
def test_library_that_shows_the_tags_improves_the_choice():
    X, labels = blobs(4, 3, spread=2.0, seed=1)
    images, truth = blobs(4, 60, spread=2.0, seed=2)
    alone = fit_choice(X, labels, 1.0)
    taught = fit_choice(X, labels, 1.0, guessed=guess(images, truth, np.full(len(images), 0.9), 4))
    right = [(choice.head.scores(images).argmax(axis=1) == truth).mean() for choice in (alone, taught)]
    assert right[1] > right[0]


def test_images_without_confidence_change_nothing():
    X, labels = blobs(3, 5)
    images, guessed = blobs(3, 20, first=5)
    unsure = guess(images, guessed, np.full(len(images), 0.05), 3)
    assert (
        fit_choice(X, labels, 1.0, guessed=unsure).head.weights.tolist()
        == fit_choice(X, labels, 1.0).head.weights.tolist()
    )


def test_common_tag_does_not_weigh_more_than_the_others():
    labels = np.repeat([0, 1, 2], [100, 5, 5])
    weights = guess(np.zeros((110, 2)), labels, np.ones(110), 3).weights
    assert weights.max() <= WEIGHT
    assert weights[labels == 0].sum() == pytest.approx(weights[labels == 1].sum())
