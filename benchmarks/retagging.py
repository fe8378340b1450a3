"""Seconds to tag a large library again with several tag models, through real runs done by worker processes.

Beside them, in the same run, what the machine needs for the bare work: one matrix product over all vectors, and one
COPY of as many narrow rows as the first run writes.
"""

import argparse
import os
import subprocess
import sys
import time

import numpy as np

from scratch import large_library

MODELS, TAGS, EXAMPLES = 5, 20, 15
BLOCK = 5000  # assets written at once


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    with large_library(parser) as options:
        from tagsmith.tagging.models import Change, SmartTag

        make_library(options.assets)
        with started(options.workers):
            first = run_all("first", force=True)
            print(f"  smart tags {SmartTag.objects.count():,}, changes {Change.objects.count():,}")
            again = run_all("nothing changed", force=True)
            retrain(seed=1)
            changed = run_all("after retraining", force=False)
        product, copying = bare_work(options.assets)
        print(f"bare matrix product {product:.2f} s, bare COPY {copying:.2f} s")
        for name, taken in (("first", first), ("nothing changed", again), ("after retraining", changed)):
            print(f"{name}: {taken:.1f} s = {taken / (product + copying):.1f} × bare work")


def make_library(count: int) -> None:
    """Make assets that each show one tag of one model, and tag models that tell the tags apart."""
    from django.db import connection
    from django.utils import timezone

    from tagsmith.assets.models import Asset, Folder, State

    if Asset.objects.exists():
        return
    root, _ = Folder.objects.get_or_create(path="", defaults={"name": "", "folded": ""})
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO assets_asset (folder_id, name, folded, content, size, origin, in_place, format, state, failure,
                title, description, creator, rights, keywords, custom, imported, modified, revision)
            SELECT %s, n || '.jpg', n || '.jpg', lpad(n::text, 64, '0'), 1, '', false, 'JPEG', %s, '',
                '', '', '', '', '{}', '{}', %s, %s, 1 FROM generate_series(1, %s) AS n
            """,
            [root.pk, State.READY, timezone.now(), timezone.now(), count],
        )
    give_vectors()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def give_vectors() -> None:
    """Give every asset a vector of the standard encoder near one of a hundred centres, and teach these in turn."""
    from tagsmith.assets.models import Asset
    from tagsmith.embeddings.services import store_vectors, stored_encoder
    from tagsmith.vision.encoders import find_encoder

    standard = find_encoder("standard")
    encoder = stored_encoder(standard.id, standard.dimension, name="standard")
    contents = dict(Asset.objects.order_by("pk").values_list("pk", "content"))
    ids = np.array(list(contents))
    kinds = np.arange(len(ids)) % (MODELS * TAGS)
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((MODELS * TAGS, standard.dimension))
    for start in range(0, len(ids), BLOCK):
        some = slice(start, start + BLOCK)
        vectors = centres[kinds[some]] + 1.5 * rng.standard_normal((len(ids[some]), standard.dimension))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        store_vectors(encoder, ids[some], vectors, {int(pk): contents[pk] for pk in ids[some]})
    teach(ids, kinds)


def teach(ids, kinds) -> None:
    from tagsmith.assets.models import Asset
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.taxonomy.services.create import create_tag
    from tagsmith.training.services import add_examples, create_tag_model

    for number in range(MODELS):
        tags = [create_tag(COMMAND_LINE, f"aspect{number}/tag{tag}") for tag in range(TAGS)]
        model = create_tag_model(COMMAND_LINE, f"Aspect {number}", tags)
        for place, tag in enumerate(tags):
            members = ids[kinds == number * TAGS + place][:EXAMPLES].tolist()
            add_examples(COMMAND_LINE, model, tag, Asset.objects.filter(pk__in=members))
    retrain(seed=0)


def retrain(seed: int) -> None:
    from tagsmith.embeddings.models import StoredEncoder
    from tagsmith.learning.examples import Limits
    from tagsmith.training.learn import TrainingSettings, train
    from tagsmith.training.models import TagModel

    settings = TrainingSettings(StoredEncoder.objects.get(name="standard"), "standard", Limits())
    taught = TagModel.objects.filter(examples__isnull=False).distinct().order_by("pk")
    for model in taught[: MODELS if seed == 0 else 1]:
        if seed:  # other examples: another version, which gives other confidences
            rows = model.examples.order_by("tag", "pk").values_list("pk", flat=True)
            model.examples.filter(pk__in=rows[::4]).delete()
        assert train(model, settings), model.failure


class started:  # noqa: N801 - reads as what it is for
    """Worker processes, while the context lasts."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __enter__(self) -> None:
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, "-c", "from tagsmith.config.main import main; main()", "worker"]
        self.workers = [subprocess.Popen(command, env=environment) for _ in range(self.count)]

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.wait()


def run_all(title: str, *, force: bool) -> float:
    from django.db import transaction

    from tagsmith.assets.models import Folder
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.workflows.jobs import enqueue_run
    from tagsmith.workflows.models import Status
    from tagsmith.workflows.services import create_run

    time.sleep(3)  # the workers are up, and what was before is written
    start = time.perf_counter()
    with transaction.atomic():
        root = Folder.objects.get(path="")
        run = create_run(COMMAND_LINE, EVERYTHING, folders=[root.pk], title=title, force=force)
        enqueue_run(run)
    while run.status in (Status.QUEUED, Status.RUNNING):
        time.sleep(0.02)
        run.refresh_from_db()
    taken = time.perf_counter() - start
    begun = (run.started - run.created).total_seconds()
    print(f"{title}: {run.status} after {taken:.2f} s (waited and planned {begun:.2f} s)")
    return taken


def bare_work(count: int) -> tuple[float, float]:
    from django.db import connection

    from tagsmith.vision.encoders import find_encoder

    dimension = find_encoder("standard").dimension
    X = np.ones((BLOCK, dimension), np.float32)
    W = np.ones((dimension, 3 * MODELS * TAGS), np.float32)
    start = time.perf_counter()
    for _ in range(count // BLOCK):
        X @ W
    product = time.perf_counter() - start
    start = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bare (asset bigint, tag bigint, confidence smallint)")
        with cursor.copy("COPY bare FROM STDIN") as copy:
            copy.write("".join(f"{row}\t1\t900\n" for row in range(count)))
    return product, time.perf_counter() - start


if __name__ == "__main__":
    main()
