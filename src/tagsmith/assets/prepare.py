"""Making an imported asset ready: its measures, a rendition to look at, a hash to find its likes."""

import io
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tagsmith.assets.content import original_of
from tagsmith.assets.likeness import likeness
from tagsmith.assets.models import Asset, State
from tagsmith.assets.storage import Storage
from tagsmith.errors import ImageError
from tagsmith.vision.decode import DAMAGE, DEFAULT_LIMITS, DecodeLimits, decode
from tagsmith.vision.formats import HEAD_LENGTH, OPENERS, format_of

RENDITION = 512  # pixels of the longer side
QUALITY = 82


@dataclass(frozen=True)
class Prepared:
    """What is learned of an image by decoding it; width and height are those of the upright original."""

    format: str
    width: int
    height: int
    image: Image.Image


def prepare(asset_id: int, storage: Storage, *, limits: DecodeLimits = DEFAULT_LIMITS) -> None:
    """Make an asset ready, or failed with the reason; no effect on one that is, or that is gone.

    Raises
    ------
    WriteError
        The rendition cannot be written: nothing is wrong with the image, so it can be tried again.
    """
    asset = Asset.objects.filter(pk=asset_id).first()
    if asset is None or (asset.state == State.READY and storage.rendition(asset.content, RENDITION).is_file()):
        return
    unchanged = Asset.objects.filter(pk=asset_id, content=asset.content)  # else the new content has its own job
    try:
        prepared = read(original_of(asset, storage), limits)
    except ImageError as error:
        unchanged.update(state=State.FAILED, failure=str(error))
        return
    small = prepared.image
    small.thumbnail((RENDITION, RENDITION), reducing_gap=3)
    storage.put_rendition(asset.content, RENDITION, _webp(small))
    unchanged.update(
        state=State.READY,
        failure="",
        format=prepared.format,
        width=prepared.width,
        height=prepared.height,
        likeness=likeness(small),
    )


def read(path: Path, limits: DecodeLimits) -> Prepared:
    """Decode a file as far as a rendition needs; raises ImageError.

    Only a JPEG gains by being decoded smaller, and then its header tells the size; the others show theirs.
    """
    name, size = "", None
    with suppress(*DAMAGE):  # `decode` says what is wrong
        if path.is_file():
            with path.open("rb") as file:
                name = format_of(file.read(HEAD_LENGTH))
                file.seek(0)
                size = OPENERS[name](file, limits.max_pixels).size if name == "JPEG" else None
    image = decode(path, at_least=RENDITION if size else None, limits=limits)
    return Prepared(name, *_upright(size or image.size, image.size), image)


def _upright(size: tuple[int, int], seen: tuple[int, int]) -> tuple[int, int]:
    """Turn the size in a file's header as the decoded, perhaps smaller, image is turned."""
    width, height = size
    lies = abs(seen[0] * height - seen[1] * width) <= abs(seen[0] * width - seen[1] * height)
    return (width, height) if lies else (height, width)


def _webp(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "WEBP", quality=QUALITY, method=4)
    return file.getvalue()
