"""What scikit-learn expects of parameters and input, held without scikit-learn."""

import subprocess
import sys

import numpy as np
import pytest

from tagsmith.errors import ExamplesError, NotTrainedError
from tagsmith.learning.classifier import TagClassifier
from tagsmith.learning.estimator import as_matrix

pytestmark = pytest.mark.req("A6e")

REFUSED = {
    "a row": ([1.0, 2.0], "Expected 2D array, got 1D array"),
    "a stack": (np.zeros((2, 2, 2)), "got 3D array"),
    "no rows": (np.zeros((0, 3)), "0 sample"),
    "no columns": (np.zeros((3, 0)), "0 feature"),
    "not a number": ([[np.nan, 1.0]], "NaN or infinity"),
    "infinity": ([[np.inf, 1.0]], "NaN or infinity"),
    "complex": ([[1j]], "Complex data"),
}


def test_parameters_come_back_by_name():
    assert TagClassifier(penalty=3.0).get_params() == {
        "exclusive": True,
        "penalty": 3.0,
        "target_precision": 0.9,
        "suggest_precision": 0.5,
        "prevalence": None,
        "background_share": 0.6,
    }


def test_parameters_are_set_by_name():
    model = TagClassifier()
    assert model.set_params(penalty=2.0, exclusive=False) is model
    assert (model.penalty, model.exclusive) == (2.0, False)


def test_unknown_parameter_is_refused_by_name():
    with pytest.raises(ValueError, match=r"Invalid parameter 'penalti' .*'penalty'"):
        TagClassifier().set_params(penalti=2.0)


def test_shown_with_the_parameters_that_were_changed():
    assert repr(TagClassifier(penalty=2.0)) == "TagClassifier(penalty=2.0)"


@pytest.mark.parametrize("what", REFUSED)
def test_input_that_is_no_table_of_numbers_is_refused(what):
    X, reason = REFUSED[what]
    with pytest.raises(ExamplesError, match=reason):
        as_matrix(X)


def test_whole_numbers_become_floats():
    assert as_matrix([[1, 2]]).dtype == np.float64


def test_given_array_is_not_changed_by_a_change_of_the_matrix():
    X = np.ones((2, 2))
    as_matrix(X)[0, 0] = 5
    assert X[0, 0] == 1


@pytest.mark.parametrize("call", ["predict", "predict_proba", "confidence", "apply"])
def test_asked_before_fit_says_so(call):
    with pytest.raises(NotTrainedError, match="call 'fit' first"):
        getattr(TagClassifier(), call)(np.ones((1, 2)))


def test_works_where_scikit_learn_is_not_installed():
    program = """
import sys
sys.modules["sklearn"] = None
from tagsmith import TagClassifier
from tagsmith.errors import NotTrainedError
try:
    TagClassifier().predict([[1.0]])
except NotTrainedError:
    print(TagClassifier().fit([[0.0, 1], [0, 2], [1, 0], [2, 0]], ["up", "up", "on", "on"]).predict([[0.0, 3]])[0])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "up\n"
