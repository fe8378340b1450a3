from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def encoder_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache for the bundled encoders, so that their graphs are built once."""
    return tmp_path_factory.mktemp("encoders")
