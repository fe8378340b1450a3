"""What scikit-learn expects of an estimator, kept so that scikit-learn itself is not needed."""

import inspect
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tagsmith.errors import ExamplesError, NotTrainedError

if TYPE_CHECKING:
    from sklearn.utils import Tags

Floats = NDArray[np.float64]


class Estimator:
    """Parameters by name, as scikit-learn's clone and grid search use them."""

    _estimator_type = "classifier"

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002, FBT001 - scikit-learn's signature
        """Return the constructor's parameters by name."""
        names = inspect.signature(type(self).__init__).parameters
        return {name: getattr(self, name) for name in names if name != "self"}

    def set_params(self, **params: Any) -> Self:
        """Set constructor parameters by name."""
        known = self.get_params()
        for name, value in params.items():
            if name not in known:
                raise ValueError(
                    f"Invalid parameter {name!r} for estimator {self}. Valid parameters are: {list(known)!r}"
                )
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        defaults = inspect.signature(type(self).__init__).parameters
        changed = [f"{name}={value!r}" for name, value in self.get_params().items() if value != defaults[name].default]
        return f"{type(self).__name__}({', '.join(changed)})"

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "n_features_in_")

    def __sklearn_tags__(self) -> "Tags":
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags  # noqa: PLC0415 - only scikit-learn asks

        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=True),
            classifier_tags=ClassifierTags(),
            input_tags=InputTags(),
        )


def not_fitted(name: str) -> Exception:
    """Return the error for use before `fit`; also scikit-learn's own kind, where scikit-learn is installed."""
    message = f"This {name} instance is not fitted yet; call 'fit' first."
    try:
        from sklearn.exceptions import NotFittedError  # noqa: PLC0415 - only to be caught by those who use it
    except ImportError:
        return NotTrainedError(message)
    both: type[Exception] = type("NotTrainedError", (NotTrainedError, NotFittedError), {})
    return both(message)


def as_matrix(X: ArrayLike) -> Floats:
    """Return X as a finite (rows, dimensions) float64 array.

    Raises
    ------
    ExamplesError
        X is complex, not two-dimensional, empty, or holds NaN or infinity.
    TypeError
        X is sparse.
    """
    if hasattr(X, "tocsr"):
        raise TypeError("Sparse data was passed, but dense data is required. Use '.toarray()' to convert to dense.")
    array = np.asarray(X)
    if np.iscomplexobj(array):
        raise ExamplesError("Complex data not supported")
    if array.ndim != 2:
        raise ExamplesError(f"Expected 2D array, got {array.ndim}D array instead. Reshape your data.")
    if 0 in array.shape:
        kind = "sample" if array.shape[0] == 0 else "feature"
        raise ExamplesError(f"Found array with 0 {kind}(s) (shape={array.shape}) while a minimum of 1 is required.")
    matrix = array.astype(np.float64)
    if not np.isfinite(matrix).all():
        raise ExamplesError("Input X contains NaN or infinity.")
    return matrix
