"""Where benchmarks live: a folder in which the embedded database can work, as others may enter it; a library there."""

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def large_library(parser: argparse.ArgumentParser) -> Iterator[argparse.Namespace]:
    """Open a library for the time of a benchmark, where the command line says and as large as it says, or say how."""
    parser.add_argument("--assets", type=int, default=100_000)
    parser.add_argument("--data", type=Path, help="keep the library there, and use it if it is there already")
    options = parser.parse_args()
    os.environ.pop("OPENBLAS_CORETYPE", None)
    with scratch_folder() as scratch:
        os.environ["TAGSMITH_DATA"] = str(options.data or scratch / "library")
        from tagsmith.config.library import open_library
        from tagsmith.config.settings import load_settings

        with open_library(load_settings()):
            yield options
