"""Precision and recall of the guideline check on planted faults, and its time for a full tag model.

Takes folders with a folder per tag. A finding on an image that nothing was planted in counts as wrong, although some
are right: no set is without faults.
"""

import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter, ImageOps
from threadpoolctl import threadpool_limits

from tagsmith import TagClassifier
from tagsmith.learning.examples import Limits, read_example_tree, repeats
from tagsmith.learning.findings import Chosen, Finding, Kind, OtherModel, Step
from tagsmith.learning.guidelines import check
from tagsmith.vision.cache import default_cache
from tagsmith.vision.cores import available_cores
from tagsmith.vision.decode import decode
from tagsmith.vision.encoders import find_encoder
from tagsmith.vision.measures import Measures, measure
from tagsmith.vision.session import EncoderSession
from training import examples, median_seconds, square

EACH, TAGS, LEAST = 24, 10, 20
SHARE = 0.1  # of a tag's images that a fault is planted in
CANVAS = 480


@dataclass(frozen=True)
class Seen:
    """An image's tag, embedding, measures and shorter side."""

    image: Image.Image
    tag: int
    vector: np.ndarray
    measures: Measures
    side: int


class Bench:
    def __init__(self, root: Path) -> None:
        self.session = EncoderSession(find_encoder("standard"), default_cache())
        tree = read_example_tree(root)
        self.tags = sorted(tag for tag, paths in tree.tags.items() if len(paths) >= LEAST)[:TAGS]
        chance = random.Random(0)
        pairs = [
            (path, number)
            for number, tag in enumerate(self.tags)
            for path in chance.sample(sorted(tree.tags[tag]), min(EACH, len(tree.tags[tag])))
        ]
        self.chance = random.Random(1)
        seen = self.see([(decode(path, at_least=320), number) for path, number in pairs])
        same = repeats(np.stack([one.vector for one in seen]))
        self.clean = [one for row, one in enumerate(seen) if row not in same]
        self.scores: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])

    def see(self, images: Iterable[tuple[Image.Image, int]]) -> list[Seen]:
        def work(pair: tuple[Image.Image, int]) -> Seen:
            image, tag = pair
            sight = self.session.look(image)
            return Seen(image, tag, sight.vector, measure(image, sight.feature_map), min(image.size))

        with ThreadPoolExecutor(available_cores()) as pool:
            return list(pool.map(work, images))

    def chosen(self, images: list[Seen], tags: list[str] | None = None) -> Chosen:
        labels = np.array([one.tag for one in images])
        names = tags or self.tags
        return Chosen(
            names,
            range(len(images)),
            np.stack([one.vector for one in images]),
            labels[:, None] == np.arange(len(names)),
            np.array([one.measures for one in images], float),
            np.array([one.side for one in images], float),
        )

    def score(self, fault: str, found: set, planted: set) -> None:
        for place, count in enumerate((len(found & planted), len(found), len(planted))):
            self.scores[fault][place] += count

    def altered(
        self, fault: str, change: Callable[[Image.Image], Image.Image], wanted: Callable[[Finding], bool]
    ) -> None:
        """Change some images, and see whether it is these that are found."""
        rows = self.some()
        made = dict(
            zip(rows, self.see([(change(self.clean[row].image), self.clean[row].tag) for row in rows]), strict=True)
        )
        images = [made.get(row, one) for row, one in enumerate(self.clean)]
        self.judge(fault, images, set(rows), wanted)

    def added(self, fault: str, images: list[Seen], wanted: Callable[[Finding], bool]) -> None:
        """Add images, and see whether it is these that are found."""
        planted = set(range(len(self.clean), len(self.clean) + len(images)))
        self.judge(fault, [*self.clean, *images], planted, wanted)

    def judge(self, fault: str, images: list[Seen], planted: set, wanted: Callable[[Finding], bool]) -> None:
        findings = [finding for finding in check(self.chosen(images), Limits()) if wanted(finding)]
        self.score(fault, {image for finding in findings for image in finding.images}, planted)

    def some(self) -> list[int]:
        return sorted(self.chance.sample(range(len(self.clean)), round(SHARE * len(self.clean))))

    # -- faults

    def run(self) -> None:
        self.altered("Quality: blurred", self.blurred, says(Kind.QUALITY, "blurred"))
        self.altered("Quality: dark", self.dark, says(Kind.QUALITY, "dark"))
        self.altered("Quality: tiny", lambda image: fit(image, 90), says(Kind.QUALITY, "smaller"))
        copied = self.some()
        copies = self.see([(self.copied(self.clean[row].image), self.clean[row].tag) for row in copied])
        self.added("Quality: near-duplicates", copies, says(Kind.QUALITY, "nearly"))
        self.altered("Distraction: cluttered", self.cluttered, says(Kind.DISTRACTION, "cluttered"))
        self.altered("Distraction: small", self.small, says(Kind.DISTRACTION, "small"))
        self.altered("Distraction: to the side", self.aside, says(Kind.DISTRACTION, "side"))
        for _ in range(5):
            self.mislabelled()
        elsewhere = [moved(one, self.other(one.tag)) for one in copies]
        both = {*copied, *range(len(self.clean), len(self.clean) + len(copies))}
        self.judge("Conflict: same image twice", [*self.clean, *elsewhere], both, says(Kind.CONFLICT, "the same"))
        self.split()
        self.looks()
        self.ambiguous()
        self.second_model()

    def mislabelled(self) -> None:
        rows = set(self.some())
        images = [moved(one, self.other(one.tag)) if row in rows else one for row, one in enumerate(self.clean)]
        self.judge("Coherence: mislabelled", images, rows, lambda finding: finding.kind is Kind.COHERENCE)

    def split(self) -> None:
        """Make two tags of one by chance, each in turn."""
        for tag in range(len(self.tags)):
            rows = [row for row, one in enumerate(self.clean) if one.tag == tag]
            half = set(self.chance.sample(rows, len(rows) // 2))
            images = [moved(one, len(self.tags)) if row in half else one for row, one in enumerate(self.clean)]
            found = {
                frozenset((finding.tag, finding.other))
                for finding in check(self.chosen(images, [*self.tags, "half"]), Limits())
                if finding.kind is Kind.CONFLICT and finding.step is Step.RETHINK
            }
            self.score("Conflict: one tag as two", found, {frozenset((self.tags[tag], "half"))})

    def looks(self) -> None:
        """Add three line drawings of its own images to every other tag."""
        for start in (0, 1):
            drawings = [
                (lines(one.image), one.tag)
                for tag in range(start, len(self.tags), 2)
                for one in self.chance.sample([one for one in self.clean if one.tag == tag], 3)
            ]
            self.added("Coverage: a rare look", self.see(drawings), says(Kind.COVERAGE, "kind of look"))

    def ambiguous(self) -> None:
        """Add images that show two tags side by side."""
        pairs = []
        for row in self.some():
            one = self.clean[row]
            tag = self.other(one.tag)
            other = self.chance.choice([another for another in self.clean if another.tag == tag])
            pairs.append((beside(one.image, other.image), one.tag))
        self.added(
            "Completeness: two tags in one image", self.see(pairs), lambda finding: finding.kind is Kind.COMPLETENESS
        )

    def second_model(self) -> None:
        """Teach half of the tags in another live model, with half of the images; the other half lack those tags."""
        theirs = set(self.chance.sample(range(len(self.tags)), len(self.tags) // 2))
        teaching = set(self.chance.sample(range(len(self.clean)), len(self.clean) // 2))
        taught = [one for row, one in enumerate(self.clean) if row in teaching and one.tag in theirs]
        names = [self.tags[one.tag] for one in taught]
        classifier = TagClassifier().fit(np.stack([one.vector for one in taught]), names)
        mine = [moved(one, one.tag % 2) for row, one in enumerate(self.clean) if row not in teaching]
        planted = {
            number
            for number, one in enumerate(one for row, one in enumerate(self.clean) if row not in teaching)
            if one.tag in theirs
        }
        settled = np.zeros((len(mine), len(classifier.classes_)), bool)
        other = OtherModel(
            "other", list(classifier.classes_), classifier.scorer_, classifier.suggest_thresholds_, settled
        )
        findings = check(self.chosen(mine, ["even", "odd"]), Limits(), [other])
        found = {image for finding in findings if finding.other_model for image in finding.images}
        self.score("Completeness: a tag of another model", found, planted)

    def other(self, tag: int) -> int:
        return self.chance.choice([another for another in range(len(self.tags)) if another != tag])

    # -- changes of an image

    def blurred(self, image: Image.Image) -> Image.Image:
        return noisy(image.filter(ImageFilter.GaussianBlur(min(image.size) * self.chance.uniform(0.018, 0.03))))

    def dark(self, image: Image.Image) -> Image.Image:
        share = self.chance.uniform(0.08, 0.18)
        return noisy(image.point(lambda level: int(level * share)))

    def copied(self, image: Image.Image) -> Image.Image:
        cut = [round(side * 0.015) for side in image.size]
        return image.crop((cut[0], cut[1], image.width - cut[0], image.height - cut[1])).point(
            lambda level: int(level * 0.93)
        )

    def cluttered(self, image: Image.Image) -> Image.Image:
        canvas, side = Image.new("RGB", (CANVAS, CANVAS)), CANVAS // 4
        for place in range(16):
            other = self.chance.choice(self.clean).image
            canvas.paste(other.resize((side, side)), (place % 4 * side, place // 4 * side))
        return self.placed(image, canvas, (0.3, 0.42), self.near_middle)

    def small(self, image: Image.Image) -> Image.Image:
        return noisy(self.placed(image, plain(image), (0.18, 0.28), self.near_middle))

    def aside(self, image: Image.Image) -> Image.Image:
        return noisy(self.placed(image, plain(image), (0.35, 0.45), lambda room: self.chance.choice((5, room - 5))))

    def near_middle(self, room: int) -> int:
        return room // 2 + self.chance.randint(-30, 30)

    def placed(self, image, canvas, sizes, place) -> Image.Image:
        small = fit(image, round(CANVAS * self.chance.uniform(*sizes)))
        canvas.paste(small, (place(CANVAS - small.width), place(CANVAS - small.height)))
        return canvas


def says(kind: Kind, word: str) -> Callable[[Finding], bool]:
    return lambda finding: finding.kind is kind and word in finding.reason


def moved(one: Seen, tag: int) -> Seen:
    return Seen(one.image, tag, one.vector, one.measures, one.side)


def fit(image: Image.Image, side: int) -> Image.Image:
    return ImageOps.contain(image, (side, side))


def plain(image: Image.Image) -> Image.Image:
    pixels = np.asarray(image)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return Image.new("RGB", (CANVAS, CANVAS), tuple(int(level) for level in np.median(border, axis=0)))


def noisy(image: Image.Image) -> Image.Image:
    noise = np.random.default_rng(0).normal(0, 2, (image.height, image.width, 1))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


def lines(image: Image.Image) -> Image.Image:
    return ImageOps.invert(ImageOps.autocontrast(image.convert("L").filter(ImageFilter.FIND_EDGES))).convert("RGB")


def beside(one: Image.Image, other: Image.Image) -> Image.Image:
    canvas = Image.new("RGB", (CANVAS, CANVAS * 3 // 4))
    for place, image in enumerate((one, other)):
        canvas.paste(
            ImageOps.pad(image, (CANVAS // 2, canvas.height), color=plain(image).getpixel((0, 0))),
            (place * CANVAS // 2, 0),
        )
    return canvas


def full_model() -> Chosen:
    X, y = examples(50, 50, find_encoder("standard").dimension)
    measures = np.random.default_rng(0).random((len(X), len(Measures._fields)))
    tags = [f"tag {number}" for number in range(50)]
    return Chosen(
        tags, range(len(X)), X.astype(np.float32), y[:, None] == np.arange(50), measures, np.full(len(X), 400.0)
    )


def main() -> None:
    for root in map(Path, sys.argv[1:]):
        bench = Bench(root)
        print(f"{root.name}: {len(bench.tags)} tags, {len(bench.clean)} images", flush=True)
        bench.run()
        for fault, (right, found, planted) in bench.scores.items():
            precision = f"{right / found:.2f}" if found else "-"
            print(f"  {fault:40} precision {precision:>4}, recall {right / planted:.2f} of {planted}", flush=True)
    chosen, matrix = full_model(), square(2500)
    with threadpool_limits(1):
        product, taken = median_seconds(lambda: matrix @ matrix), median_seconds(lambda: check(chosen, Limits()))
    print(
        f"50 tags × 50 examples, one core: {taken:.2f} s = {taken / product:.2f} products of two 2500 × 2500 matrices"
    )


if __name__ == "__main__":
    main()
