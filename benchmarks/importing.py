"""Importing against encoding alone: `encode_files`, `tagsmith import`, and an import with a worker process per core.

All use all cores, in the same run, in turn; medians are compared. The photos are those of PHOTOS, and crops of them
until there are enough. `tagsmith import` is measured as a whole process with the database running, and so with the
time that it takes to start and to load the encoder; `encode_files` without.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from PIL import Image

from scratch import scratch_folder
from tagsmith.config.postgres import Cluster, start
from tagsmith.vision.cache import default_cache
from tagsmith.vision.cores import available_cores
from tagsmith.vision.encoders import DEFAULT_ENCODER, find_encoder
from tagsmith.vision.files import find_images
from tagsmith.vision.session import EncoderSession
from tagsmith.vision.stream import encode_files

PHOTOS = 2000
ROUNDS = 3
TAGSMITH = (sys.executable, "-c", "from tagsmith.config.main import main; main()")
BRING_IN = """
import sys
from pathlib import Path
from tagsmith.config.library import open_library
from tagsmith.config.settings import load_settings
with open_library(load_settings()):
    from tagsmith.assets.commit import Ingest
    from tagsmith.assets.ingest import import_tree
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.embeddings.jobs import enqueue_preparation
    from tagsmith.embeddings.preparation import current
    import_tree(EVERYTHING, COMMAND_LINE, Path(sys.argv[1]), "", ingest=Ingest(current().storage, enqueue_preparation))
"""


def main(source: Path, count: int) -> None:
    with scratch_folder() as folder:
        photos = gather(source, Path(folder, "photos"), count)
        cluster = start(Path(folder, "database"))
        try:
            compare(photos, Path(folder), cluster)
        finally:
            cluster.stop()


def compare(photos: Path, folder: Path, cluster: Cluster) -> None:
    session = EncoderSession(find_encoder(DEFAULT_ENCODER), default_cache())
    files = find_images([photos])[0]
    list(encode_files(session, files[:10]))
    ways: dict[str, Callable[[], float]] = {
        "encode_files": lambda: timed(lambda: list(encode_files(session, files))),
        "tagsmith import": lambda: imported(photos, folder, cluster),
        "workers": lambda: imported_by_workers(photos, folder, cluster),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(ROUNDS):
        for name, way in ways.items():
            rates[name].append(len(files) / way())
            print(f"round {number + 1}, {name}: {rates[name][-1]:.1f}/s", flush=True)
    medians = {name: sorted(values)[ROUNDS // 2] for name, values in rates.items()}
    for name, rate in medians.items():
        print(f"{len(files):,} photos, {name}: {rate:.1f}/s = {rate / medians['encode_files']:.0%}")


def imported(photos: Path, folder: Path, cluster: Cluster) -> float:
    environment = library(folder, cluster)
    return timed(lambda: subprocess.run([*TAGSMITH, "import", photos], env=environment, check=True))


def imported_by_workers(photos: Path, folder: Path, cluster: Cluster) -> float:
    environment = library(folder, cluster)
    workers = [subprocess.Popen([*TAGSMITH, "worker"], env=environment) for _ in range(available_cores())]
    with psycopg.connect(environment["TAGSMITH_DATABASE_URL"], autocommit=True) as connection:
        wait(connection, f"SELECT count(*) >= {2 * len(workers)} FROM procrastinate_workers")

        def work() -> None:
            subprocess.run([sys.executable, "-c", BRING_IN, photos], env=environment, check=True)
            wait(connection, "SELECT count(*) = 0 FROM assets_asset WHERE state = 'new'")

        seconds = timed(work)
    for worker in workers:
        worker.terminate()
        worker.wait()
    return seconds


def library(folder: Path, cluster: Cluster) -> dict[str, str]:
    """Make an empty library and return the environment of its commands."""
    name = f"l{time.monotonic_ns()}"
    with psycopg.connect(cluster.url(), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    url = psycopg.conninfo.make_conninfo(cluster.url(), dbname=name)
    environment = {**os.environ, "TAGSMITH_DATA": str(folder / name), "TAGSMITH_DATABASE_URL": url}
    subprocess.run([*TAGSMITH, "user", "list"], env=environment, check=True, stdout=subprocess.DEVNULL)
    return environment


def wait(connection: psycopg.Connection, question: str) -> None:
    while not connection.execute(question).fetchone()[0]:
        time.sleep(0.1)


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def gather(source: Path, target: Path, count: int) -> Path:
    """Copy photos, and crops of them where there are too few, into a new folder."""
    target.mkdir()
    found = find_images([source])[0]
    chance = random.Random(0)
    for number in range(count):
        path = found[number % len(found)]
        if number < len(found):
            (target / f"{number}{path.suffix}").write_bytes(path.read_bytes())
        else:
            crop(path, chance).save(target / f"{number}.jpg", quality=90)
    return target


def crop(path: Path, chance: random.Random) -> Image.Image:
    image = Image.open(path).convert("RGB")
    left, top = chance.randrange(1, image.width // 10), chance.randrange(1, image.height // 10)
    return image.crop((left, top, image.width, image.height))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else PHOTOS)
