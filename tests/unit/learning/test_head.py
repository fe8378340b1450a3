"""Leave-one-out scores in closed form are what refitting without the example would give."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tagsmith.learning.head import fit_discriminant, fit_ridge, tag_means

COUNTS = st.lists(st.integers(2, 6), min_size=2, max_size=4)  # examples of each tag
DIMENSIONS = st.integers(1, 30)
SEEDS = st.integers(0, 1000)
PENALTIES = st.sampled_from([0.1, 1.0, 5.0])


def drawn(counts, dimensions, seed):
    labels = np.repeat(np.arange(len(counts)), counts)
    rng = np.random.default_rng(seed)
    rng.shuffle(labels)
    X = rng.normal(size=(len(labels), dimensions)) + rng.normal(size=(len(counts), dimensions))[labels]
    return X, labels, np.eye(len(counts))[labels], rng.uniform(0.2, 1, len(labels))


def ridge_by_hand(X, Y, weights, ridge, rows):
    """Scores of `rows` under the ridge regression that is solved in the dimensions, at an absolute penalty."""
    share = weights / weights.sum()
    mean, target_mean = share @ X, share @ Y
    weighted = (X - mean) * weights[:, None]
    coefficients = np.linalg.solve(weighted.T @ (X - mean) + ridge * np.eye(X.shape[1]), weighted.T @ (Y - target_mean))
    return (rows - mean) @ coefficients + target_mean


def ridge_of(X, weights, penalty):
    mean = weights @ X / weights.sum()
    return penalty * (weights @ ((X - mean) ** 2).sum(axis=1)) / weights.sum()


def discriminant_by_hand(X, labels, weights, rows, *, ridge, size):
    """Scores of `rows` under the discriminant whose precision is `size` times that of the ridged scatter."""
    means = tag_means(X, labels, weights)
    within = (X - means[labels]) * np.sqrt(weights)[:, None]
    precision = size * np.linalg.inv(within.T @ within + ridge * np.eye(X.shape[1]))
    return rows @ precision @ means.T - 0.5 * np.einsum("kd,de,ke->k", means, precision, means)


def within_ridge(X, labels, weights, penalty):
    offsets = X - tag_means(X, labels, weights)[labels]
    return penalty * (weights @ (offsets**2).sum(axis=1)) / weights.sum()


def assert_close(got, wanted):
    np.testing.assert_allclose(got, wanted, rtol=1e-6, atol=1e-6 * np.abs(wanted).max())


@given(COUNTS, DIMENSIONS, PENALTIES, SEEDS)
@settings(deadline=None)
def test_ridge_is_that_of_the_normal_equations(counts, dimensions, penalty, seed):
    X, _, Y, weights = drawn(counts, dimensions, seed)
    head = fit_ridge(X, Y, weights, penalty).head
    assert_close(head.scores(X), ridge_by_hand(X, Y, weights, ridge_of(X, weights, penalty), X))


@given(COUNTS, DIMENSIONS, PENALTIES, SEEDS)
@settings(deadline=None)
def test_ridge_leaves_each_example_out_exactly(counts, dimensions, penalty, seed):
    X, _, Y, weights = drawn(counts, dimensions, seed)
    ridge = ridge_of(X, weights, penalty)
    refitted = []
    for row in range(len(X)):
        rest = np.arange(len(X)) != row
        refitted.append(ridge_by_hand(X[rest], Y[rest], weights[rest], ridge, X[row]))
    assert_close(fit_ridge(X, Y, weights, penalty).leave_one_out, np.array(refitted))


@given(COUNTS, DIMENSIONS, PENALTIES, SEEDS)
@settings(deadline=None)
def test_ridge_without_a_tag_never_saw_it(counts, dimensions, penalty, seed):
    X, labels, Y, weights = drawn(counts, dimensions, seed)
    group = np.flatnonzero(labels == 0)
    rest = labels != 0
    refitted = ridge_by_hand(X[rest], Y[rest], weights[rest], ridge_of(X, weights, penalty), X[group])
    assert_close(fit_ridge(X, Y, weights, penalty).without(group, Y[group]), refitted)


def test_an_example_of_weight_two_counts_as_two():
    X, _, Y, _ = drawn([3, 4], 5, 0)
    twice = np.append(np.arange(len(X)), 0)
    weights = np.ones(len(X))
    weights[0] = 2
    once = fit_ridge(X, Y, weights, 1.0).head
    assert_close(once.scores(X), fit_ridge(X[twice], Y[twice], np.ones(len(twice)), 1.0).head.scores(X))


def test_ridge_of_identical_examples_says_how_common_a_tag_is():
    Y = np.eye(2)[[0, 0, 0, 1]]
    head = fit_ridge(np.ones((4, 3)), Y, np.ones(4), 1.0).head
    assert_close(head.scores(np.ones((1, 3))), np.array([[0.75, 0.25]]))


@given(COUNTS, DIMENSIONS, PENALTIES, SEEDS)
@settings(deadline=None)
def test_discriminant_is_that_of_the_within_tag_scatter(counts, dimensions, penalty, seed):
    X, labels, _, weights = drawn(counts, dimensions, seed)
    head = fit_discriminant(X, labels, weights, penalty).head
    ridge = within_ridge(X, labels, weights, penalty)
    by_hand = discriminant_by_hand(X, labels, weights, X, ridge=ridge, size=weights.sum())
    assert_close(head.scores(X), by_hand)


@given(COUNTS, DIMENSIONS, PENALTIES, SEEDS)
@settings(deadline=None)
def test_discriminant_leaves_each_example_out_exactly(counts, dimensions, penalty, seed):
    X, labels, _, weights = drawn(counts, dimensions, seed)
    ridge = within_ridge(X, labels, weights, penalty)
    refitted = []
    for row in range(len(X)):
        rest = np.arange(len(X)) != row
        by_hand = discriminant_by_hand(X[rest], labels[rest], weights[rest], X[row], ridge=ridge, size=weights.sum())
        refitted.append(by_hand)
    assert_close(fit_discriminant(X, labels, weights, penalty).leave_one_out, np.array(refitted))


def test_means_are_those_of_each_tag():
    X = np.array([[0.0, 0], [2, 4], [1, 1]])
    assert tag_means(X, np.array([1, 1, 0]), np.ones(3)).tolist() == [[1, 1], [1, 2]]
