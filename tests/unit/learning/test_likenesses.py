import numpy as np
import pytest

from tagsmith.learning import likenesses
from tagsmith.learning.head import fit_ridge
from tagsmith.learning.likenesses import leading, leave_one_out, small_look, told_apart
from tagsmith.learning.scoring import directions
from unit.learning.blobs import blobs, indicator


def test_scores_are_those_of_the_ridge_head_without_each_example():
    X, labels = blobs()
    Y = indicator(labels)
    expected = fit_ridge(X, Y.astype(float), np.ones(len(X)), 1.0).leave_one_out
    assert leave_one_out(X.astype(np.float32), Y) == pytest.approx(expected, abs=1e-4)


def test_leading_directions_keep_the_scores_of_many_images(monkeypatch):
    X, labels = blobs(each=60)
    whole = directions(X.astype(np.float32))
    monkeypatch.setattr(likenesses, "LEADING", 16)
    Z = leading(whole)
    assert Z.shape == (240, 16)
    scores = leave_one_out(Z, indicator(labels))
    assert (scores.argmax(axis=1) == labels).all()


def test_tags_with_the_same_examples_are_not_told_apart():
    X, labels = blobs(tags=2, each=20)
    split = np.where(labels == 1, 1 + np.arange(len(labels)) % 2, 0)
    shares = told_apart(leave_one_out(directions(X.astype(np.float32)), indicator(split)), split)
    assert shares[0, 1] == shares[2, 0] == 1
    assert shares[1, 2] == shares[2, 1] < 0.68


def test_small_look_is_the_group_unlike_the_rest():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20, 32))
    X[[3, 8, 15], 5] += 9
    rows, distance = small_look(X.astype(np.float32), 4)
    assert rows.tolist() == [3, 8, 15]
    assert distance > small_look(rng.normal(size=(20, 32)).astype(np.float32), 4)[1]
