"""Teaching examples: a folder per tag, the limits they must keep, and images that count only once."""

import os
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tagsmith.errors import ExamplesError
from tagsmith.learning.scoring import directions
from tagsmith.sentences import fill, forms, joined, say
from tagsmith.vision.files import Skipped, is_folder, is_image_name, shown, walk
from tagsmith.vision.stream import Encoded

NEARLY_THE_SAME = 0.95  # cosine of two embeddings; see docs/quality.md
THE_SAME = 1 - 1e-6  # identical pixels give identical vectors, but for rounding
UNFIT = {"Cc", "Cs", "Zl", "Zp"}  # controls, line ends, and the surrogates that stand for bytes that are not UTF-8


_TAGS = forms("{count} tag; a tag model has {least} to {most}", "{count} tags; a tag model has {least} to {most}")
_EXAMPLES = forms(
    "{tag}: {count} different example; a tag needs {least} to {most}",
    "{tag}: {count} different examples; a tag needs {least} to {most}",
)


@dataclass(frozen=True)
class Limits:
    """How many tags a tag model may have, and how many different examples a tag."""

    min_tags: int = 2
    max_tags: int = 50
    min_examples: int = 10
    max_examples: int = 50

    def check(self, counts: Mapping[str, int]) -> None:
        """Raise ExamplesError that names every tag whose count of different examples is out of bounds."""
        problems = []
        if not self.min_tags <= len(counts) <= self.max_tags:
            problems.append(fill(_TAGS, count=len(counts), least=self.min_tags, most=self.max_tags))
        problems += [
            fill(_EXAMPLES, tag=tag, count=count, least=self.min_examples, most=self.max_examples)
            for tag, count in counts.items()
            if not self.min_examples <= count <= self.max_examples
        ]
        if problems:
            raise ExamplesError(joined("\n", problems))


@dataclass(frozen=True)
class ExampleTree:
    """What a folder per tag holds: image files by tag id, and what was passed over."""

    tags: dict[str, list[Path]] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)


def read_example_tree(root: Path) -> ExampleTree:
    """Return the images below `root` by the folder they lie in.

    A nested folder is a hierarchical tag: `fruit/apple/pink-lady`. Images that lie in `root` itself,
    folders without images and names that no tag can have are passed over and named.

    Raises
    ------
    ExamplesError
        `root` is no folder that can be read.
    """
    if not is_folder(root):
        wrong = say("not a folder") if os.access(root, os.F_OK) else say("no such folder")
        raise ExamplesError("{path}: {wrong}", path=shown(root), wrong=wrong)
    tree = ExampleTree()
    for found in walk(root):
        if isinstance(found, Skipped):
            tree.skipped.append(found)
        elif found.parent == root:
            tree.skipped.append(Skipped(found, "lies in no tag's folder"))
        elif reason := _unfit_name(tag := tag_of(found, root)):
            tree.skipped.append(Skipped(found, reason))
        else:
            tree.tags.setdefault(tag, []).append(found)
    tree.skipped.extend(Skipped(folder, "no images in this folder") for folder in _empty_folders(root))
    return tree


def tag_of(image: Path, root: Path) -> str:
    """Return the tag id that an image's folder below `root` stands for."""
    return "/".join(unicodedata.normalize("NFC", part) for part in image.parent.relative_to(root).parts)


def _unfit_name(tag: str) -> str:
    if ":" in tag:
        return "a tag's name cannot hold ':'"
    if any(unicodedata.category(character) in UNFIT for character in tag):
        return "the folder's name is not printable UTF-8 text"
    return ""


def _empty_folders(root: Path) -> Iterator[Path]:
    """Yield the folders that hold nothing a tag could be taught with: no images and no folders."""
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        if not subfolders and not any(is_image_name(name) for name in names) and Path(folder) != root:
            yield Path(folder)


def repeats(vectors: NDArray[np.float32], alike: float = NEARLY_THE_SAME) -> dict[int, int]:
    """Return which rows are nearly the same image as an earlier row, and as which.

    Parameters
    ----------
    vectors
        (images, dimensions) embeddings.
    alike
        Cosine from which two images count as nearly the same.
    """
    unit = directions(vectors.astype(np.float64))
    near = unit @ unit.T >= alike
    same_as: dict[int, int] = {}
    for row in range(len(unit)):
        earlier = (int(kept) for kept in np.flatnonzero(near[row, :row]) if kept not in same_as)
        if (first := next(earlier, None)) is not None:
            same_as[row] = first
    return same_as


@dataclass(frozen=True)
class Examples:
    """Encoded teaching examples: names and vectors by tag, and what was left out."""

    names: dict[str, list[Path]]
    vectors: dict[str, NDArray[np.float32]]
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def tags(self) -> list[str]:
        """The tags, in the order of the columns."""
        return list(self.vectors)

    def as_matrices(self) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Return (examples, dimensions) vectors and (examples, tags) which tags each shows.

        An image that teaches several tags becomes one row with all of them.
        """
        X = np.concatenate(list(self.vectors.values()))
        Y = np.repeat(np.eye(len(self.vectors), dtype=bool), [len(rows) for rows in self.vectors.values()], axis=0)
        same_as = repeats(X, alike=THE_SAME)
        for row, first in same_as.items():
            Y[first] |= Y[row]
        kept = [row for row in range(len(X)) if row not in same_as]
        return X[kept], Y[kept]


def distinct(encoded: Mapping[str, Sequence[Encoded]], *, exclusive: bool) -> Examples:
    """Return the examples that count, and the others with the reason.

    Left out are files that could not be read, an image that is nearly the same as an earlier one of its tag,
    and in an exclusive model an image that already teaches another tag.
    """
    examples = Examples({}, {})
    for tag, items in encoded.items():
        readable = [item for item in items if item.vector is not None]
        examples.skipped.extend(Skipped(item.path, item.error) for item in items if item.vector is None)
        vectors = np.stack([item.vector for item in readable if item.vector is not None]) if readable else _NOTHING
        left_out = {
            row: f"nearly the same image as {shown(readable[first].path)}" for row, first in repeats(vectors).items()
        }
        if exclusive:
            left_out.update(_taught_elsewhere(vectors, examples))
        examples.skipped.extend(Skipped(readable[row].path, reason) for row, reason in sorted(left_out.items()))
        kept = [row for row in range(len(readable)) if row not in left_out]
        examples.names[tag] = [readable[row].path for row in kept]
        examples.vectors[tag] = vectors[kept]
    return examples


_NOTHING = np.empty((0, 0), np.float32)


def _taught_elsewhere(vectors: NDArray[np.float32], examples: Examples) -> Iterator[tuple[int, str]]:
    unit = directions(vectors.astype(np.float64))
    for tag, taught in examples.vectors.items():
        if not (len(taught) and len(unit)):
            continue
        cosines = unit @ directions(taught.astype(np.float64)).T
        for row in np.flatnonzero(cosines.max(axis=1) >= THE_SAME):
            first = examples.names[tag][int(cosines[row].argmax())]
            yield int(row), f"already teaches {tag} as {shown(first)}; an image teaches one tag of an exclusive model"
