"""The command line as a user has it, with the fast encoder and one drawn library for all tests."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drawings import draw_tree

Run = Callable[..., subprocess.CompletedProcess[str]]
TAGSMITH = (sys.executable, "-c", "from tagsmith.config.main import main; main()")


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    cache = tmp_path_factory.mktemp("cache")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TAGSMITH_")}
    return {**kept, "TAGSMITH_ENCODER": "fast", "TAGSMITH_CACHE": str(cache)}


@pytest.fixture(scope="session")
def tagsmith(environment: dict[str, str]) -> Run:
    """Run `tagsmith` with arguments; settings by keyword."""

    def run(*arguments: object, cwd: Path | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*TAGSMITH, *map(os.fspath, map(str, arguments))],
            cwd=cwd,
            env={**environment, **{f"TAGSMITH_{name.upper()}": value for name, value in settings.items()}},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with `teach` (three kinds) and `library` (those, and one that is never taught)."""
    root = tmp_path_factory.mktemp("drawn")
    draw_tree(root / "teach", ("disc", "stripes", "star"), 12)
    draw_tree(root / "library", ("disc", "stripes", "star", "grid"), 6, first=100)
    return root


@pytest.fixture(scope="session")
def model(tagsmith: Run, drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a model file taught with `drawn / "teach"`."""
    file = tmp_path_factory.mktemp("model") / "shapes.tagsmith"
    done = tagsmith("learn", drawn / "teach", "-o", file)
    assert done.returncode == 0, done.stderr
    return file
