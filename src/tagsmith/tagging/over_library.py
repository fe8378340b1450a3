"""What versions would give over the whole library, found out from stored vectors. Nothing is written."""

from collections.abc import Callable, Iterator, Sequence

from django.db.models import Exists, OuterRef

from tagsmith.assets.models import State
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.curation.selectors import rejected, set_by_people
from tagsmith.embeddings.models import Embedding, StoredEncoder
from tagsmith.embeddings.selectors import read_vectors
from tagsmith.tagging.difference import Given, joined
from tagsmith.tagging.heads import Board, Head

CHUNK = 5000  # assets

Advance = Callable[[int], object]


def judgeable(scope: Scope, encoders: Sequence[StoredEncoder]) -> list[int]:
    """Return the assets that a run would look at: live, ready, and seen by each of the encoders."""
    assets = live_assets(scope).filter(state=State.READY)
    for encoder in encoders:
        assets = assets.filter(Exists(Embedding.objects.filter(asset=OuterRef("pk"), encoder=encoder)))
    return list(assets.order_by("pk").values_list("pk", flat=True))


def give(
    assets: Sequence[int], sides: Sequence[Sequence[Board]], advance: Advance | None = None
) -> Iterator[tuple[list[int], list[Given]]]:
    """Yield chunks of the assets, and the smart tags that each of several states of the versions would give them.

    Vectors are read once, and multiplied by all states at once.

    Parameters
    ----------
    assets
        In order.
    sides
        The states.
    advance
        Told how many assets are done, after each chunk.
    """
    boards = _side_by_side(sides)
    for start in range(0, len(assets), CHUNK):
        chunk = list(assets[start : start + CHUNK])
        said, refused = set_by_people(chunk), rejected(chunk)
        parts: list[list[Given]] = [[] for _ in sides]
        for board, places in boards:
            for block, vectors in read_vectors(board.encoder, chunk):
                for side, given in zip(places, board.wanted(block, vectors, said, refused), strict=True):
                    parts[side].append(given)
        yield chunk, [joined(part) for part in parts]
        if advance:
            advance(len(chunk))


def _side_by_side(sides: Sequence[Sequence[Board]]) -> list[tuple[Board, list[int]]]:
    """Return the versions of all sides by encoder, and on which side each is."""
    by_encoder: dict[StoredEncoder, list[tuple[Head, int]]] = {}
    for side, boards in enumerate(sides):
        for board in boards:
            by_encoder.setdefault(board.encoder, []).extend((head, side) for head in board.heads)
    return [
        (Board(encoder, tuple(head for head, _ in placed)), [side for _, side in placed])
        for encoder, placed in by_encoder.items()
    ]
