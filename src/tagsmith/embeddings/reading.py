"""The vector of a phrase: what is searched for by meaning, where the encoder that serves reads text."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagsmith.embeddings.models import StoredEncoder
from tagsmith.embeddings.preparation import current
from tagsmith.embeddings.serving import open_change, serving_encoder
from tagsmith.errors import EncoderError
from tagsmith.sentences import Sentence, say
from tagsmith.vision.encoders import text_half_of


@dataclass(frozen=True)
class Read:
    """What an encoder made of a phrase: (dimension,) in half precision, as vectors are stored.

    `is_cut` says that the phrase was longer than what the encoder takes, and only its beginning was read.
    """

    vector: NDArray[np.float16]
    is_cut: bool


def reads(encoder: StoredEncoder) -> bool:
    """Whether an encoder reads text. Nothing is loaded to tell."""
    return text_half_of(encoder.source) is not None


def serving_reads() -> bool:
    """Whether the encoder that serves reads text; so long as none does, it does not."""
    encoder = serving_encoder()
    return encoder is not None and reads(encoder)


def read(encoder: StoredEncoder, phrase: str) -> Read:
    """Return what an encoder makes of a phrase. It and its text half are loaded when first needed.

    Nothing is downloaded here: somebody waits for the answer, and it may be a gigabyte.

    Raises
    ------
    EncoderError
        The encoder does not read text, or its text half is not here or not as it should be; and what to do about it.
    """
    if not reads(encoder):
        raise EncoderError(unread(encoder))
    session = current().encoders.load(encoder).session
    if session.must_download_to_read:
        raise EncoderError(
            "the half of {encoder} that reads text is not on this machine yet: `tagsmith encoder download` fetches it",
            encoder=encoder.shown,
        )
    made = session.read(phrase)
    return Read(made.vector.astype(np.float16), made.is_cut)


def unread(encoder: StoredEncoder) -> Sentence:
    """Say that the encoder that serves does not read text, and what to do about it."""
    change = open_change()
    if change is not None and reads(change.encoder):
        return say(
            "the encoder that serves, {encoder}, does not read text; {coming}, which does, is on its way, "
            "as `tagsmith encoder status` shows",
            encoder=encoder.shown,
            coming=change.encoder.shown,
        )
    return say(
        "the encoder that serves, {encoder}, does not read text; `tagsmith encoders` lists those that do, "
        "and `tagsmith encoder change` changes to one in the background",
        encoder=encoder.shown,
    )
