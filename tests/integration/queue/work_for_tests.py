"""Jobs that the tests' worker processes do: they write down each beginning and each end."""

import os
import time
from pathlib import Path

from django.db import connection, transaction

from tagsmith.errors import BadInputError
from tagsmith.queue.port import job


@job("tests.note")
def note(file: str, line: str, seconds: float = 0.0) -> None:
    write(file, f"begin {line} {os.getpid()}")
    time.sleep(seconds)
    write(file, f"end {line}")


@job("tests.die")
def die(file: str) -> None:
    write(file, "die")
    os.kill(os.getpid(), 9)


@job("tests.fail")
def fail() -> None:
    raise ValueError("on purpose")


def note_given_up(reason: str, file: str, **arguments: str) -> None:
    write(file, f"given up: {reason}")


@job("tests.die_known", given_up=note_given_up)
def die_known(file: str) -> None:
    os.kill(os.getpid(), 9)


@job("tests.fail_known", given_up=note_given_up)
def fail_known(file: str, message: str) -> None:
    raise BadInputError(message) if message else ValueError("_internal detail")


@job("tests.lose_database", given_up=note_given_up)
def lose_database(file: str, times: int) -> None:
    """Lose the connection to the database the first few times."""
    write(file, "begin")
    if Path(file).read_text().count("begin") <= times:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    write(file, "end")


@job("tests.ask_and_undo")
def ask_and_undo(file: str) -> None:
    """Ask for work in a transaction that fails."""
    with transaction.atomic():
        note.enqueue(file=file, line="asked for")
        transaction.set_rollback(True)
    write(file, "undone")


def write(file: str, line: str) -> None:
    with Path(file).open("a") as out:
        out.write(line + "\n")
