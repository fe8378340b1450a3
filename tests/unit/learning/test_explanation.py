import numpy as np
import pytest

from tagsmith.learning.explanation import nearest_examples, runner_up
from unit.learning.blobs import blobs, taught

EXAMPLES = np.array([[1.0, 0], [0, 5], [3, 3], [-1, 0]])


@pytest.mark.req("M14a")
def test_most_alike_examples_come_first_whatever_their_length():
    found = nearest_examples([2.0, 0.1], EXAMPLES, count=3)
    assert [near.row for near in found] == [0, 2, 1]
    assert found[0].cosine == pytest.approx(2 / np.hypot(2, 0.1))


def test_fewer_examples_than_asked_for_are_all_given():
    assert [near.row for near in nearest_examples([0.0, 1], EXAMPLES[:2])] == [1, 0]


def test_runner_up_is_the_best_of_the_other_tags():
    X, _ = blobs()
    between = 0.7 * X[0] + 0.6 * X[12]
    scorer = taught().scorer_
    assert runner_up(scorer, between, np.array([0])) == 1
    assert runner_up(scorer, between, np.array([1])) == 0


def test_runner_up_of_tags_that_do_not_exclude_each_other_is_the_most_confident_one():
    X, labels = blobs()
    Y = np.eye(4, dtype=int)[labels]
    scorer = type(taught())(exclusive=False).fit(X, Y).scorer_
    assert runner_up(scorer, 0.7 * X[0] + 0.6 * X[12], np.array([0])) == 1
