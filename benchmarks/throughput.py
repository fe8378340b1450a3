"""Reading and encoding together against 1 / (1/d + 1/e): d images a second decoded alone, e encoded alone.

All three use all cores, in the same run, in turn, several times; medians are compared. Two kinds of files: the
photos of DATA/library, and 12-megapixel JPEGs made of them.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from tagsmith.vision.cache import default_cache
from tagsmith.vision.cores import available_cores
from tagsmith.vision.decode import decode
from tagsmith.vision.encoders import find_encoder
from tagsmith.vision.files import find_images
from tagsmith.vision.session import EncoderSession
from tagsmith.vision.stream import encode_files

PHOTOS = 120
LARGE = 40
ROUNDS = 5


def main(data: Path) -> None:
    photos = find_images([data / "library"])[0]
    photos = photos[:: max(1, len(photos) // PHOTOS)]
    with tempfile.TemporaryDirectory() as folder:
        large = [enlarged(path, Path(folder, f"{number}.jpg")) for number, path in enumerate(photos[:LARGE])]
        for name in ("standard", "fast"):
            session = EncoderSession(find_encoder(name), default_cache())
            for what, files in (("photos as they are", photos), ("12-megapixel JPEGs", large)):
                print(f"{name}, {what}: {compared(session, files)}", flush=True)


def compared(session: EncoderSession, files: list[Path]) -> str:
    images = [decode(file, at_least=session.shortest_side) for file in files]
    rates: dict[str, list[float]] = {"decode": [], "encode": [], "both": []}
    for _ in range(ROUNDS):
        rates["decode"].append(rate(len(files), lambda: spread(decode_one(session), files)))
        rates["encode"].append(rate(len(files), lambda: spread(session.encode, images)))
        rates["both"].append(rate(len(files), lambda: list(encode_files(session, files))))
    d, e, both = (sorted(values)[ROUNDS // 2] for values in rates.values())
    ideal = 1 / (1 / d + 1 / e)
    return f"decode {d:.0f}/s, encode {e:.1f}/s, both {both:.1f}/s = {both / ideal:.0%} of {ideal:.1f}/s"


def decode_one(session: EncoderSession) -> Callable[[Path], Image.Image]:
    return lambda file: decode(file, at_least=session.shortest_side)


def spread(work: Callable, items: list) -> None:
    with ThreadPoolExecutor(available_cores()) as pool:
        list(pool.map(work, items))


def rate(count: int, work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def enlarged(source: Path, target: Path) -> Path:
    Image.open(source).convert("RGB").resize((3000, 4000), Image.Resampling.BICUBIC).save(target, quality=92)
    return target


if __name__ == "__main__":
    main(Path(sys.argv[1]))
