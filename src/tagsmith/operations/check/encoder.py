"""Whether the encoder is what it should be, and every asset has its vector."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.utils import timezone

from tagsmith.embeddings.models import StoredEncoder
from tagsmith.embeddings.preparation import Preparation
from tagsmith.embeddings.selectors import without_vector
from tagsmith.errors import EncoderError
from tagsmith.operations.check.files import REPAIR
from tagsmith.operations.check.finding import Finding, Severity
from tagsmith.training.encoder_change import standing
from tagsmith.vision.facts import Encoder
from tagsmith.vision.session import EncoderSession
from tagsmith.vision.sources import BundledWeights

SAMPLE = 1000  # vectors


def check_encoder(preparation: Preparation, cache: Path) -> Iterator[Finding]:
    """Load the serving encoder, compare its files with what they are made of, and its vectors with what is stored."""
    if notice := preparation.encoders.notice():
        yield Finding(Severity.NOTE, notice)
    yield from _standing_still()
    try:
        session = preparation.session
        encoder = session.encoder
        changed = _changed(encoder, cache)
    except EncoderError as error:
        yield Finding(Severity.ERROR, f"the encoder cannot be used: {error}", "see `tagsmith encoders`")
        return
    for file in changed:
        yield Finding(Severity.ERROR, f"{file} is not what its weights give", "delete it: it is made again")
    yield from _reading(session)
    stored = StoredEncoder.objects.filter(identifier=encoder.id).first()
    if stored and (stored.dimension != encoder.dimension or _other_lengths(stored)):
        what = f"stored vectors do not have the {encoder.dimension:,} numbers of the encoder"
        yield Finding(Severity.ERROR, what, "bring the database back from a backup")
    if count := without_vector(preparation.encoder).count():
        yield Finding(Severity.WARNING, f"{count:,} assets have no vector of {encoder.name}", f"{REPAIR} makes them")


def _reading(session: EncoderSession) -> Iterator[Finding]:
    """Let an encoder that reads text read something, if that is on this machine; only searching by meaning needs it."""
    if session.encoder.text is None:
        return
    if session.must_download_to_read:
        what = f"what {session.encoder.name} reads text with is not on this machine: nobody can search by meaning here"
        yield Finding(Severity.NOTE, what, "`tagsmith encoder download` fetches it")
        return
    try:
        session.read(session.encoder.name)
    except EncoderError as error:
        what = f"{session.encoder.name} cannot read text, and nobody search by meaning: {error}"
        yield Finding(Severity.WARNING, what, "see `tagsmith encoder download`")


def _standing_still() -> Iterator[Finding]:
    """Say why a change of the encoder waits for a person, if it does."""
    now = standing(timezone.now())
    if now is None or not now.waits_for_a_person:
        return
    untrained = ", ".join(successor.model.title for successor in now.undecided)
    reason = now.change.failure or f"cannot be trained for it: {untrained}"
    what = f"the change of the encoder to {now.change.encoder.shown} stands still: {reason}"
    yield Finding(Severity.WARNING, what, "see `tagsmith encoder status`")


def _changed(encoder: Encoder, cache: Path) -> list[Path]:
    """Return the files in the cache that are not what the installed weights give. Others are known by their digest."""
    sources = {view.network.source for view in encoder.views}
    with tempfile.TemporaryDirectory() as anew:
        pairs = [
            (source.onnx_file(cache), source.onnx_file(Path(anew)))
            for source in sources
            if isinstance(source, BundledWeights)
        ]
        return [file for file, fresh in pairs if file.read_bytes() != fresh.read_bytes()]


def _other_lengths(stored: StoredEncoder) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (
                SELECT FROM (SELECT vector FROM embeddings_embedding WHERE encoder_id = %s LIMIT %s) AS sample
                WHERE vector_dims(vector) <> %s
            )
            """,
            [stored.pk, SAMPLE, stored.dimension],
        )
        return bool(cursor.fetchone()[0])
