"""One embedded PostgreSQL for the whole run; pytest-django makes a database for each worker in it."""

import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest

from tagsmith.config.postgres import Cluster, start

CLUSTER = pytest.StashKey[Cluster]()
os.environ["DJANGO_SETTINGS_MODULE"] = "tagsmith.config.django_settings"


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # a worker has the addresses from its parent's environment
        _start_database(config)
    django.setup()


def _start_database(config: pytest.Config) -> None:
    folder = Path(tempfile.mkdtemp(prefix="tagsmith-test-"))
    folder.chmod(0o755)
    config.stash[CLUSTER] = cluster = start(folder)
    os.environ["TAGSMITH_DATA"] = str(folder)
    os.environ["TAGSMITH_DATABASE_URL"] = cluster.url()


def pytest_unconfigure(config: pytest.Config) -> None:
    if cluster := config.stash.get(CLUSTER, None):
        cluster.stop()
        shutil.rmtree(cluster.folder)
