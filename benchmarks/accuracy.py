"""Forced choice: teach N examples a tag, tag the library, mean macro accuracy over five draws."""

import sys
from pathlib import Path
from statistics import mean, stdev

from common import DRAWS, embed, macro_accuracy
from tagsmith import TagClassifier
from tagsmith.vision.encoders import find_encoder


def main(data: Path) -> None:
    print("encoder    examples  accuracy  (draws' spread)  left-out examples")
    for name in ("standard", "fast"):
        encoder = find_encoder(name)
        teach, library = embed(data / "teach", encoder), embed(data / "library", encoder)
        for count in (10, 30, 50):
            found, promised = [], []
            for seed in DRAWS:
                rows = teach.draw(seed, count)
                model = TagClassifier().fit(teach.vectors[rows], teach.tags[rows])
                found.append(macro_accuracy(model.predict(library.vectors), library.tags))
                promised.append(model.quality_.macro_accuracy)
            print(f"{name:10} {count:8}  {mean(found):7.1%}  (± {stdev(found):.1%})  {mean(promised):20.1%}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
