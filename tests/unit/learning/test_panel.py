import numpy as np
import pytest

from tagsmith.learning.classifier import TagClassifier
from tagsmith.learning.panel import Panel


@pytest.fixture(scope="module")
def scorers():
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((6, 40))
    y = np.repeat(np.arange(6), 12)
    X = centres[y] + rng.standard_normal((72, 40))
    exclusive = TagClassifier().fit(X[:36], y[:36], background=X[36:])
    independent = TagClassifier(exclusive=False).fit(X[36:], np.eye(6, dtype=int)[y[36:]][:, 3:])
    return [exclusive.scorer_, independent.scorer_]


@pytest.fixture
def vectors():
    X = np.random.default_rng(1).standard_normal((50, 40))
    X[7] = 0
    return X


def test_panel_says_what_each_scorer_says_by_itself(scorers, vectors):
    products = Panel(scorers).products(vectors.astype(np.float32))
    for scorer, found in zip(scorers, products, strict=True):
        assert np.allclose(found[0], scorer.choice.scores(vectors), atol=1e-4)
        assert np.abs(scorer.judge(*found) - scorer.confidences(vectors)).max() <= 0.001


def test_one_tag_each_is_judged_as_all_are(scorers, vectors):
    for scorer, found in zip(scorers, Panel(scorers).products(vectors.astype(np.float32)), strict=True):
        columns = np.arange(50) % 3
        assert np.array_equal(scorer.judge_one(*found, columns), scorer.judge(*found)[np.arange(50), columns])
