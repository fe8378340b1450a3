import numpy as np
import pytest

from tagsmith.learning.labelling import doubt, worth_labelling
from unit.learning.blobs import blobs, taught


@pytest.fixture(scope="module")
def scorer():
    return taught().scorer_


@pytest.fixture(scope="module")
def between():
    """Images between the first two tags, and of the last two tags one each."""
    X, _ = blobs()
    middle = 0.5 * (X[0] + X[12])
    return np.stack([X[24], middle, X[36], middle + 1e-3])


@pytest.mark.req("M13a")
def test_image_between_two_tags_comes_before_those_that_are_clear(scorer, between):
    assert worth_labelling(scorer, between[:3], 1).tolist() == [1]


@pytest.mark.req("M13a")
def test_nearly_the_same_image_is_not_chosen_twice_before_others(scorer):
    X, _ = blobs()
    one, other = 0.5 * (X[0] + X[12]), 0.5 * (X[24] + X[36])
    pool = np.stack([one, one + 1e-3, one - 1e-3, other])
    assert 3 in worth_labelling(scorer, pool, 2)


def test_no_more_are_chosen_than_there_are_and_none_twice(scorer, between):
    assert sorted(worth_labelling(scorer, between, 10)) == [0, 1, 2, 3]
    assert worth_labelling(scorer, between[:0], 3).tolist() == []


def test_doubt_of_independent_tags_is_about_the_least_decided_one():
    X, labels = blobs()
    scorer = type(taught())(exclusive=False).fit(X, np.eye(4, dtype=int)[labels]).scorer_
    values = doubt(scorer, X)
    undecided = 1 - abs(2 * scorer.confidences(X) - 1)
    assert np.allclose(values, undecided.max(axis=1))
