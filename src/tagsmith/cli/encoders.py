"""`tagsmith encoders`: what is there, what it costs, and how fast it is on this machine."""

import time
from typing import TYPE_CHECKING

import click

from tagsmith.cli.context import Load, note
from tagsmith.cli.table import print_table
from tagsmith.errors import EncoderError

if TYPE_CHECKING:
    from pathlib import Path

    from tagsmith.vision.encoders import Encoder

TRIALS = 8
PHOTO = (1200, 900)


@click.command()
@click.option("--ids", is_flag=True, help="Also print the ids that tag models are bound to.")
@click.pass_obj
def encoders(load: Load, ids: bool) -> None:
    """List the encoders: dimension, size of the weights, speed on this machine, whether they read text, licence.

    The speed is measured now, on one core, without reading files. Encoders that have to be downloaded are
    measured once they are here. One that reads text lets the library be searched by meaning; for that it needs more
    weights, which do not count here, and which `tagsmith encoder download` fetches.
    """
    from tagsmith.vision.encoders import ENCODERS

    settings = load()
    rows = []
    for encoder in ENCODERS:
        size, speed = _measured(encoder, settings.cache)
        default = " *" if encoder.name == settings.encoder else ""
        name, reads, numbers = encoder.name + default, "yes" if encoder.text else "no", str(encoder.dimension)
        rows.append((name, numbers, size, speed, reads, encoder.licence, encoder.note))
    print_table(("encoder", "numbers", "MB", "images/s", "reads text", "licence", ""), rows, "lrrrlll")
    click.echo("\n* the default. An .onnx file with a .json beside it is an encoder too.")
    if ids:
        for encoder in ENCODERS:
            click.echo(f"{encoder.name}: {encoder.id}")


def _measured(encoder: "Encoder", cache: "Path") -> tuple[str, str]:
    """Return the size of the weights and the rate, or dashes for what has not been downloaded."""
    from PIL import Image

    from tagsmith.vision.session import EncoderSession

    if not encoder.is_here(cache):
        return "–", "–"
    try:
        session = EncoderSession(encoder, cache)
    except EncoderError as error:
        note(f"{encoder.name}: {error}")
        return "–", "–"
    photo = Image.effect_noise(PHOTO, 50).convert("RGB")
    session.encode(photo)
    start = time.perf_counter()
    for _ in range(TRIALS):
        session.encode(photo)
    rate = TRIALS / (time.perf_counter() - start)
    return f"{session.size_on_disk / 1e6:.0f}", f"{rate:.0f}"
