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
        if is_folder(path):
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
    real_root = os.path.realpath(root)
    unreadable: list[OSError] = []
    for folder, subfolders, names in os.walk(root, onerror=unreadable.append):
        followed = []
        for name in sorted(name for name in subfolders if not name.startswith(".")):
            if _is_link(Path(folder, name)):
                yield Skipped(Path(folder, name), "a link to a folder is not followed")
            else:
                followed.append(name)
        subfolders[:] = followed
        for path in (Path(folder, name) for name in sorted(names) if is_image_name(name)):
            if _is_link(path) and not Path(os.path.realpath(path)).is_relative_to(real_root):
                yield Skipped(path, "a link that leads out of the folder is not followed")
            else:
                yield path
    for error in unreadable:
        yield Skipped(Path(error.filename), f"the folder cannot be read: {error.strerror}")


def is_folder(path: Path) -> bool:
    """Return whether this is a folder; no error where that cannot be seen, as reading the file will say why."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_link(path: Path) -> bool:
    try:
        return path.is_symlink()
    except OSError:  # a folder that can be listed, but whose files cannot be seen
        return False


def is_image_name(name: str) -> bool:
    """Return whether a file of this name in a folder is taken for an image."""
    return not name.startswith(".") and Path(name).suffix.lower() in EXTENSIONS


def shown(path: Path) -> str:
    """Return the path as text that can always be printed; bytes that are not UTF-8 appear as \\xNN."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
