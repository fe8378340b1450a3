"""What a command gets from its surroundings, and what all commands say in the same way."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

if TYPE_CHECKING:
    from tagsmith.learning.examples import Limits
    from tagsmith.vision.files import Skipped


@dataclass(frozen=True)
class Surroundings:
    """The settings that commands use; `config` fills it in."""

    encoder: str
    data: Path
    cache: Path
    workers: int | None
    max_image_pixels: int
    limits: "Limits"
    library: "OpenLibrary"
    serve: Callable[[], None]
    check_serving: Callable[[], None]


class OpenLibrary(Protocol):
    """Starts the database where none runs and sets everything up for a command that uses the library."""

    def __call__(self, *, migrate: bool = False) -> AbstractContextManager[None]:
        """Give the library while the context lasts; raises DatabaseError."""


Load = Callable[[], Surroundings]


def override(**settings: object) -> None:
    """Let what is given win over the environment, also in the processes that are started; None is not given."""
    for name, value in settings.items():
        if value is not None:
            os.environ[f"TAGSMITH_{name.upper()}"] = str(value)


def note(text: str) -> None:
    """Say something about the work on standard error, above a progress bar if there is one."""
    if "tqdm" in sys.modules:
        from tqdm import tqdm

        with tqdm.external_write_mode(sys.stderr):
            click.echo(text, err=True)
    else:
        click.echo(text, err=True)


def note_skipped(skipped: "list[Skipped]") -> None:
    """Name what was passed over, one line each."""
    from tagsmith.vision.files import shown

    for item in skipped:
        note(f"skipped {shown(item.path)}: {item.reason}")


@contextmanager
def progress(total: int, what: str) -> Iterator[Callable[[object], None]]:
    """Show count, rate and time left on a terminal; stay quiet in a pipe."""
    from tqdm import tqdm

    with tqdm(total=total, desc=what, unit=" images", disable=None, leave=False, dynamic_ncols=True) as bar:

        def advance(_: object) -> None:
            bar.update()

        yield advance
