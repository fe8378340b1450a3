"""For the tests' worker processes: a training that writes down that it has begun, and waits for a file."""

import os
import time
from pathlib import Path

from integration.stages import DIMENSION
from tagsmith.embeddings.services import stored_encoder
from tagsmith.learning.examples import Limits
from tagsmith.training.jobs import configure
from tagsmith.training.learn import TrainingSettings

FOLDER = Path(os.environ["HELD_TRAINING"])


def settings():
    (FOLDER / "begun").touch()
    while not (FOLDER / "go on").exists():
        time.sleep(0.02)
    return TrainingSettings(stored_encoder("test", DIMENSION), "test", Limits())


configure(settings)
