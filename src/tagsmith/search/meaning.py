"""Searching by meaning: the assets whose images come nearest to what a phrase says, whatever is written of them."""

from dataclasses import dataclass

from tagsmith.assets.scope import Scope
from tagsmith.embeddings.neighbours import Similar, similar_to_vector
from tagsmith.embeddings.reading import read
from tagsmith.embeddings.serving import serving_encoder
from tagsmith.errors import BadInputError

MOST_CHARACTERS = 500  # more than any encoder reads


@dataclass(frozen=True)
class Meant:
    """The assets that come nearest, the nearest first; whether only the beginning of the phrase was read."""

    hits: list[Similar]
    is_cut: bool = False


def by_meaning(scope: Scope, phrase: str, *, count: int) -> Meant:
    """Return the assets that show best what a phrase says, as the serving encoder sees and reads it.

    There are as many as asked for while there are assets with a vector: no number says where those end that fit, and
    so none is left out (docs/decisions/0023).

    Raises
    ------
    BadInputError
        The phrase is empty.
    EncoderError
        The encoder does not read text, or cannot here; the message says what to do.
    """
    words = " ".join(phrase.split())
    if not words:
        raise BadInputError("say what the images are to show")
    encoder = serving_encoder()
    if encoder is None:  # in a new library: nothing has a vector yet
        return Meant([])
    found = read(encoder, words[:MOST_CHARACTERS])
    hits = similar_to_vector(scope, encoder, found.vector, count=count)
    return Meant(hits, found.is_cut or len(words) > MOST_CHARACTERS)
