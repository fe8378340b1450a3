"""A worker's process: `python -m tagsmith.config.serve.worker TIE NAME`, the tie being a descriptor."""

import os
import socket
import sys
from functools import partial

from tagsmith.config.serve.entry import run
from tagsmith.config.settings import Settings


def main() -> None:
    """Do jobs until SIGTERM; when the supervisor ends, leave off at once: another takes the job up again."""
    descriptor, name = sys.argv[1:]
    run(int(descriptor), partial(_work, name), when_alone=partial(os._exit, 1))


def _work(name: str, tie: socket.socket, settings: Settings) -> None:  # noqa: ARG001 - as for the web server
    from tagsmith.queue.worker import run_worker  # noqa: PLC0415 - needs the library open

    run_worker(name=name)


if __name__ == "__main__":
    main()
