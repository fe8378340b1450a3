"""Turns out-of-sample scores into probabilities: few parameters, fitted by penalised maximum likelihood.

Both fits are convex and small (two or three parameters), so plain Newton steps converge in a few rounds.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_ROUNDS = 100
_CONVERGED = 1e-9
_SHRINKAGE = 1e-3  # keeps the parameters finite when the examples are told apart perfectly

_Derivatives = Callable[[Floats], tuple[float, Floats, Floats]]


def softmax(scores: Floats) -> Floats:
    """Return each row of (rows, tags) scores as probabilities that add up to one."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities: Floats = raised / raised.sum(axis=1, keepdims=True)
    return probabilities


def log_softmax(scores: Floats) -> Floats:
    """Return the logarithms of `softmax`."""
    return scores - log_sum(scores)[:, None]


def log_sum(scores: Floats) -> Floats:
    """Return (rows,) the logarithm of the sum of the exponentials of (rows, tags)."""
    highest = scores.max(axis=1)
    total: Floats = highest + np.log(np.exp(scores - highest[:, None]).sum(axis=1))
    return total


def sigmoid(x: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)) without overflow."""
    return 0.5 * (1 + np.tanh(0.5 * x))


def stack(scores: list[Floats], labels: Ints) -> Floats:
    """Return one non-negative factor per head, such that softmax of the weighted sum fits `labels` best.

    Parameters
    ----------
    scores
        One (examples, tags) array of leave-one-out scores per head.
    labels
        (examples,), the true tag of each.

    Returns
    -------
    Floats
        (heads,): stacked generalisation (Wolpert, 1992) and temperature scaling (Guo et al., 2017) in one.
    """
    S = np.stack(scores)
    scale = np.maximum(S.std(axis=(1, 2)), 1e-12)
    S = S / scale[:, None, None]
    size = len(labels)
    true = S[:, np.arange(size), labels]

    def derivatives(a: Floats) -> tuple[float, Floats, Floats]:
        logits = np.tensordot(a, S, axes=1)
        P = softmax(logits)
        mean = np.einsum("nk,hnk->hn", P, S)
        loss = -np.log(np.maximum(P[np.arange(size), labels], 1e-300)).mean()
        gradient = (mean - true).mean(axis=1)
        centred = S - mean[:, :, None]
        hessian = np.einsum("nk,hnk,gnk->hg", P, centred, centred, optimize=True) / size
        return float(loss), gradient, hessian

    factors: Floats = _minimise(derivatives, np.ones(len(scores)), np.full(len(scores), _SHRINKAGE)) / scale
    return factors


def fit_logistic(features: Floats, targets: Floats, weights: Floats) -> tuple[Floats, float]:
    """Return non-negative coefficients and an intercept of P(right | features).

    Parameters
    ----------
    features
        (rows, features); more of any of them never makes a row less likely to be right.
    targets
        (rows,) shares that are right: of known ones see `smoothed`. A target above 1 is a row that also pulls for
        others, which are among the rows with a target of 0 because nobody knows which they are.
    weights
        (rows,), non-negative: how much each row counts.

    Returns
    -------
    coefficients : Floats
        (features,).
    intercept : float
    """
    mean = np.average(features, axis=0, weights=weights)
    scale = np.maximum(np.sqrt(np.average((features - mean) ** 2, axis=0, weights=weights)), 1e-12)
    F = np.column_stack([(features - mean) / scale, np.ones(len(features))])
    share = weights / weights.sum()

    def derivatives(a: Floats) -> tuple[float, Floats, Floats]:
        logits = F @ a
        p = sigmoid(logits)
        loss = share @ (np.logaddexp(0, logits) - targets * logits)
        return float(loss), F.T @ (share * (p - targets)), (F.T * (share * p * (1 - p))) @ F

    shrinkage = np.full(F.shape[1], _SHRINKAGE)
    shrinkage[-1] = 0
    start = np.append(np.full(F.shape[1] - 1, 0.5), 0.0)
    a = _minimise(derivatives, start, shrinkage, free=1)
    coefficients = a[:-1] / scale
    return coefficients, float(a[-1] - coefficients @ mean)


def smoothed(right: NDArray[np.bool_]) -> Floats:
    """Return targets for `fit_logistic` as Platt (1999) proposed: never quite 0 or 1, so that nothing is certain."""
    positives, negatives = int(right.sum()), int((~right).sum())
    targets: Floats = np.where(right, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    return targets


def _minimise(derivatives: _Derivatives, start: Floats, shrinkage: Floats, free: int = 0) -> Floats:
    """Return the minimum over parameters that are non-negative but for the last `free` ones.

    Newton with an active set: a parameter at zero whose gradient would push it below is held there.
    """
    bounded = np.arange(len(start)) < len(start) - free

    def penalised(a: Floats) -> tuple[float, Floats, Floats]:
        loss, gradient, hessian = derivatives(a)
        return loss + 0.5 * float(shrinkage @ a**2), gradient + shrinkage * a, hessian + np.diag(shrinkage + 1e-12)

    a = start
    loss, gradient, hessian = penalised(a)
    for _ in range(_ROUNDS):
        moving = ~(bounded & (a <= 0) & (gradient >= 0))
        if not moving.any():
            break
        step = np.zeros_like(a)
        step[moving] = np.linalg.solve(hessian[np.ix_(moving, moving)], gradient[moving])
        a, loss, gradient, hessian, moved = _line_search(penalised, a, step, loss, bounded)
        if moved < _CONVERGED:
            break
    return a


def _line_search(
    penalised: _Derivatives, a: Floats, step: Floats, loss: float, bounded: NDArray[np.bool_]
) -> tuple[Floats, float, Floats, Floats, float]:
    """Return the first of `a - step`, `a - step / 2`, … (kept in bounds) that lowers the loss."""
    length = 1.0
    while True:
        candidate = a - length * step
        candidate = np.where(bounded, np.maximum(candidate, 0), candidate)
        new_loss, gradient, hessian = penalised(candidate)
        if new_loss <= loss or length < 1e-6:
            return candidate, new_loss, gradient, hessian, float(np.abs(candidate - a).max())
        length /= 2
