"""The supervisor: holds the address and the database, starts the children, watches, and stops all in order."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import click

from tagsmith.cli.context import note
from tagsmith.config.postgres import Cluster, running
from tagsmith.config.serve.address import address_of, listen, reach
from tagsmith.config.serve.child import Child, stop
from tagsmith.config.serve.claim import sole_server
from tagsmith.config.serve.tie import Report
from tagsmith.config.settings import Settings
from tagsmith.errors import DatabaseError, TagsmithError
from tagsmith.vision.cores import available_cores

TICK = 0.1  # seconds between two looks at the children
CHECK = 1.0  # and at the database
AFTER_FAILURE = 10.0
WEB_PATIENCE, WORKER_PATIENCE = 3.0, 6.0  # seconds to finish what is under way; a job left off is done again later


def serve(settings: Settings) -> None:
    """Serve the library until SIGINT, SIGTERM or SIGHUP; a second one ends what does not stop by itself.

    Raises
    ------
    TagsmithError
        It cannot start; the message says what is in the way.
    """
    _interrupted_by(signal.SIGTERM, signal.SIGHUP)
    try:
        with (
            sole_server(settings.data) as announce,
            listen(settings.host, settings.port) as listener,
            _database(settings) as cluster,
        ):
            service = Service(_children(settings, listener), cluster)
            try:
                report = service.start()
                announce(_greet(settings.host, listener.getsockname()[1], report))
                service.watch()
            finally:
                service.stop()
    except KeyboardInterrupt:
        note("tagsmith: stopped")


def check(settings: Settings) -> None:
    """Raise a TagsmithError if the library cannot be served now: by another already, or not at this address."""
    with sole_server(settings.data), listen(settings.host, settings.port):
        pass


def _greet(host: str, port: int, report: Report) -> str:
    """Say where the pages are, and return it."""
    address = address_of(host, port)
    click.echo(f"Tagsmith is at {address}{reach(host, port)}")
    if report.setup:
        click.echo(f"Nobody can sign in yet: make the first administrator at {address}{report.setup}")
    return address


@dataclass
class Service:
    """The children, the web server first, and the database, which is None where it is somebody else's."""

    children: list[Child]
    cluster: Cluster | None
    _url: str = field(default="", init=False)
    _next_check: float = field(default=0.0, init=False)

    def start(self) -> Report:
        """Start all and return how the web server started, which sets an empty database up; raises TagsmithError."""
        self._url = self.cluster.url() if self.cluster else ""
        web, *workers = self.children
        web.start()
        report = _first_report(web)
        for worker in workers:
            worker.start()
        return report

    def watch(self) -> None:
        """Start again what ends unasked, the database before those that use it; only an interrupt ends this."""
        while True:
            time.sleep(TICK)
            ended = [child for child in self.children if child.tend()]
            if self.cluster and (ended or time.monotonic() > self._next_check):
                self._next_check = time.monotonic() + CHECK
                self._check_database(self.cluster)

    def stop(self) -> None:
        """Stop the web server, then the workers; a second interrupt ends them at once."""
        try:
            stop(self.children[:1], WEB_PATIENCE)
            stop(self.children[1:], WORKER_PATIENCE)
        except KeyboardInterrupt:
            stop(self.children, 0)
        for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(asked, signal.SIG_IGN)  # a database that is being stopped is better left alone

    def _check_database(self, cluster: Cluster) -> None:
        """See that it answers; its address changes with each start, and children know only the one they began with."""
        try:
            if not cluster.is_running():
                note("tagsmith: the database was lost; it is started again")
                cluster.revive()
            url = cluster.url()
        except DatabaseError as error:
            note(f"tagsmith: {error}")
            self._next_check = time.monotonic() + AFTER_FAILURE
            return
        if url != self._url:
            self._url = url
            for child in self.children:
                child.restart()


def _children(settings: Settings, listener: socket.socket) -> list[Child]:
    cores = available_cores()
    count = settings.worker_processes or cores
    threads = settings.workers or max(1, cores // count)
    environment = {**os.environ, "TAGSMITH_WORKERS": str(threads)}
    web = Child("the web server", "tagsmith.config.serve.web", environment, (listener.fileno(),))
    numbered = (f"worker-{number}" for number in range(1, count + 1))
    workers = [Child(name, "tagsmith.config.serve.worker", environment, arguments=(name,)) for name in numbered]
    return [web, *workers]


@contextmanager
def _database(settings: Settings) -> Iterator[Cluster | None]:
    if settings.database_url:
        yield None
        return
    with running(settings.data) as cluster:
        yield cluster


def _first_report(web: Child) -> Report:
    while (report := web.report()) is None:
        if web.process is None or web.process.poll() is not None:
            raise TagsmithError("the web server cannot start; the reason is above")
        time.sleep(TICK / 10)
    if report.error:
        raise TagsmithError(report.error)
    return report


def _interrupted_by(*signals: signal.Signals) -> None:
    """Let these act as Ctrl-C does; one that is ignored, as under nohup, stays so."""
    for asked in signals:
        if signal.getsignal(asked) is not signal.SIG_IGN:
            signal.signal(asked, signal.default_int_handler)
