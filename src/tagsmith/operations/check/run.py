"""Looking whether everything is as it should be, and mending what can safely be mended."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from tagsmith.assets.content import remove_orphans
from tagsmith.embeddings.jobs import enqueue_preparation
from tagsmith.embeddings.preparation import Preparation
from tagsmith.embeddings.selectors import without_vector
from tagsmith.errors import EncoderError
from tagsmith.operations.check.background import check_background, without_job
from tagsmith.operations.check.database import check_database
from tagsmith.operations.check.encoder import check_encoder
from tagsmith.operations.check.files import check_files, without_rendition
from tagsmith.operations.check.finding import Finding
from tagsmith.operations.check.place import check_place
from tagsmith.operations.check.provider import check_provider


@dataclass(frozen=True)
class Repaired:
    """How many files went that nothing needs, and for how many assets what is missing was asked for."""

    removed: int
    asked: int


def check(preparation: Preparation, data: Path, cache: Path) -> Iterator[Finding]:
    """Yield what is found in the data folder, the database, the files, the encoder, the queue and the provider."""
    yield from check_place(data)
    yield from check_database()
    yield from check_files(preparation.storage)
    yield from check_encoder(preparation, cache)
    yield from check_background()
    yield from check_provider()


def repair(preparation: Preparation) -> Repaired:
    """Delete the files that nothing needs, and ask for renditions and vectors that are missing.

    Originals are never made up: those that are missing stay missing.
    """
    removed = remove_orphans(preparation.storage)
    with transaction.atomic():
        unready = {asset.pk for asset in without_rendition(preparation.storage)} | set(without_job())
        unready |= _without_vector(preparation)
        enqueue_preparation(sorted(unready))
    return Repaired(removed, len(unready))


def _without_vector(preparation: Preparation) -> set[int]:
    try:
        return set(without_vector(preparation.encoder).values_list("pk", flat=True))
    except EncoderError:  # nothing can be encoded; the check says why
        return set()
