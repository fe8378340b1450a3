"""Real worker processes on the test's own database, which end with the test."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

WORKER = """
import django; django.setup()
import importlib, sys; sys.path.insert(0, sys.argv[1])
for name in ("integration.queue.work_for_tests", *sys.argv[3:]):
    importlib.import_module(name)
from tagsmith.queue.worker import run_worker
run_worker(name="test", wait=sys.argv[2] == "wait")
"""
TESTS = Path(__file__).parents[1]
PATIENCE = 60.0


@pytest.fixture(autouse=True)  # in the modules that import it
def empty_queue(transactional_db: None) -> None:
    """Begin without jobs: the engine's tables are not Django's to empty between tests."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture
def start_worker() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    workers: list[subprocess.Popen[bytes]] = []
    settings = connection.settings_dict
    url = f"host={settings['HOST']} user={settings['USER']} dbname={settings['NAME']}"

    def start(mode: str = "wait", *modules: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "TAGSMITH_DATABASE_URL": url}
        workers.append(subprocess.Popen([sys.executable, "-c", WORKER, TESTS, mode, *modules], env=environment))
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()
        worker.wait()


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
