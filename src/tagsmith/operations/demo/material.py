"""What the demonstration works on: a drawn sample library, or the user's own folder per tag."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tagsmith.errors import BadInputError
from tagsmith.learning.examples import Limits, read_example_tree
from tagsmith.operations.demo.sample import ATTRIBUTION, make_sample
from tagsmith.vision.files import Skipped, find_images, shown

EXAMPLES_PER_TAG = 30


@dataclass(frozen=True)
class Material:
    """What the demonstration works on: examples by tag, photos to tag, and what they show where that is known."""

    examples: Mapping[str, list[Path]]
    photos: list[Path]
    truth: Mapping[Path, str | None]
    source: str
    attribution: str = ""
    skipped: list[Skipped] = field(default_factory=list)


def sample_material(folder: Path) -> Material:
    """Return the drawn sample library, made first where there is none."""
    sample = make_sample(folder, examples_per_tag=EXAMPLES_PER_TAG)
    photos, _ = find_images([sample.library])
    return Material(
        examples=read_example_tree(sample.teach).tags,
        photos=photos,
        truth={photo: sample.truth[photo.name] for photo in photos},
        source=f"{sample.examples + sample.images} drawings of OpenMoji",
        attribution=ATTRIBUTION,
    )


def own_material(root: Path, limits: Limits) -> Material:
    """Return a folder per tag, split by chance (always the same) into examples and photos to tag.

    At most `EXAMPLES_PER_TAG`, and no more than two thirds of a tag's photos, become examples.
    """
    tree = read_example_tree(root)
    examples: dict[str, list[Path]] = {}
    truth: dict[Path, str | None] = {}
    skipped = list(tree.skipped)
    for tag, photos in tree.tags.items():
        shuffled = random.Random(tag).sample(photos, len(photos))  # noqa: S311 - not for security
        count = max(limits.min_examples, min(EXAMPLES_PER_TAG, limits.max_examples, len(photos) * 2 // 3))
        if len(photos) < limits.min_examples:
            skipped.append(Skipped(root / tag, f"{len(photos)} photos; a tag needs {limits.min_examples} examples"))
            truth.update(dict.fromkeys(photos))
        else:
            examples[tag] = sorted(shuffled[:count])
            truth.update(dict.fromkeys(shuffled[count:], tag))
    if not truth:
        raise BadInputError(f"{shown(root)}: no photos are left to tag; give more than {limits.min_examples} a tag")
    return Material(examples, sorted(truth), truth, f"the photos in {shown(root)}", skipped=skipped)
