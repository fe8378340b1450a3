"""The embedded PostgreSQL as the rest of Tagsmith knows it: start it, use it for a while, stop it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tagsmith.config.postgres.account import Account, account_for
from tagsmith.config.postgres.binaries import check_reach
from tagsmith.config.postgres.connection import complaint, make_database, private_socket, url_of
from tagsmith.config.postgres.creation import make_cluster
from tagsmith.config.postgres.locks import becomes_sole, locked
from tagsmith.config.postgres.places import Places, Record
from tagsmith.config.postgres.server import ensure, halt
from tagsmith.errors import DatabaseError, WriteError


@dataclass(frozen=True)
class Cluster:
    """An embedded PostgreSQL in a data folder; a name for it, which holds nothing open."""

    folder: Path

    def url(self) -> str:
        """Return the address of Tagsmith's database, as libpq and psycopg take it; it changes with each start.

        Raises
        ------
        DatabaseError
            The server is not running.
        """
        places = Places.of(self.folder)
        socket = private_socket(places, _account(places))
        if socket is None:
            raise DatabaseError(f"the database in {self.folder} is not running")
        return url_of(socket)

    def is_running(self) -> bool:
        """Ask the server itself; one that is still starting is not running yet."""
        places = Places.of(self.folder)
        return complaint(places, _account(places)) is None

    def revive(self) -> None:
        """Start the server again after it was lost; who stops it in the end stays as it was. Raises DatabaseError."""
        record = Record.load(Places.of(self.folder))
        _start(self.folder, lasting=record is not None and record.lasting)

    def stop(self) -> None:
        """Stop the server, whoever uses it, and return when nothing of it is left. Raises DatabaseError."""
        places = Places.of(self.folder)
        if places.notes.exists():
            with _gate(places):
                halt(places, _account(places))


def start(folder: Path) -> Cluster:
    """Return a server that answers, and that stays until it is stopped; it is made and started where need be.

    Raises
    ------
    DatabaseError
        The message says what is in the way.
    """
    return _start(folder, lasting=True)


@contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """Use a server, which is started where none is running. Raises DatabaseError.

    Several processes share it. The last of them stops it, unless `start` had been asked for one that stays. One that
    its users left behind, because they were killed, serves the next and is stopped by that one.
    """
    places = Places.of(folder)
    with locked(places.holders, shared=True) as hold:
        try:
            yield _start(folder, lasting=False)
        finally:
            with _gate(places):
                record = Record.load(places)
                if becomes_sole(hold) and record is not None and not record.lasting:
                    halt(places, _account(places))


def _start(folder: Path, *, lasting: bool) -> Cluster:
    places = Places.of(folder)
    with _gate(places):
        account = _account(places)
        check_reach(account, places.folder)
        make_cluster(places, account)
        ensure(places, account, lasting=lasting)
        make_database(places, account)
        record = Record.load(places)
        if record is not None and lasting and not record.lasting:
            Record(record.socket, lasting=True).save(places)
    return Cluster(places.folder)


def _account(places: Places) -> Account:
    return account_for(places.folder, places.cluster)


@contextmanager
def _gate(places: Places) -> Iterator[None]:
    """Let one process at a time make, start or stop; what the system refuses meanwhile becomes a DatabaseError."""
    with locked(places.gate):
        try:
            yield
        except WriteError as error:
            raise DatabaseError(str(error)) from error
        except OSError as error:
            raise DatabaseError(f"{error.filename or places.folder}: {error.strerror}") from error
