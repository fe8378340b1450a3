"""A file over which workers die, or that makes them raise, takes no other file with it."""

import pytest
from django.db import connection
from django.utils import timezone

from integration.workers import PATIENCE, empty_queue, start_worker, wait_until  # noqa: F401 - fixtures
from tagsmith.assets.models import Asset, Folder, State
from tagsmith.embeddings.jobs import enqueue_preparation
from tagsmith.queue.giving_up import ATTEMPTS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("queue")]
DEADLY = "integration.embeddings.deadly_preparation"


def imported(*names):
    folder = Folder.objects.create(name="", path="")
    rows = [Asset(folder=folder, name=name, folded=name, size=1, modified=timezone.now()) for name in names]
    enqueue_preparation([asset.pk for asset in Asset.objects.bulk_create(rows)])


def almost_given_up():
    """Let the job that is there have killed so many workers that the next one is the last."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = %s WHERE queue_name = 'work'", [ATTEMPTS - 1])


def states():
    return dict(Asset.objects.values_list("name", "state"))


@pytest.mark.req("L3c")
def test_file_that_kills_its_workers_fails_alone(start_worker):
    imported("a.jpg", "deadly.jpg", "z.jpg")
    almost_given_up()
    start_worker("wait", DEADLY).wait(PATIENCE)
    start_worker("wait", DEADLY).wait(PATIENCE)  # gives the batch up, and dies over the one file
    almost_given_up()
    start_worker("wait", DEADLY)
    wait_until(lambda: State.NEW not in states().values())
    assert states() == {"a.jpg": State.READY, "deadly.jpg": State.FAILED, "z.jpg": State.READY}
    assert Asset.objects.get(name="deadly.jpg").failure == "its workers died 5 times over it"


@pytest.mark.req("L3c")
def test_file_over_which_its_job_raises_fails_alone(start_worker):
    imported("a.jpg", "raising.jpg", "z.jpg")
    start_worker("once", DEADLY).wait(PATIENCE)
    assert states() == {"a.jpg": State.READY, "raising.jpg": State.FAILED, "z.jpg": State.READY}
