"""What `tagsmith serve` costs: seconds to the first page, and memory while a worker encodes with the default encoder.

    python benchmarks/serve.py [PHOTOS]    # a folder of photos to be encoded; drawn ones if none

In a new data folder, and then again in the one that was made: the first start makes the database.
"""

import os
import random
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psutil
from PIL import Image, ImageDraw

from scratch import scratch_folder

TAGSMITH = str(Path(sys.executable).parent / "tagsmith")
COUNT = 200
MB = 2**20


def main() -> None:
    with scratch_folder() as folder:
        os.environ["TAGSMITH_DATA"] = str(folder / "data")
        photos = Path(sys.argv[1]) if len(sys.argv) > 1 else drawn(folder / "photos")
        with serving() as (_, seconds):
            print(f"first start, to the first page: {seconds:.1f} s")
        with serving() as (supervisor, seconds):
            print(f"later start, to the first page: {seconds:.1f} s")
            subprocess.run([TAGSMITH, "import", str(photos)], check=True, capture_output=True)
            time.sleep(1)
            for process in (supervisor, *supervisor.children()):
                print(row(process))


@contextmanager
def serving():
    """Give the supervisor of a `serve` with one worker, and after how many seconds its first page was there."""
    start = time.perf_counter()
    command = [TAGSMITH, "serve", "--port", "0", "--workers", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().split()[-1]
            urllib.request.urlopen(address).read()
            yield psutil.Process(process.pid), time.perf_counter() - start
        finally:
            process.terminate()


def row(process: psutil.Process) -> str:
    memory = process.memory_full_info()
    name = process.cmdline()[2].rpartition(".")[2] if "-m" in process.cmdline() else "supervisor"
    return f"{name}: {memory.rss / MB:.0f} MB resident, {memory.pss / MB:.0f} MB its share (PSS)"


def drawn(folder: Path) -> Path:
    folder.mkdir()
    for number in range(COUNT):
        chance = random.Random(number)
        picture = Image.effect_noise((1600, 1200), chance.randrange(20, 90)).convert("RGB")
        pen = ImageDraw.Draw(picture)
        for _ in range(12):
            x, y, size = chance.randrange(1600), chance.randrange(1200), chance.randrange(40, 500)
            pen.ellipse((x, y, x + size, y + size), fill=tuple(chance.randrange(256) for _ in range(3)))
        picture.save(folder / f"{number}.jpg", quality=88)
    return folder


if __name__ == "__main__":
    main()
