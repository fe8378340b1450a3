"""A child of the supervisor: started, started again after a pause if it ends unasked, and stopped."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tagsmith.cli.context import note
from tagsmith.config.serve.tie import Report, heard

STEADY = 30.0  # seconds; who lived as long did not end over its start
SHORTEST, LONGEST = 0.2, 30.0  # seconds of pause before it is started again


@dataclass
class Child:
    """A process of a module, whose arguments are its end of the tie, descriptors it is to `keep`, and others."""

    name: str
    module: str
    environment: Mapping[str, str]
    keep: tuple[int, ...] = ()
    arguments: tuple[str, ...] = ()
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    _tie: socket.socket | None = field(default=None, init=False)
    _started: float = field(default=0.0, init=False)
    _pause: float = field(default=0.0, init=False)

    def start(self) -> None:
        """Start the process, in a session of its own: Ctrl-C is for the supervisor alone."""
        ours, theirs = socket.socketpair()
        with theirs:
            given = (theirs.fileno(), *self.keep)
            self.process = subprocess.Popen(  # noqa: S603 - our own modules
                [sys.executable, "-m", self.module, *map(str, given), *self.arguments],
                pass_fds=given,
                env=self.environment,
                start_new_session=True,
                stdin=subprocess.DEVNULL,
            )
        self._drop_tie()
        self._tie, self._started = ours, time.monotonic()

    def report(self) -> Report | None:
        """Return how it started, if it has said so."""
        return heard(self._tie) if self._tie else None

    def tend(self) -> bool:
        """Return whether it has ended unasked since the last time; start it again when its pause is over."""
        if self.process is None:
            if time.monotonic() > self._started + self._pause:
                self.start()
            return False
        status = self.process.poll()
        if status is None:
            return False
        self._mourn(status)
        return True

    def restart(self) -> None:
        """Start it anew at once; what it was doing is lost."""
        self.kill()
        self.start()

    def terminate(self) -> None:
        """Ask it to end."""
        if self.process is not None:
            self.process.terminate()

    def wait(self, until: float) -> None:
        """Wait for its end until a time of the monotonic clock, then kill it."""
        if self.process is not None:
            try:
                self.process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """End it at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self._drop_tie()

    def _mourn(self, status: int) -> None:
        lived = time.monotonic() - self._started
        self._pause = next_pause(self._pause, lived)
        report = self.report()
        why = report.error if report and report.error else _how(status)
        note(f"tagsmith: {self.name} ended ({why}); it starts again in {self._pause:.1f} s")
        self.process, self._started = None, time.monotonic()

    def _drop_tie(self) -> None:
        if self._tie is not None:
            self._tie.close()
            self._tie = None


def next_pause(last: float, lived: float) -> float:
    """Return how long to wait, in seconds, before a child is started again that lived so long after the last pause."""
    return SHORTEST if lived > STEADY else min(max(2 * last, SHORTEST), LONGEST)


def stop(children: Iterable[Child], patience: float) -> None:
    """Ask all to end, and kill those that have not after `patience` seconds."""
    group = list(children)
    for child in group:
        child.terminate()
    until = time.monotonic() + patience
    for child in group:
        child.wait(until)


def _how(status: int) -> str:
    return f"by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
