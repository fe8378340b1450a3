"""Images that somebody searches with: not they, but what the encoder made of them is kept, with whoever is signed in.

So a page of what looks like one can be reloaded and gone back to. Only the last few are kept.
"""

import base64
from dataclasses import dataclass
from secrets import token_urlsafe

import numpy as np
from django.http import HttpRequest
from numpy.typing import NDArray

from tagsmith.embeddings.models import StoredEncoder
from tagsmith.embeddings.seeing import Seen
from tagsmith.embeddings.serving import serving_encoder
from tagsmith.errors import NotFoundError

KEY = "images"
KEPT = 3


@dataclass(frozen=True)
class AskedImage:
    """The name of its file, and its vector under the encoder that serves."""

    name: str
    encoder: StoredEncoder
    vector: NDArray[np.float16]


def keep(request: HttpRequest, name: str, seen: Seen) -> str:
    """Keep what was made of an image; return the word that asks for it."""
    word = token_urlsafe(9)
    vector = base64.b64encode(seen.vector.astype("<f2").tobytes()).decode()
    kept = {**request.session.get(KEY, {}), word: [name[:200], seen.encoder.pk, vector]}
    request.session[KEY] = dict(list(kept.items())[-KEPT:])
    return word


def asked_image(request: HttpRequest, word: str) -> AskedImage:
    """Return what was kept under a word; raises NotFoundError if it is gone, or another encoder serves now."""
    name, encoder, vector = request.session.get(KEY, {}).get(word, ("", None, ""))
    serving = serving_encoder()
    if encoder is None or serving is None or serving.pk != encoder:
        raise NotFoundError("this image was not kept")
    return AskedImage(name, serving, np.frombuffer(base64.b64decode(vector), "<f2"))
