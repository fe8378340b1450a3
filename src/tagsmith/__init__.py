"""Teach a computer your own image tags from a few examples each, and tag the rest of your library.

The library half needs no server::

    from tagsmith import TagModel

    model = TagModel().fit({"boot": [...], "sandal": [...]})
    model.predict(paths)  # the best tag of each
    list(model.tag(paths))  # the tags past their thresholds, possibly none

Names are imported when they are first used, so that `import tagsmith` costs nothing.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tagsmith.errors import TagsmithError
    from tagsmith.learning.classifier import TagClassifier
    from tagsmith.learning.examples import Limits, read_example_tree
    from tagsmith.learning.tag_model import TagModel

__version__ = "0.1.0"
__all__ = ["Limits", "TagClassifier", "TagModel", "TagsmithError", "__version__", "read_example_tree"]

_HOMES = {
    "Limits": "tagsmith.learning.examples",
    "TagClassifier": "tagsmith.learning.classifier",
    "TagModel": "tagsmith.learning.tag_model",
    "TagsmithError": "tagsmith.errors",
    "read_example_tree": "tagsmith.learning.examples",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
