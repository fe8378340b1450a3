"""How much of a library shows any of a model's tags: estimated from its unlabelled images."""

import math

import numpy as np
from numpy.typing import NDArray

from tagsmith.learning.calibration import fit_logistic, sigmoid, smoothed

Floats = NDArray[np.float64]

UNKNOWN = 0.5  # without a library
PRIOR_IMAGES = 5  # how many images of a library this counts for
BOUNDS = (0.02, 0.98)
SURE = 0.4  # quantile of the examples above which an image counts as sure to show a tag

_ROUNDS = 200


def estimate_prevalence(taught: Floats, strangers: Floats, library: Floats) -> float:
    """Return the share of the library that shows any of the tags.

    The geometric middle of two estimates that err on opposite sides, but never above the second, which is a bound.
    The likelihood takes the library's strangers to score as the rehearsed ones do. Where they look less like the tags,
    as in a library of many kinds, it finds too few; where they look more like them, too many.

    Parameters
    ----------
    taught, strangers, library
        (rows, kinds) evidence for the winning tag: of examples that were left out, of examples whose tag was left
        out, and of the library's images.
    """
    shown = np.concatenate([np.ones(len(taught), bool), np.zeros(len(strangers), bool)])
    coefficients, intercept = fit_logistic(np.vstack([taught, strangers]), smoothed(shown), np.ones(len(shown)))
    examples, images = taught @ coefficients + intercept, library @ coefficients + intercept
    bound = share_as_sure(examples, images)
    return min(bound, math.sqrt(bound * _most_likely(images)))


def share_as_sure(examples: Floats, images: Floats) -> float:
    """Return how common images are that score like the surer examples, of the (rows,) scores of both.

    An upper bound of the prevalence but for chance: every image that shows a tag is as likely to be sure as an example.
    """
    sure = np.quantile(examples, SURE)
    return _drawn_to_unknown(float((images >= sure).mean() / (examples >= sure).mean()), len(images))


def _most_likely(logits: Floats) -> float:
    """Return the share that makes images with these log odds, given for a half, most likely.

    Source: Saerens, Latinne and Decaestecker, "Adjusting the outputs of a classifier to new a priori probabilities",
    Neural Computation 14 (2002).
    """
    share = UNKNOWN
    for _ in range(_ROUNDS):
        share = float(np.clip(sigmoid(logits + np.log(share / (1 - share))).mean(), *BOUNDS))
    return _drawn_to_unknown(share, len(logits))


def _drawn_to_unknown(share: float, images: int) -> float:
    drawn = (images * min(share, 1.0) + PRIOR_IMAGES * UNKNOWN) / (images + PRIOR_IMAGES)
    return float(np.clip(drawn, *BOUNDS))
