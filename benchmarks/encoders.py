"""Which views an encoder should combine: judged on teaching images alone, by leave-one-out, and by speed.

Nothing of a library is looked at, so that what is chosen here can be checked there.
"""

import sys
import time
from pathlib import Path
from statistics import mean

from PIL import Image

from common import DRAWS, embed
from tagsmith import TagClassifier
from tagsmith.vision.cache import default_cache
from tagsmith.vision.encoders import LITE0, LITE2, Encoder, View
from tagsmith.vision.session import EncoderSession

CANDIDATES = {
    "lite0 224": [(LITE0, 224)],
    "lite0 320": [(LITE0, 320)],
    "lite2 256": [(LITE2, 256)],
    "lite2 320": [(LITE2, 320)],
    "lite2 384": [(LITE2, 384)],
    "lite2 320 + lite0 224": [(LITE2, 320), (LITE0, 224)],
    "lite2 320 + lite0 320": [(LITE2, 320), (LITE0, 320)],
    "lite2 384 + lite0 320": [(LITE2, 384), (LITE0, 320)],
    "lite2 256 + lite2 384 + lite0 320": [(LITE2, 256), (LITE2, 384), (LITE0, 320)],
}
PASSES = 12


def main(sets: list[Path]) -> None:
    one_pass = seconds(Encoder("", (View(LITE2, 260, 1280),)))
    print("left-out examples, mean macro accuracy; cost in passes of lite2 at 260²")
    for name, views in CANDIDATES.items():
        encoder = Encoder(name, tuple(View(network, side, 1280) for network, side in views))
        row = [f"{name:36} {seconds(encoder) / one_pass:5.1f} passes"]
        for data in sets:
            teach = embed(data, encoder)
            for count in (10, 30):
                fits = [teach.draw(seed, count) for seed in DRAWS]
                found = [TagClassifier().fit(teach.vectors[rows], teach.tags[rows]) for rows in fits]
                accuracy = mean(model.quality_.macro_accuracy for model in found)
                row.append(f"{data.parent.name} {count}: {accuracy:.1%}")
        print("  ".join(row), flush=True)


def seconds(encoder: Encoder) -> float:
    session = EncoderSession(encoder, default_cache())
    photo = Image.effect_noise((400, 533), 50).convert("RGB")
    times = []
    for _ in range(PASSES):
        start = time.perf_counter()
        session.encode(photo)
        times.append(time.perf_counter() - start)
    return sorted(times)[PASSES // 2]


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
