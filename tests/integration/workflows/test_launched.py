"""What is imported is tagged by workers that are killed at any time: all of it, once."""

import random
import time

import pytest
from django.utils import timezone

from integration.stages import library, settings, shoes, tags, taught  # noqa: F401 - fixtures
from integration.workers import empty_queue, start_worker, wait_until  # noqa: F401 - fixtures
from tagsmith.assets.models import Asset, Folder, State
from tagsmith.assets.scope import EVERYTHING
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.embeddings.jobs import enqueue_preparation
from tagsmith.tagging.models import Change, Look
from tagsmith.training.learn import train
from tagsmith.workflows.launching import Setting, set_launcher
from tagsmith.workflows.models import Event, Run, Status

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("queue")]
PREPARING = "integration.workflows.slow_preparation"


@pytest.mark.req("W4a")
def test_import_with_killed_workers_is_tagged_wholly_and_once(shoes, settings, library, start_worker):
    train(shoes, settings)
    root = Folder.objects.get(path="")
    set_launcher(COMMAND_LINE, EVERYTHING, root.pk, Event.IMPORT, Setting.ON)
    names = [f"new-{number}.jpg" for number in range(90)]
    rows = [Asset(folder=root, name=name, folded=name, content=name, size=1, modified=timezone.now()) for name in names]
    ids = [asset.pk for asset in Asset.objects.bulk_create(rows)]
    for asset in ids:
        enqueue_preparation([asset])
    chance = random.Random(0)
    for enough in (20, 60):
        worker = start_worker("wait", PREPARING)
        wait_until(lambda enough=enough: Asset.objects.filter(pk__in=ids, state=State.READY).count() >= enough)
        time.sleep(chance.uniform(0, 0.05))
        worker.kill()
        worker.wait()
    start_worker("wait", PREPARING)
    wait_until(lambda: Look.objects.filter(asset__in=ids).count() == len(ids))
    wait_until(lambda: not Run.objects.exclude(status=Status.SUCCESS).exists())
    runs = list(Run.objects.all())
    assert sorted(asset for run in runs for asset in run.assets) == ids
    changes = list(Change.objects.values_list("asset_id", "tag_id"))
    assert len(changes) == len(set(changes))
