"""Jobs that the tests' worker processes do: they write down each beginning and each end."""

import os
import time
from pathlib import Path

from tagsmith.queue.port import job


@job("tests.note")
def note(file: str, line: str, seconds: float = 0.0) -> None:
    write(file, f"begin {line} {os.getpid()}")
    time.sleep(seconds)
    write(file, f"end {line}")


@job("tests.die")
def die(file: str) -> None:
    write(file, "die")
    os.kill(os.getpid(), 9)


@job("tests.fail")
def fail() -> None:
    raise ValueError("on purpose")


def write(file: str, line: str) -> None:
    with Path(file).open("a") as out:
        out.write(line + "\n")
