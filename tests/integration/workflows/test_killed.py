"""A run survives workers that are killed, and does nothing twice."""

import random
import time

import pytest
from django.utils import timezone

from integration.stages import library, settings, shoes, tags, taught  # noqa: F401 - fixtures
from integration.workers import start_worker, wait_until  # noqa: F401 - fixture
from tagsmith.assets.models import Folder
from tagsmith.assets.scope import EVERYTHING
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.tagging.models import Change, SmartTag
from tagsmith.training.learn import train
from tagsmith.workflows import jobs, services
from tagsmith.workflows.models import Chunk, Run, Status


@pytest.mark.req("W2a")
@pytest.mark.django_db(transaction=True)
def test_run_whose_workers_are_killed_ends_with_everything_done_once(
    shoes, settings, library, start_worker, monkeypatch
):
    train(shoes, settings)
    root = Folder.objects.get(path="")
    run = services.create_run(COMMAND_LINE, EVERYTHING, folders=[root.pk])
    monkeypatch.setattr(services, "CHUNK", 2)
    for number in services.plan(run.pk, timezone.now()):
        jobs.chunk.enqueue(run=run.pk, number=number)
    chance = random.Random(0)
    for _ in range(3):
        worker = start_worker()
        done = Chunk.objects.filter(run=run, done__isnull=False).count()
        wait_until(lambda done=done: Chunk.objects.filter(run=run, done__isnull=False).count() > done)
        time.sleep(chance.uniform(0, 0.05))
        worker.kill()
        worker.wait()
    start_worker()
    wait_until(lambda: Run.objects.get(pk=run.pk).status == Status.SUCCESS)
    changes = list(Change.objects.filter(unit=run.unit).values_list("asset_id", "tag_id"))
    assert len(changes) == len(set(changes)) == SmartTag.objects.count() > 20
