"""The entry point: settings are read here and handed to the command line."""

import os
import sys
import warnings
from functools import partial
from typing import TYPE_CHECKING

from tagsmith.cli.app import run
from tagsmith.cli.context import Surroundings

if TYPE_CHECKING:
    from tagsmith.config.settings import Settings


def main() -> None:
    """Run `tagsmith` with the process's arguments and end the process with its exit status."""
    warnings.filterwarnings("ignore", module=r"PIL\.")  # damaged files are reported once, by Tagsmith, with their name
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a name is never the end of a run
    try:
        status = run(sys.argv[1:], surroundings)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    sys.exit(status)


def surroundings() -> Surroundings:
    """Return what the commands need of the settings; raises SettingsError."""
    from tagsmith.config.library import open_library  # noqa: PLC0415
    from tagsmith.config.limits import limits_of  # noqa: PLC0415
    from tagsmith.config.settings import load_settings  # noqa: PLC0415 - `--help` needs no settings

    settings = load_settings()
    return Surroundings(
        encoder=settings.encoder,
        data=settings.data,
        cache=settings.cache,
        workers=settings.workers,
        max_image_pixels=settings.max_image_pixels,
        limits=limits_of(settings),
        library=partial(open_library, settings),
        serve=partial(_serve, settings),
        check_serving=partial(_check_serving, settings),
    )


def _serve(settings: "Settings") -> None:
    from tagsmith.config.serve import serve  # noqa: PLC0415 - the other commands need none of it

    serve(settings)


def _check_serving(settings: "Settings") -> None:
    from tagsmith.config.serve import check  # noqa: PLC0415

    check(settings)
