"""Many image files in, one embedding each out, on all cores, in order, with memory for a few at a time."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tagsmith.errors import ImageError
from tagsmith.vision.bounds import DecodeLimits
from tagsmith.vision.cores import available_cores
from tagsmith.vision.decode import DEFAULT_LIMITS, decode
from tagsmith.vision.session import EncoderSession, Vector

WINDOW = 4  # images under way per core; more would only hold more memory


@dataclass(frozen=True)
class Encoded:
    """An image file's embedding, or why there is none."""

    path: Path
    vector: Vector | None
    error: str = ""


def encode_files(
    session: EncoderSession, paths: Iterable[Path], *, workers: int | None = None, limits: DecodeLimits = DEFAULT_LIMITS
) -> Iterator[Encoded]:
    """Yield one `Encoded` per path, in the paths' order.

    Each thread decodes and encodes one image at a time; both release the interpreter's lock, so that one
    image is decoded while another is encoded.

    Parameters
    ----------
    session
        The encoder.
    paths
        Read as they are needed.
    workers
        Threads; by default one per core that this process may use.
    limits
        Of what is decoded.
    """

    def encode(path: Path) -> Encoded:
        try:
            image = decode(path, at_least=session.shortest_side, limits=limits)
        except ImageError as error:
            return Encoded(path, None, error.sentence)
        return Encoded(path, session.encode(image))

    return _map_in_order(encode, paths, workers or available_cores())


def _map_in_order(work: Callable[[Path], Encoded], paths: Iterable[Path], workers: int) -> Iterator[Encoded]:
    pool = ThreadPoolExecutor(workers, thread_name_prefix="encode")
    pending: deque[Future[Encoded]] = deque()
    try:
        for path in paths:
            pending.append(pool.submit(work, path))
            if len(pending) >= workers * WINDOW:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
