"""Model files on the disk, as the tests write and read them."""

from pathlib import Path

from tagsmith.atomic import write_whole
from tagsmith.learning.model_file import dump_model, load_model


def write_model_file(path: Path, document, arrays) -> None:
    write_whole(path, dump_model(document, arrays))


def read_model_file(path: Path):
    with path.open("rb") as file:
        return load_model(file, str(path))
