"""What the children have in common: they open the library, say how that went, and end with their supervisor."""

import socket
import sys
import warnings
from collections.abc import Callable

from tagsmith.config.library import open_library
from tagsmith.config.serve.tie import Report, tell, when_cut
from tagsmith.config.settings import Settings, load_settings
from tagsmith.errors import TagsmithError

Work = Callable[[socket.socket, Settings], None]


def run(descriptor: int, work: Work, *, when_alone: Callable[[], None]) -> None:
    """Do a child's work with the library open; `when_alone` ends it when the supervisor is gone."""
    warnings.filterwarnings("ignore", module=r"PIL\.")  # damaged files are reported once, by Tagsmith, with their name
    tie = socket.socket(fileno=descriptor)  # open to the very end: closing it would look like being alone
    when_cut(tie, when_alone)
    try:
        settings = load_settings()
        with open_library(settings):
            work(tie, settings)
    except TagsmithError as error:
        tell(tie, Report(error=str(error)))
        sys.exit(1)
