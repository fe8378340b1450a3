"""The entry point: settings are read here and handed to the command line."""

import os
import sys
import warnings
from functools import partial

from tagsmith.cli.app import run
from tagsmith.cli.context import Surroundings


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
    from tagsmith.config.settings import load_settings  # noqa: PLC0415 - `--help` needs no settings
    from tagsmith.learning.examples import Limits  # noqa: PLC0415

    settings = load_settings()
    return Surroundings(
        encoder=settings.encoder,
        cache=settings.cache,
        workers=settings.workers,
        max_image_pixels=settings.max_image_pixels,
        limits=Limits(
            settings.min_tags_per_model,
            settings.max_tags_per_model,
            settings.min_examples_per_tag,
            settings.max_examples_per_tag,
        ),
        library=partial(open_library, settings),
    )
