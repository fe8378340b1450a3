"""For tests and their worker processes: an old and a new encoder, whose vectors tell the kinds of `stages` apart.

Assets whose names begin with `bad` cannot be read. Where HELD_ENCODING names a folder, each asset that is seen leaves a
line in `seen` there, and after some of them the others wait for the file `go on`.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np

from integration.stages import DIMENSION
from tagsmith.embeddings import encoding, preparation
from tagsmith.embeddings.preparation import Made, Preparation
from tagsmith.embeddings.serving import Encoders
from tagsmith.errors import EncoderError
from tagsmith.learning.examples import Limits
from tagsmith.tagging import publishing
from tagsmith.training import encoder_change, jobs
from tagsmith.training.learn import TrainingSettings
from tagsmith.vision.bounds import DecodeLimits

HELD_AFTER = 20


@dataclass(frozen=True)
class Known:
    name: str
    id: str
    dimension: int


@dataclass(frozen=True)
class Session:
    encoder: Known


ENCODERS = {"old": Known("old", "test", DIMENSION), "new": Known("new", "new;fp32", 32)}


def open_session(source):
    if source not in ENCODERS:
        raise EncoderError(f"no encoder {source!r}")
    return Session(ENCODERS[source])


class Seeing(Preparation):
    def encode(self, assets, session):
        return [self._see(asset, session) for asset in assets]

    def _see(self, asset, session):
        if folder := os.environ.get("HELD_ENCODING"):
            hold(Path(folder), asset.name)
        if asset.name.startswith("bad"):
            return Made(asset, failure="cut short")
        return Made(asset, vector=vector(asset.name, session.encoder.dimension))


def hold(folder, name):
    with (folder / "seen").open("a") as file:
        file.write(f"{os.getpid()} {name}\n")
    while (folder / "seen").read_text().count("\n") > HELD_AFTER and not (folder / "go on").exists():
        time.sleep(0.02)


def vector(name, dimension):
    kind = np.random.default_rng(crc32(name.split("-")[0].encode())).standard_normal(dimension)
    own = np.random.default_rng(crc32(name.encode())).standard_normal(dimension)
    return (kind + 0.7 * own).astype(np.float32)


def training_settings():
    serving = preparation.current().encoder
    return TrainingSettings(serving, serving.shown, Limits())


def compose(opening=open_session):
    """Put the stages together as `config` does, with these encoders."""
    encoders = Encoders("old", opening, wanted=True)
    preparation.configure(Seeing(None, encoders, DecodeLimits()))
    jobs.configure(training_settings)
    encoding.configure(jobs.go_on)
    encoder_change.configure(publishing.retire)
    return encoders


compose()
