"""From scores to tags: one or none of an exclusive model, and none for an image unlike all that was taught."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tagsmith.learning.head import Linear
from tagsmith.learning.scoring import Scorer, applied, directions, quantised
from unit.learning.blobs import DIMENSIONS, blobs, taught

ROWS, TAGS = 5, 3
SCORES = arrays(float, (ROWS, TAGS), elements=st.floats(-10, 10))
CONFIDENCES = arrays(float, (ROWS, TAGS), elements=st.floats(0, 1))
THRESHOLDS = arrays(float, TAGS, elements=st.floats(0, 1) | st.just(np.nan))


def scorer(*, exclusive=True, least_likeness=-0.5):
    """Two tags in three dimensions, whose scores are the first two dimensions."""
    head = Linear(np.eye(2, 3), np.zeros(2))
    factors = np.ones((2, 3) if exclusive else (1, 2))
    return Scorer(exclusive, head, head, np.eye(2, 3), np.full(2, 0.8), least_likeness, factors, np.zeros(len(factors)))


@pytest.mark.req("M5a")
@given(CONFIDENCES, SCORES, THRESHOLDS)
def test_exclusive_model_gives_at_most_one_tag(confidences, choice, thresholds):
    assert (applied(confidences, choice, thresholds, exclusive=True).sum(axis=1) <= 1).all()


@pytest.mark.req("M5a")
def test_exclusive_model_gives_its_best_tag():
    given_tags = applied(np.array([[0.9, 0.8]]), np.array([[1.0, 2.0]]), np.array([0.5, 0.5]), exclusive=True)
    assert given_tags.tolist() == [[False, True]]


@pytest.mark.req("M6a")
def test_second_best_tag_does_not_step_in_for_a_best_one_below_its_threshold():
    given_tags = applied(np.array([[0.9, 0.8]]), np.array([[1.0, 2.0]]), np.array([0.5, 0.85]), exclusive=True)
    assert not given_tags.any()


@pytest.mark.req("M5b")
@given(CONFIDENCES, SCORES, THRESHOLDS)
def test_independent_tags_are_each_held_against_their_threshold(confidences, choice, thresholds):
    given_tags = applied(confidences, choice, thresholds, exclusive=False)
    assert given_tags.tolist() == [[c >= t for c, t in zip(row, thresholds, strict=True)] for row in confidences]


@pytest.mark.parametrize("exclusive", [True, False])
def test_tag_without_a_threshold_is_never_given(exclusive):
    certain = np.array([[1.0, 0.0]])
    assert not applied(certain, certain, np.array([np.nan, np.nan]), exclusive=exclusive).any()


def test_confidence_on_the_threshold_is_enough():
    assert applied(np.array([[0.3]]), np.array([[1.0]]), quantised(np.array([0.1 + 0.2])), exclusive=True).all()


@given(arrays(float, (4, 3), elements=st.floats(-1e6, 1e6)))
def test_confidences_are_thousandths(X):
    thousandths = scorer().confidences(X) * 1000
    np.testing.assert_allclose(thousandths, thousandths.round(), atol=1e-9)


def test_confidences_of_kernels_that_round_differently_agree():
    X = blobs(seed=5)[0]
    model = taught().scorer_
    singly = np.vstack([model.confidences(row[None]) for row in X])
    assert singly.tolist() == model.confidences(X).tolist()


@pytest.mark.req("M6a")
@pytest.mark.parametrize("exclusive", [True, False])
def test_image_unlike_every_tag_has_no_confidence(exclusive):
    assert scorer(exclusive=exclusive).confidences(np.array([[0.0, 0.0, 5.0]])).tolist() == [[0.0, 0.0]]


@pytest.mark.req("M6a")
def test_image_unlike_every_taught_one_has_no_confidence():
    unlike = np.zeros((1, DIMENSIONS))
    unlike[0, -1] = 7
    assert not taught().confidence(unlike).any()


def test_length_of_a_vector_does_not_make_it_more_alike():
    model = scorer(least_likeness=-0.05)
    assert model.confidences(np.array([[1.0, 0, 1]]))[0, 0] == model.confidences(np.array([[9.0, 0, 9]]))[0, 0] == 0


def test_probabilities_of_an_exclusive_model_add_up_to_one():
    np.testing.assert_allclose(scorer().probabilities(np.random.default_rng(0).normal(size=(9, 3))).sum(axis=1), 1)


def test_probabilities_of_independent_tags_are_their_confidences():
    X = np.random.default_rng(0).normal(size=(9, 3))
    model = scorer(exclusive=False)
    assert model.probabilities(X).tolist() == model.confidences(X).tolist()


def test_directions_have_length_one():
    np.testing.assert_allclose(directions(np.array([[3.0, 4.0], [0.0, 0.0]])), [[0.6, 0.8], [0, 0]])
