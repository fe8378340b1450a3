"""The two linear heads that a tag model combines, both in closed form with exact leave-one-out scores.

Everything that depends on the number of dimensions is done through the Gram matrix of the examples,
so that fitting costs the same for 1,280 and for 4,000 dimensions.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Linear:
    """Scores `X @ weights.T + bias`.

    Attributes
    ----------
    weights
        (tags, dimensions).
    bias
        (tags,).
    """

    weights: Floats
    bias: Floats

    def scores(self, X: Floats) -> Floats:
        """Return the (rows, tags) scores of the (rows, dimensions) vectors."""
        return X @ self.weights.T + self.bias


@dataclass(frozen=True)
class Fitted:
    """A head and what it says about its own examples without having seen them.

    Attributes
    ----------
    head
        Fitted on all examples.
    leave_one_out
        (examples, tags): row i is what the head fitted without example i says of example i.
    """

    head: Linear
    leave_one_out: Floats


def fit_ridge(X: Floats, Y: Floats, weights: Floats, penalty: float) -> "RidgeFit":
    """Fit a weighted ridge regression with intercept on 0/1 targets.

    Parameters
    ----------
    X
        (examples, dimensions).
    Y
        (examples, tags), the targets.
    weights
        (examples,), positive; an example of weight 0.3 counts as three tenths of one.
    penalty
        Ridge penalty in units of the examples' mean squared distance from their mean.

    Returns
    -------
    RidgeFit
        With the exact leave-one-out scores at this penalty (the PRESS identity for a linear smoother:
        Allen, "The relationship between variable selection and data augmentation", 1974).
    """
    share = weights / weights.sum()
    root = np.sqrt(weights)[:, None]
    mean, target_mean = share @ X, share @ Y
    centred = (X - mean) * root
    gram = centred @ centred.T
    ridge = penalty * _mean_square(gram, weights)
    inverse = np.linalg.inv(_ridged(gram, ridge))
    head_weights = (inverse @ ((Y - target_mean) * root)).T @ centred
    head = Linear(head_weights, target_mean - head_weights @ mean)
    smoother = np.sqrt(np.outer(share, share)) - ridge * inverse  # gram @ inverse = 1 - ridge inverse
    smoother[np.diag_indices_from(smoother)] += 1
    residual = Y - head.scores(X)
    left_out = residual / np.maximum(1 - np.diag(smoother), _TINY)[:, None]
    return RidgeFit(head, Y - left_out, smoother, residual, root)


@dataclass(frozen=True)
class RidgeFit(Fitted):
    """A fitted ridge regression that can also say what it would be without whole groups of examples."""

    smoother: Floats
    residual: Floats
    root: Floats

    def without(self, group: Ints, targets: Floats) -> Floats:
        """Return (group, tags): the group's scores under the head fitted without all of the group.

        `targets` are the group's rows of Y. Exact: the PRESS identity for a block of rows.
        """
        block = np.eye(len(group)) - self.smoother[np.ix_(group, group)]
        left_out = np.linalg.solve(block, self.residual[group] * self.root[group]) / self.root[group]
        return targets - left_out


def fit_discriminant(X: Floats, labels: Ints, weights: Floats, penalty: float) -> Fitted:
    """Fit a linear discriminant whose within-tag scatter is shrunk towards a sphere.

    Parameters
    ----------
    X
        (examples, dimensions).
    labels
        (examples,), 0 … tags - 1; every tag has at least two examples.
    weights
        (examples,), positive, at most 1: how much of an example each counts for.
    penalty
        What is added to the scatter's diagonal, in units of the examples' mean squared distance from
        their tag's mean.

    Returns
    -------
    Fitted
        With equal priors. The leave-one-out scores are exact at the full fit's penalty: leaving example i
        out moves its tag's mean and takes a rank-one term from the scatter (Sherman-Morrison).
    """
    counts: Floats = np.bincount(labels, weights).astype(np.float64)
    means = tag_means(X, labels, weights)
    within = (X - means[labels]) * np.sqrt(weights)[:, None]
    gram = within @ within.T
    ridge = penalty * _mean_square(gram, weights)
    inverse = np.linalg.inv(_ridged(gram, ridge))
    # (scatter + ridge I)^-1 applied to the means, by Woodbury; the sum of the weights turns scatter into covariance
    heads = weights.sum() * (means - (inverse @ (within @ means.T)).T @ within) / ridge
    head = Linear(heads, -0.5 * np.einsum("kd,kd->k", heads, means))
    spread = weights.sum() * (1 - ridge * np.diag(inverse)) / weights
    return Fitted(head, _discriminant_without_each(head, X, means[labels], labels, (weights, counts[labels], spread)))


def _discriminant_without_each(
    head: Linear, X: Floats, own_means: Floats, labels: Ints, masses: tuple[Floats, Floats, Floats]
) -> Floats:
    """Return row i as scored by the discriminant fitted without example i.

    With A the full fit's precision, m the mean of the example's tag, w = x - m its offset, u its weight and c its
    tag's, leaving the example out makes the mean m - h w, with h = u / (c - u), and the precision A + g (Aw)(Aw)',
    where g = r / (n - r w'Aw), r = u c / (c - u) and n the weight of all. `masses` holds u, c and w'Aw.
    """
    rows = np.arange(len(X))
    weight, count, spread = masses
    r = weight * count / (count - weight)
    g = r / np.maximum(weight.sum() - r * spread, _TINY)
    mean_squares = -2 * head.bias  # m_k'A m_k
    to_means = head.scores(X) - head.bias  # x'A m_k
    offset_to_means = (X - own_means) @ head.weights.T  # w'A m_k
    offset_to_x = spread + offset_to_means[rows, labels]  # w'A x, as x = m + w

    scores: Floats = to_means + (g * offset_to_x)[:, None] * offset_to_means
    scores -= 0.5 * (mean_squares + g[:, None] * offset_to_means**2)

    h = weight / (count - weight)  # the example's own tag: its mean moves by -h w
    own = offset_to_means[rows, labels]
    x_to_mean = to_means[rows, labels] - h * offset_to_x
    offset_to_mean = own - h * spread
    mean_square = mean_squares[labels] - 2 * h * own + h**2 * spread
    scores[rows, labels] = x_to_mean + g * offset_to_x * offset_to_mean - 0.5 * (mean_square + g * offset_to_mean**2)
    return scores


def tag_means(X: Floats, labels: Ints, weights: Floats) -> Floats:
    """Return the (tags, dimensions) weighted mean of each tag's rows."""
    counts = np.bincount(labels, weights)
    shares = np.eye(len(counts))[labels] * weights[:, None] / counts
    means: Floats = shares.T @ X
    return means


_TINY = 1e-12


def _ridged(gram: Floats, ridge: float) -> Floats:
    ridged: Floats = gram.copy()
    ridged[np.diag_indices_from(ridged)] += ridge
    return ridged


def _mean_square(gram: Floats, weights: Floats) -> float:
    """Return the weighted mean squared length behind `gram`; a tiny positive number when all are alike."""
    return max(float(np.trace(gram) / weights.sum()), _TINY)
