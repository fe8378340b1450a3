"""Opening the library: the database is started where none runs, Django is set up, the tables are checked."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tagsmith.config.settings import Settings
from tagsmith.errors import DatabaseError

URL_VARIABLE = "TAGSMITH_DATABASE_URL"


@contextmanager
def open_library(settings: Settings, *, migrate: bool = False) -> Iterator[None]:
    """Give the library to a command, and stop afterwards what was started for it.

    An empty database is set up. One of an older Tagsmith is brought up to date if `migrate`, else refused.

    Raises
    ------
    DatabaseError
        The database cannot be started or reached, is of an older or newer Tagsmith, or was lost meanwhile.
    """
    with _database(settings) as url:
        os.environ[URL_VARIABLE] = url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tagsmith.config.django_settings")
        import django  # noqa: PLC0415 - settings must be in place first

        django.setup()
        _check_tables(migrate=migrate)
        from tagsmith.config.composition import compose  # noqa: PLC0415 - needs Django

        compose(settings)
        from django.db import InterfaceError, OperationalError, connections  # noqa: PLC0415

        try:
            yield
        except (InterfaceError, OperationalError) as error:
            reason = " ".join(str(error).split())
            raise DatabaseError(f"the database was lost: {reason}; what was done stays, so try again") from error
        finally:
            connections.close_all()
            os.environ[URL_VARIABLE] = settings.database_url  # what is started next finds a database for itself


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    if settings.database_url:
        yield settings.database_url
        return
    from tagsmith.config.postgres import running  # noqa: PLC0415 - who has a server needs none of it

    with running(settings.data) as cluster:
        yield cluster.url()


def _check_tables(*, migrate: bool) -> None:
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import OperationalError, connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        reason = " ".join(str(error).split())
        raise DatabaseError(f"{URL_VARIABLE}: the database cannot be reached: {reason}") from error
    graph, applied = executor.loader.graph, executor.loader.applied_migrations
    unknown = sorted(f"{app}.{name}" for app, name in applied if (app, name) not in graph.nodes and _is_ours(app))
    if unknown:
        raise DatabaseError(f"the database is of a newer Tagsmith ({unknown[0]}); use that version, or a backup")
    if not executor.migration_plan(graph.leaf_nodes()):
        return
    if applied and not migrate:
        raise DatabaseError("the database is of an older Tagsmith: make a backup, then run `tagsmith migrate`")
    call_command("migrate", verbosity=0, interactive=False)


def _is_ours(app: str) -> bool:
    from django.apps import apps  # noqa: PLC0415

    return app in apps.app_configs and apps.app_configs[app].name.startswith("tagsmith.")
