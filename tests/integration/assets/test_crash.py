"""Imports that are killed in the middle, or run at the same time, leave nothing half-done and nothing twice."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from tagsmith.assets.content import check, remove_orphans
from tagsmith.assets.models import Asset
from tagsmith.audit.models import Entry

IMPORT = """
import sys
import django
django.setup()
from pathlib import Path
from tagsmith.assets import ingest as room
from tagsmith.assets.commit import Ingest
from tagsmith.assets.local_storage import LocalStorage
from tagsmith.assets.scope import EVERYTHING
from tagsmith.audit.services import COMMAND_LINE
room.BATCH = 5
count = 0
def after(ids):
    global count
    count += len(ids)
    if count > 10:  # rows of the third batch are written, but not committed
        print("now", flush=True)
        sys.stdin.read()
photos, data = map(Path, sys.argv[1:])
room.import_tree(EVERYTHING, COMMAND_LINE, photos, "in", ingest=Ingest(LocalStorage(data), after))
"""


@pytest.fixture
def environment():
    parts = connection.settings_dict
    url = make_conninfo(
        host=parts["HOST"], port=parts["PORT"] or None, user=parts["USER"], dbname=connection.settings_dict["NAME"]
    )
    return {**os.environ, "TAGSMITH_DATABASE_URL": url}


@pytest.mark.req("L2a")
@pytest.mark.django_db(transaction=True)
def test_killed_import_leaves_rows_and_files_consistent_and_a_second_completes_it(
    put, bring, photos, storage, environment
):
    for number in range(25):
        put(f"{number:02}.png", number)
    command = [sys.executable, "-c", IMPORT, str(photos), str(storage.folder)]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "now\n"
        process.send_signal(signal.SIGKILL)
    found = check(storage)
    assert Asset.objects.count() == Entry.objects.filter(action="asset.imported").count() == 10
    assert (found.missing, len(found.orphans)) == ([], 5)
    report = bring()
    assert (report.added, report.changed, report.unchanged, report.skipped) == (15, 0, 10, [])
    assert check(storage).missing == check(storage).orphans == []
    assert remove_orphans(storage) == 0
    assert Asset.objects.count() == 25


@pytest.mark.req("L2a")
@pytest.mark.django_db(transaction=True)
def test_two_imports_of_a_tree_at_once_bring_it_in_once(put, bring, storage, monkeypatch):
    monkeypatch.setattr("tagsmith.assets.ingest.BATCH", 5)
    for number in range(30):
        put(f"{number % 3}/{number}.png", b"%d" % number)

    def run(_):
        try:
            return bring()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(run, range(2)))
    assert sum(report.added for report in reports) == Asset.objects.count() == 30
    assert all(report.skipped == [] for report in reports)
    assert check(storage).missing == check(storage).orphans == []
