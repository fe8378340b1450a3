"""Milliseconds to find what looks like an image in a large library, and to look at an image that is sent.

Beside them, what the same answer would take from the cache of vectors. The library is that of `retagging.py`: vectors
of the default encoder's length. Everything is warm.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from statistics import median

import numpy as np
from PIL import Image

from retagging import make_library
from scratch import large_library

ROUNDS = 9
COUNT = 61  # a page, and one to know whether there are more


def main() -> None:
    with large_library(argparse.ArgumentParser(description=__doc__)) as options:
        from tagsmith.assets.models import Asset, Folder
        from tagsmith.assets.scope import EVERYTHING, Scope
        from tagsmith.embeddings.models import StoredEncoder
        from tagsmith.embeddings.neighbours import similar_to_vector
        from tagsmith.embeddings.selectors import read_vectors

        make_library(options.assets)
        encoder = StoredEncoder.objects.get()
        asked = np.random.default_rng(5).standard_normal(encoder.dimension).astype(np.float32)
        ids = list(Asset.objects.order_by("pk").values_list("pk", flat=True))
        few, _ = Folder.objects.get_or_create(path="few", defaults={"name": "few", "folded": "few"})
        Asset.objects.filter(pk__in=ids[::50]).update(folder=few)

        def from_cache() -> None:
            for _, vectors in read_vectors(encoder, ids):
                vectors @ asked

        print(f"{options.assets:,} vectors of {encoder.dimension} numbers")
        shown("what looks like it", lambda: similar_to_vector(EVERYTHING, encoder, asked, count=COUNT))
        shown("in 2 % of the library", lambda: similar_to_vector(Scope(("few",)), encoder, asked, count=COUNT))
        shown("reading all from the cache", from_cache)
    looking()


def looking() -> None:
    """Look at a photo of 12 megapixels, as a request does once the file is there."""
    import io

    from tagsmith.vision.cache import default_cache
    from tagsmith.vision.encoders import find_encoder
    from tagsmith.vision.session import EncoderSession

    session = EncoderSession(find_encoder("standard"), default_cache())
    for kind in ("JPEG", "PNG"):
        file = io.BytesIO()
        Image.effect_noise((4000, 3000), 60).convert("RGB").save(file, kind)
        sent = file.getvalue()
        shown(f"looking at 12 MP, {kind}", partial(look, session, sent))


def look(session, sent: bytes) -> None:
    from tagsmith.vision.decode import decode

    session.encode(decode(sent, at_least=session.shortest_side))


def shown(what: str, work: Callable[[], object]) -> None:
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - start))
    print(f"{what:28} median {median(taken):.0f} ms, slowest {max(taken[1:]):.0f} ms")


if __name__ == "__main__":
    main()
