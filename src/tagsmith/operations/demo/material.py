"""What the demonstration works on: the drawn sample, or the user's own folder per tag."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from tagsmith.errors import BadInputError
from tagsmith.learning.examples import Limits, read_example_tree
from tagsmith.operations.demo.sample import ATTRIBUTION, Progress, make_sample
from tagsmith.vision.files import Skipped, shown

MOST = 30  # examples of a tag
ENOUGH = 12  # two may be nearly the same as others, and count only once
SAMPLE = "the sample library"


@dataclass(frozen=True)
class Lesson:
    """A tag model to be: its title, files that teach, by the key of their tag, and how much of a library shows one."""

    title: str
    examples: Mapping[str, list[Path]]


@dataclass(frozen=True)
class Material:
    """Which folder comes into which of the library, and what is taught with it.

    `taxonomy` is a CSV file of the tags' words; `rights` is for the assets that came from `root`.
    """

    root: Path
    into: str
    lessons: list[Lesson]
    in_place: bool = False
    taxonomy: bytes = b""
    rights: str = ""
    skipped: tuple[Skipped, ...] = ()


def sample_material(folder: Path, limits: Limits, progress: Progress) -> Material:
    """Return the drawn sample, made first where there is none; its examples teach, all other pictures are for tagging.

    Raises
    ------
    BadInputError
        The demo extra is missing, or the folder holds something else.
    """
    sample = make_sample(folder, progress)
    lessons, _ = plan_lessons(read_example_tree(sample.examples).tags, "Subject", limits, share=1)
    words = files(__package__).joinpath("tags.csv").read_bytes()
    return Material(sample.folder, "", lessons, taxonomy=words, rights=ATTRIBUTION)


def own_material(root: Path, limits: Limits) -> Material:
    """Return a folder per tag, of which some photos of each tag, always the same, teach it. Nothing is copied.

    Raises
    ------
    BadInputError
        There is no such folder, or it has too few tags with enough photos; the message names them.
    """
    tree = read_example_tree(root)
    lessons, few = plan_lessons(tree.tags, root.name, limits, share=2 / 3)
    skipped = [Skipped(root / tag, f"{count} photos; a tag needs {limits.min_examples} examples") for tag, count in few]
    if not lessons:
        reasons = [f"{shown(item.path)}: {item.reason}" for item in (*tree.skipped, *skipped)]
        needs = f"{shown(root)}: needs {limits.min_tags} folders or more, each named after a tag, with its photos"
        raise BadInputError("\n".join([needs, *reasons]))
    return Material(root, root.name, lessons, in_place=True, skipped=(*tree.skipped, *skipped))


def plan_lessons(
    tags: Mapping[str, list[Path]], title: str, limits: Limits, *, share: float
) -> tuple[list[Lesson], list[tuple[str, int]]]:
    """Return a lesson for the tags at the top, and one for those below each tag; and which have too few images.

    An image teaches the tag whose folder it lies in, and in other lessons those above. At most `MOST` images of a tag
    teach it, and about this `share` of them.
    """
    images: dict[str, list[Path]] = {}
    for tag, found in tags.items():
        for key in _upwards(tag):
            images.setdefault(key, []).extend(found)
    groups: dict[str, dict[str, list[Path]]] = {}
    for key in sorted(images):
        if len(images[key]) >= limits.min_examples:
            groups.setdefault(key.rpartition("/")[0], {})[key] = _some(key, images[key], limits, share)
    lessons = [
        Lesson(f"Kinds of {parent}" if parent else title, examples)
        for parent, examples in groups.items()
        if len(examples) >= limits.min_tags
    ]
    few = [(key, len(found)) for key, found in sorted(images.items()) if len(found) < limits.min_examples]
    return lessons, few


def _upwards(tag: str) -> Iterator[str]:
    while tag:
        yield tag
        tag = tag.rpartition("/")[0]


def _some(key: str, images: list[Path], limits: Limits, share: float) -> list[Path]:
    wanted = min(MOST, limits.max_examples, max(ENOUGH, int(len(images) * share)))
    count = min(len(images), max(wanted, limits.min_examples))
    return sorted(random.Random(key).sample(images, count))  # noqa: S311 - not for security
