"""The tie between the supervisor and a child: a pair of sockets.

The child says once through it how it started. It is cut when one of the two ends, in whatever way: no process id is
asked for, which could be another's by then, and nothing here is special to one operating system.
"""

import json
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from threading import Thread


@dataclass(frozen=True)
class Report:
    """How a child started: `error` is why it could not; `setup` is where the first person is made, if nobody is."""

    error: str = ""
    setup: str = ""


def tell(end: socket.socket, report: Report) -> None:
    """Say how this child started; a supervisor that is gone does not hear it."""
    with suppress(OSError):
        end.sendall(json.dumps(asdict(report)).encode() + b"\n")


def heard(end: socket.socket) -> Report | None:
    """Return how the child started, if it has said so; never waits."""
    try:
        said = end.recv(1 << 16, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except OSError:
        return None
    return Report(**json.loads(said)) if said.endswith(b"\n") else None


def when_cut(end: socket.socket, act: Callable[[], None]) -> None:
    """Call `act`, in a thread of its own, when the supervisor ends."""

    def wait() -> None:
        with suppress(OSError):
            while end.recv(1):
                pass
        act()

    Thread(target=wait, name="tie", daemon=True).start()
