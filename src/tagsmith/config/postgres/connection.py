"""Talking to the server: whether it answers, and making the database that Tagsmith uses."""

import os
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo

from tagsmith.config.postgres.account import Account
from tagsmith.config.postgres.creation import USER
from tagsmith.config.postgres.places import Places, Record
from tagsmith.config.postgres.sockets import PORT, is_private
from tagsmith.errors import DatabaseError

DATABASE = "tagsmith"
MAINTENANCE = "postgres"
TIMEOUT = 10  # seconds

_WHERE = "SELECT textsend(current_setting('data_directory'))"  # as bytes, for a path need not be UTF-8
_HAS_VECTOR = "SELECT FROM pg_available_extensions WHERE name = 'vector' AND installed_version = default_version"


def private_socket(places: Places, account: Account) -> Path | None:
    """Return the socket folder of the server started last; none if it is gone or somebody else's."""
    record = Record.load(places)
    return record.socket if record is not None and is_private(record.socket, account) else None


def url_of(socket: Path) -> str:
    """Return the address of the database behind a socket folder."""
    return f"postgresql://{USER}@/{DATABASE}?host={quote(os.fspath(socket))}&port={PORT}"


def complaint(places: Places, account: Account) -> str | None:
    """Return why the server of a data folder cannot be used now; none if it answers."""
    socket = private_socket(places, account)
    if socket is None:
        return "its socket folder is not to be seen here"
    try:
        with _connect(socket, MAINTENANCE) as connection:
            row = connection.execute(_WHERE).fetchone()
    except psycopg.Error as error:
        return str(error).strip()
    served = Path(os.fsdecode(row[0])) if row else None
    if served is None or not served.exists() or not served.samefile(places.cluster):
        return f"its socket belongs to the server of {served}"
    return None


def is_on_its_way(places: Places, account: Account) -> bool:
    """Tell whether the server refuses because it is starting, recovering or stopping."""
    socket = private_socket(places, account)
    if socket is None:
        return False
    where = make_conninfo(host=os.fspath(socket), port=PORT, user=USER, dbname=MAINTENANCE, connect_timeout=TIMEOUT)
    return pq.PGconn.ping(where.encode()) == pq.Ping.REJECT


def make_database(places: Places, account: Account) -> None:
    """Make Tagsmith's database, with vectors, unless it is there already; raises DatabaseError."""
    socket = private_socket(places, account)
    if socket is None:
        raise DatabaseError(f"the database in {places.folder} went away while it was started: try again")
    try:
        with _connect(socket, MAINTENANCE) as connection:
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
                connection.execute(f"CREATE DATABASE {DATABASE}")
        with _connect(socket, DATABASE) as connection:
            if not connection.execute(_HAS_VECTOR).rowcount:
                connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
                connection.execute("ALTER EXTENSION vector UPDATE")
    except psycopg.Error as error:
        raise DatabaseError(f"the database in {places.folder} cannot be set up: {str(error).strip()}") from error


def _connect(socket: Path, database: str) -> psycopg.Connection[tuple[bytes]]:
    return psycopg.connect(
        host=os.fspath(socket), port=PORT, user=USER, dbname=database, connect_timeout=TIMEOUT, autocommit=True
    )
