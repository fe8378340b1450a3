"""How long a newcomer waits: `tagsmith --help`, and from a new virtual environment to the first tagged image."""

import random
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from PIL import Image, ImageDraw

ROOT = Path(__file__).parents[1]
TRIALS = 7


def main() -> None:
    bare = median_seconds([sys.executable, "-c", "pass"])
    helped = median_seconds([str(Path(sys.executable).parent / "tagsmith"), "--help"])
    print(f"tagsmith --help: {helped:.2f} s = {helped / bare:.1f} × the bare interpreter's start")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pictures(folder / "teach")
        start = time.perf_counter()
        venv.create(folder / "env", with_pip=True)
        quiet([folder / "env/bin/pip", "install", "--quiet", str(ROOT)])
        installed = time.perf_counter() - start
        tagsmith, cache = (
            folder / "env/bin/tagsmith",
            {"TAGSMITH_CACHE": str(folder / "cache"), "PATH": "/usr/bin:/bin"},
        )
        quiet([tagsmith, "learn", folder / "teach", "-o", folder / "m.tagsmith"], cache)
        quiet([tagsmith, "apply", folder / "m.tagsmith", folder / "teach/a/0.png"], cache)
        print(f"pip install: {installed:.0f} s; to the first tagged image: {time.perf_counter() - start:.0f} s")


def pictures(root: Path) -> None:
    for kind in "ab":
        (root / kind).mkdir(parents=True)
        for number in range(10):
            chance = random.Random(f"{kind}{number}")
            picture = Image.new("RGB", (240, 200), tuple(chance.randrange(150, 256) for _ in range(3)))
            pen = ImageDraw.Draw(picture)
            for _ in range(2 + number):
                x, y, size = chance.randrange(200), chance.randrange(160), chance.randrange(15, 90)
                shape = pen.ellipse if kind == "a" else pen.rectangle
                shape((x, y, x + size, y + size), fill=tuple(chance.randrange(200) for _ in range(3)))
            picture.save(root / kind / f"{number}.png")


def quiet(command: list, env: dict[str, str] | None = None) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True, env=env)


def median_seconds(command: list[str]) -> float:
    times = []
    for _ in range(TRIALS):
        start = time.perf_counter()
        quiet(command)
        times.append(time.perf_counter() - start)
    return sorted(times)[TRIALS // 2]


if __name__ == "__main__":
    main()
