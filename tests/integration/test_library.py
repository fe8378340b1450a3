import subprocess
import sys

import psycopg
import pytest


@pytest.fixture
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("d", numbered=True)
    for part in (folder, *folder.parents):
        if not part.stat().st_mode & 1:
            part.chmod(part.stat().st_mode | 0o111)
    return folder / "data with spaces"


@pytest.fixture
def library(tagsmith, data):
    """Run `tagsmith` on a library of its own, with an embedded database."""

    def run(*arguments, **settings):
        return tagsmith(*arguments, data=str(data), database_url="", **settings)

    return run


@pytest.mark.req("O1a", "A1b")
def test_first_command_makes_the_library_and_people_are_kept(library, data):
    done = library("user", "add", "Ada", "--role", "administrator", "--password", "correct horse battery")
    assert (done.returncode, done.stdout) == (0, "added Ada (administrator)\n"), done.stderr
    assert "Ada" in library("user", "list").stdout
    again = library("user", "add", "ada", "--password", "correct horse battery")
    assert (again.returncode, again.stderr) == (1, "tagsmith: username: 'ada' is taken\n")
    assert (data / "secret-key").stat().st_mode & 0o777 == 0o600


@pytest.mark.req("A1b")
def test_weak_password_is_refused_with_every_reason(library):
    done = library("user", "add", "Ada", "--password", "ada")
    assert done.returncode == 1
    assert done.stderr.startswith("tagsmith: password: ")
    assert "too short" in done.stderr


@pytest.mark.req("O1b")
def test_command_leaves_no_server_behind(library, data):
    library("user", "list")
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(data) not in listed


@pytest.fixture
def own_database(django_db_setup, django_db_blocker, settings):
    """Give the address of an empty database on the test run's server, and a connection to change it."""
    from django.db import connection

    place = connection.settings_dict
    name = f"{place['NAME']}_own"
    admin = psycopg.connect(host=place["HOST"], user=place["USER"], dbname="postgres", autocommit=True)
    admin.execute(f'DROP DATABASE IF EXISTS "{name}"')
    admin.execute(f'CREATE DATABASE "{name}"')
    yield f"host={place['HOST']} user={place['USER']} dbname={name}"
    admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    admin.close()


@pytest.mark.req("O2a")
def test_own_postgresql_is_used_by_url(tagsmith, own_database, data):
    done = tagsmith(
        "user", "add", "Ada", "--password", "correct horse battery", data=str(data), database_url=own_database
    )
    assert done.returncode == 0, done.stderr
    with psycopg.connect(own_database) as connection:
        assert connection.execute("SELECT username FROM accounts_person").fetchall() == [("Ada",)]
    assert not (data / "postgres").exists()


@pytest.mark.req("O3a")
def test_older_database_is_refused_with_the_command_that_migrates_it(tagsmith, own_database, data):
    def run(*arguments):
        return tagsmith(*arguments, data=str(data), database_url=own_database)

    run("user", "list")
    with psycopg.connect(own_database) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'workflows_%'")
        connection.execute(f"DROP TABLE {', '.join(name for (name,) in rows)}")
        connection.execute("DELETE FROM django_migrations WHERE app = 'workflows'")
    refused = run("user", "list")
    assert refused.returncode == 1
    assert "run `tagsmith migrate`" in refused.stderr
    assert run("migrate").stdout == "the database is up to date\n"
    assert run("user", "list").returncode == 0


@pytest.mark.req("O3a")
def test_newer_database_is_refused(tagsmith, own_database, data):
    tagsmith("user", "list", data=str(data), database_url=own_database)
    with psycopg.connect(own_database) as connection:
        connection.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('assets', '9999_future', now())")
    refused = tagsmith("user", "list", data=str(data), database_url=own_database)
    assert refused.returncode == 1
    assert "newer Tagsmith (assets.9999_future)" in refused.stderr


def test_unreachable_database_is_one_clear_line(tagsmith, data):
    done = tagsmith("user", "list", data=str(data), database_url="host=127.0.0.1 port=1 dbname=x")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("tagsmith: TAGSMITH_DATABASE_URL: the database cannot be reached")


LOST = """
from tagsmith.config.library import open_library
from tagsmith.config.settings import load_settings
from tagsmith.errors import DatabaseError
try:
    with open_library(load_settings()):
        from django.db import connection
        connection.cursor().execute("SELECT pg_terminate_backend(pg_backend_pid())")
except DatabaseError as error:
    print(error)
"""


def test_database_that_goes_away_under_a_command_is_said_in_one_line(environment, data):
    settings = {"TAGSMITH_DATA": str(data), "TAGSMITH_DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, "-c", LOST], env={**environment, **settings}, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("the database was lost: ")
    assert len(done.stdout.splitlines()) == 1
