"""Finding image files in folders: what is taken, what is passed over and why."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tagsmith.vision.decode import EXTENSIONS


@dataclass(frozen=True)
class Skipped:
    """A file or folder that was not taken, and the reason in a few words."""

    path: Path
    reason: str


def find_images(paths: Iterable[Path]) -> tuple[list[Path], list[Skipped]]:
    """Return the image files among `paths` and below its folders, each folder's sorted by name.

    A file that is named is taken whatever it is called; in a folder the extension decides. Hidden files,
    and links that lead out of their tree, are passed over.
    """
    images: list[Path] = []
    skipped: list[Skipped] = []
    for path in paths:
        if path.is_dir():
            for found in walk(path):
                if isinstance(found, Skipped):
                    skipped.append(found)
                else:
                    images.append(found)
        else:
            images.append(path)
    return images, skipped


def walk(root: Path) -> Iterator[Path | Skipped]:
    """Yield the image files below `root` in order of their names, and what else deserves a word."""
    real_root = root.resolve()
    for folder, subfolders, names in os.walk(root):
        if not os.access(folder, os.R_OK | os.X_OK):
            yield Skipped(Path(folder), "the folder cannot be read")
        followed = []
        for name in sorted(name for name in subfolders if not name.startswith(".")):
            if Path(folder, name).is_symlink():
                yield Skipped(Path(folder, name), "a link to a folder is not followed")
            else:
                followed.append(name)
        subfolders[:] = followed
        for path in (Path(folder, name) for name in sorted(names) if is_image_name(name)):
            if path.is_symlink() and not path.resolve().is_relative_to(real_root):
                yield Skipped(path, "a link that leads out of the folder is not followed")
            else:
                yield path


def is_image_name(name: str) -> bool:
    """Return whether a file of this name in a folder is taken for an image."""
    return not name.startswith(".") and Path(name).suffix.lower() in EXTENSIONS


def shown(path: Path) -> str:
    """Return the path as text that can always be printed; bytes that are not UTF-8 appear as \\xNN."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
