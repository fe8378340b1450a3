"""The public names of the package, and what importing it costs."""

import importlib.metadata
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import tagsmith

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
HEAVY = ["numpy", "onnxruntime", "PIL", "safetensors", "sklearn", "click", "pydantic", "django"]


def loaded_after(program):
    """The modules that a fresh interpreter has loaded after running a line."""
    command = f"import sys\n{program}\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_public_names_are_these():
    assert sorted(tagsmith.__all__) == [
        "Limits",
        "TagClassifier",
        "TagModel",
        "TagsmithError",
        "__version__",
        "read_example_tree",
    ]


@pytest.mark.parametrize("name", tagsmith.__all__)
def test_public_name_can_be_imported(name):
    scope = {}
    exec(f"from tagsmith import {name}", scope)
    assert scope[name] is getattr(tagsmith, name)


@pytest.mark.parametrize("name", sorted(set(tagsmith.__all__) - {"__version__"}))
def test_public_name_is_documented(name):
    assert getattr(tagsmith, name).__doc__


def test_names_are_listed():
    assert set(tagsmith.__all__) <= set(dir(tagsmith))


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'tagsmith' has no attribute 'TagModle'"):
        tagsmith.TagModle  # noqa: B018 - looking it up is the test


def test_import_costs_nothing():
    assert not loaded_after("import tagsmith").intersection(HEAVY)


@pytest.mark.req("A6e")
def test_estimator_needs_no_scikit_learn_and_no_web_framework():
    loaded = loaded_after("from tagsmith import TagClassifier, TagModel")
    assert "numpy" in loaded
    assert not loaded & {"sklearn", "click", "pydantic", "django"}


def test_version_is_that_of_the_package():
    assert tagsmith.__version__ == importlib.metadata.version("tagsmith")
    assert tagsmith.__version__ == tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["version"]
