"""The demonstration: a library is made or taken, taught, tagged, and shown on one self-contained page."""

import base64
import io
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tagsmith.atomic import make_folder, write_whole
from tagsmith.learning.examples import Limits
from tagsmith.learning.tag_model import TagModel
from tagsmith.operations.demo.material import own_material, sample_material
from tagsmith.operations.demo.page import Result, Step, load_template, render
from tagsmith.vision.decode import decode
from tagsmith.vision.files import shown
from tagsmith.vision.stream import available_cores

THUMBNAIL = 180  # pixels on the longer side

Say = Callable[[str], None]


def run_demo(output: Path, photos: Path | None, model: TagModel, say: Say) -> Path:
    """Make or take a library, teach `model`, tag the rest, write `index.html` below `output`; return its path.

    Raises
    ------
    BadInputError
        The photos cannot be used; the message names the tag and the count.
    WriteError
        The output folder cannot be written.
    """
    template = load_template()
    make_folder(output)
    steps: list[Step] = []

    @contextmanager
    def step(what: str) -> Iterator[None]:
        start = time.perf_counter()
        say(f"{what} ...")
        yield
        steps.append(Step(what, time.perf_counter() - start))
        say(f"    done in {steps[-1].seconds:.1f} s")

    if photos is None:
        with step("drawing a sample library"):
            material = sample_material(output / "sample")
    else:
        material = own_material(photos, model.limits or Limits())
    for item in material.skipped:
        say(f"    skipped {shown(item.path)}: {item.reason}")
    count = sum(map(len, material.examples.values()))
    with step("loading the encoder"):
        encoder = model.session.encoder.name
    with step(f"reading {count} examples of {len(material.examples)} tags and teaching them"):
        model.fit(material.examples)
    model.save(output / "demo.tagsmith")
    with step(f"tagging {len(material.photos)} other images"):
        tagged = list(model.tag(material.photos))
    with step("making thumbnails and the page"):
        thumbnails = make_thumbnails([item.path for item in tagged if not item.error])
    page = output / "index.html"
    result = Result(material, tagged, thumbnails, steps, model.classifier_.quality_, encoder)
    write_whole(page, render(template, result).encode())
    return page


def make_thumbnails(paths: list[Path]) -> dict[Path, str]:
    """Return a small WebP of each image as a data URI."""
    with ThreadPoolExecutor(available_cores()) as pool:
        return dict(zip(paths, pool.map(_thumbnail, paths), strict=True))


def _thumbnail(path: Path) -> str:
    image = decode(path, at_least=THUMBNAIL)
    image.thumbnail((THUMBNAIL, THUMBNAIL))
    content = io.BytesIO()
    image.save(content, "WEBP", quality=75)
    return "data:image/webp;base64," + base64.b64encode(content.getvalue()).decode()
