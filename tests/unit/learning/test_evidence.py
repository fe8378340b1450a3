"""What a model says of examples it has not seen, and of tags it was never taught."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagsmith.learning.calibration import sigmoid
from tagsmith.learning.evidence import (
    REHEARSED,
    Claims,
    exclusive_evidence,
    exclusive_factors,
    independent_evidence,
    likeness_without_each,
    rehearse,
    typical_likeness,
)
from tagsmith.learning.head import fit_ridge
from tagsmith.learning.scoring import LIKENESS, directions
from unit.learning.blobs import blobs, indicator

SEEDS = st.integers(0, 1000)


NO_LIBRARY = Claims(np.empty(0, int), np.empty((0, 3)))


def rehearsed(tags=3, each=5, *, seed=0, spread=1.0, library=NO_LIBRARY):
    X, labels = blobs(tags, each, seed=seed, spread=spread)
    Y = indicator(labels)
    ridge = fit_ridge(X, Y.astype(float), np.ones(len(X)), 1.0)
    return rehearse(ridge.leave_one_out, ridge, likeness_without_each(X, Y), labels, library), labels


def exclusive(tags=3, each=5, prevalence=0.5, **drawn):
    rehearsal, labels = rehearsed(tags, each, **drawn)
    return exclusive_evidence(rehearsal, prevalence), labels


def independent(Y, prevalence=0.5):
    X = np.random.default_rng(0).normal(size=(len(Y), 8))
    ridge = fit_ridge(X, Y.astype(float), np.ones(len(X)), 1.0)
    return independent_evidence(ridge.leave_one_out, likeness_without_each(X, Y), Y, prevalence)


@given(st.integers(2, 12), st.integers(2, 8), SEEDS)
@settings(deadline=None)
def test_likeness_leaves_each_example_out_of_its_own_tags(size, dimensions, seed):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(size, dimensions)) + 1
    Y = rng.random((size, 3)) < 0.6
    wanted = np.zeros(Y.shape)
    for row, tag in np.ndindex(*Y.shape):
        others = Y[:, tag] & (np.arange(size) != row)
        if others.any():
            wanted[row, tag] = directions(X[row : row + 1])[0] @ directions(directions(X)[others].sum(axis=0)[None])[0]
    alone = Y & (Y.sum(axis=0) == 1)  # nothing left to be like
    np.testing.assert_allclose(likeness_without_each(X, Y)[~alone], wanted[~alone], atol=1e-6)


def test_likeness_of_the_only_example_of_a_tag_is_finite():
    assert np.isfinite(likeness_without_each(np.eye(2), np.eye(2, dtype=bool))).all()


def test_typical_likeness_is_drawn_towards_that_of_all_tags():
    Y = indicator(np.repeat([0, 1], 5))
    likeness = np.where(Y, np.repeat([0.9, 0.5], 5)[:, None], 0.0)
    typical = typical_likeness(likeness, Y)
    assert 0.9 > typical[0] > 0.7 > typical[1] > 0.5
    assert typical.mean() == pytest.approx(0.7)


def test_every_example_is_seen_once_taught_and_once_as_a_stranger():
    evidence, labels = exclusive()
    assert len(evidence.tags) == len(evidence.right) == len(evidence.features) == 2 * len(labels)


def test_taught_example_is_right_where_its_own_tag_wins():
    evidence, labels = exclusive(spread=3.0)
    claimed = evidence.tags[: len(labels)]
    assert evidence.right[: len(labels)].tolist() == (claimed == labels).tolist()
    assert 0 < evidence.right[: len(labels)].mean() < 1


@pytest.mark.req("M6a")
@given(st.integers(2, 4), st.integers(2, 6), SEEDS)
@settings(deadline=None, max_examples=25)
def test_stranger_never_claims_its_own_tag(tags, each, seed):
    evidence, labels = exclusive(tags, each, seed=seed)
    assert (evidence.tags[len(labels) :] != labels).all()
    assert not evidence.right[len(labels) :].any()


@pytest.mark.req("M6a")
def test_stranger_shows_less_of_a_tag_than_an_image_of_it():
    evidence, labels = exclusive()
    taught, stranger = evidence.features[: len(labels)], evidence.features[len(labels) :]
    assert stranger[:, LIKENESS].max() < taught[:, LIKENESS].min()


def test_stranger_is_scored_as_if_its_tag_had_never_been_taught():
    X, labels = blobs(3, 5)
    Y = np.eye(3)[labels]
    ridge = fit_ridge(X, Y, np.ones(len(X)), 1.0)
    choice = np.where(labels[:, None] == 0, [0.0, 1.0, 0.0], [1.0, 0.0, 0.0])  # so the strangers claim 1, 0 and 0
    likeness = likeness_without_each(X, Y.astype(bool))
    evidence = exclusive_evidence(rehearse(choice, ridge, likeness, labels, NO_LIBRARY), 0.5)
    group = np.flatnonzero(labels == 2)
    presence = evidence.features[len(labels) :][group, 0]
    np.testing.assert_allclose(presence, ridge.without(group, Y[group])[:, 0])


@pytest.mark.parametrize(("prevalence", "weight"), [(0.5, 1.0), (0.1, 9.0), (1.0, 0.0)])
def test_strangers_weigh_as_they_are_common_in_the_library(prevalence, weight):
    evidence, labels = exclusive(prevalence=prevalence)
    assert (evidence.weights[: len(labels)] == 1).all()
    np.testing.assert_allclose(evidence.weights[len(labels) :], weight)


@pytest.mark.req("M5b")
def test_every_tag_of_every_example_is_a_claim():
    Y = np.array([[1, 1, 0], [1, 0, 0], [0, 1, 1], [0, 0, 1]], bool)
    evidence = independent(Y)
    assert evidence.right.tolist() == Y.ravel().tolist()
    assert evidence.tags.tolist() == [0, 1, 2] * 4


@pytest.mark.parametrize("prevalence", [0.1, 0.5, 0.9])
def test_independent_claims_weigh_as_tags_are_common_in_the_library(prevalence):
    Y = np.array([[1, 1], [1, 0], [0, 1], [0, 1]], bool)
    evidence = independent(Y, prevalence)
    for tag in range(2):
        own = evidence.tags == tag
        share = evidence.weights[own & (evidence.right == 1)].sum() / evidence.weights[own].sum()
        assert share == pytest.approx(prevalence * Y[:, tag].mean())


def library_of(images, seed=0):
    rng = np.random.default_rng(seed)
    return Claims(np.zeros(images, int), rng.normal(size=(images, 3)))


def test_nobody_knows_whether_claims_on_the_library_are_right():
    evidence, labels = exclusive(library=library_of(40))
    assert np.isnan(evidence.right[2 * len(labels) :]).all()
    assert not np.isnan(evidence.right[: 2 * len(labels)]).any()


@pytest.mark.parametrize("images", [50, 5000])
def test_larger_library_counts_for_more_of_the_evidence(images):
    evidence, labels = exclusive(library=library_of(images))
    share = evidence.weights[2 * len(labels) :].sum() / evidence.weights.sum()
    assert share == pytest.approx(images / (images + REHEARSED))


@pytest.mark.parametrize("prevalence", [0.2, 0.8])
def test_images_of_the_library_are_believed_as_they_are_common(prevalence):
    rehearsal, _ = rehearsed(each=20)
    rng = np.random.default_rng(1)
    shown = rehearsal.taught.features[rng.integers(0, 60, int(4000 * prevalence))]
    others = rehearsal.strangers.features[rng.integers(0, 60, 4000 - len(shown))]
    features = np.vstack([shown, others]) + rng.normal(scale=0.01, size=(4000, 3))
    library = Claims(np.zeros(4000, int), features)
    rehearsal, _ = rehearsed(each=20, library=library)
    coefficients, intercepts = exclusive_factors(rehearsal, prevalence)
    believed = sigmoid(features @ coefficients[0] + intercepts[0])
    assert believed.mean() == pytest.approx(prevalence, abs=0.05)
    assert believed[: len(shown)].mean() > believed[len(shown) :].mean() + 0.5
