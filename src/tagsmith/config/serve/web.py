"""The web server's process: `python -m tagsmith.config.serve.web TIE LISTENER`, both being descriptors."""

import os
import signal
import socket
import sys
import time
from functools import partial
from typing import Any

from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.server import MTServer

from tagsmith.cli.context import note
from tagsmith.config.serve.entry import run
from tagsmith.config.serve.tie import Report, tell
from tagsmith.config.settings import Settings

HEAD_START = 1.0  # seconds for the workers to be gone, so that the last to leave, who stops the database, is this one
PATIENCE = 5.0
STACK = 16 * 2**20  # bytes for each thread: OpenBLAS takes half a megabyte a call, and Rust would give 2 MB


class Server(MTServer):
    """Granian in this very process, on a socket that is listened to already.

    Its ordinary server is two processes and binds by itself; the one with threads is meant for Pythons without a
    global lock. With one worker the lock makes no difference: its Python threads take turns, as in the other.
    """

    def __init__(self, listener: int, threads: int) -> None:
        super().__init__("", interface=Interfaces.WSGI, blocking_threads=threads, websockets=False, log_enabled=False)
        self._listener = listener

    def _init_shared_socket(self) -> None:
        self._ssp = None
        self._shd = SocketHolder(self._listener, False, 0)  # type: ignore[call-arg, assignment]  # its stub is older

    def _check_gil(self) -> None:
        """Nothing to check."""


def main() -> None:
    """Answer requests until SIGTERM, or until the supervisor ends."""
    descriptor, listener = (int(argument) for argument in sys.argv[1:])
    run(descriptor, partial(_serve, listener), when_alone=_end)


def _serve(listener: int, tie: socket.socket, settings: Settings) -> None:
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 - needs the library open

    from tagsmith.embeddings.preparation import current  # noqa: PLC0415
    from tagsmith.web.setup import setup_path  # noqa: PLC0415

    if notice := current().encoders.notice():
        note(f"tagsmith: {notice}")
    application = get_wsgi_application()
    tell(tie, Report(setup=setup_path()))

    def load(*_: Any) -> Any:
        return application

    os.environ.setdefault("RUST_MIN_STACK", str(STACK))
    Server(listener, settings.web_threads).serve(target_loader=load, wrap_loader=False)


def _end() -> None:
    time.sleep(HEAD_START)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os._exit(1)


if __name__ == "__main__":
    main()
