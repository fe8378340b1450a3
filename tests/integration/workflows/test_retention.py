"""What is kept for a set time: the change log, ended jobs, sessions."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from integration.stages import library, settings, shoes, tags, taught  # noqa: F401 - fixtures
from tagsmith.assets.models import Folder
from tagsmith.assets.scope import EVERYTHING
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.errors import ConflictError
from tagsmith.queue import jobs as queue
from tagsmith.tagging import retention as tagging
from tagsmith.tagging.models import Change
from tagsmith.training.learn import train
from tagsmith.workflows import retention, services
from tagsmith.workflows.models import Run

pytestmark = pytest.mark.django_db


def done_run():
    run = services.create_run(COMMAND_LINE, EVERYTHING, folders=[Folder.objects.get(path="").pk], force=True)
    for number in services.plan(run.pk, timezone.now()):
        services.do_chunk(run.pk, number)
    return Run.objects.get(pk=run.pk)


@pytest.fixture
def old_and_new(shoes, settings, library):
    """Give a run that tagged long ago, and one that tagged just now."""
    train(shoes, settings)
    old = done_run()
    services.undo_run(COMMAND_LINE, old)
    long_ago = timezone.now() - timedelta(days=366)
    Run.objects.filter(pk=old.pk).update(started=long_ago, ended=long_ago, undone=None)
    Change.objects.update(at=long_ago)
    return Run.objects.get(pk=old.pk), done_run()


@pytest.mark.req("W5b")
def test_change_log_is_forgotten_after_its_time_and_the_rest_is_kept(old_and_new, monkeypatch):
    monkeypatch.setattr(tagging, "BATCH", 7)
    _, new = old_and_new
    kept = Change.objects.filter(unit=new.unit).count()
    assert retention.forget_old(timezone.now()) > 7
    assert Change.objects.count() == kept > 0


@pytest.mark.req("W5b")
def test_run_whose_log_is_forgotten_cannot_be_undone_and_says_so(old_and_new):
    old, new = old_and_new
    retention.forget_old(timezone.now())
    with pytest.raises(ConflictError, match="too long ago"):
        services.undo_run(COMMAND_LINE, old)
    assert services.undo_run(COMMAND_LINE, new) > 0


@pytest.mark.req("W5b")
def test_how_long_it_is_kept_is_a_setting(old_and_new):
    retention.configure(400)
    try:
        assert retention.forget_old(timezone.now()) == 0
    finally:
        retention.configure(365)


@pytest.mark.req("O3c")
def test_ended_jobs_are_deleted_after_their_time_and_waiting_ones_are_not():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH job AS (
                INSERT INTO procrastinate_jobs (queue_name, task_name, status)
                VALUES ('q', 'old', 'failed'), ('q', 'new', 'failed'), ('q', 'waiting', 'todo') RETURNING id, task_name
            )
            INSERT INTO procrastinate_events (job_id, type, at)
            SELECT id, 'failed', now() - CASE WHEN task_name = 'new' THEN interval '6 days' ELSE interval '8 days' END
            FROM job
            """
        )
    async_to_sync(queue.forget.func)(0)
    assert set(ProcrastinateJob.objects.filter(queue_name="q").values_list("task_name", flat=True)) == {
        "new",
        "waiting",
    }


@pytest.mark.req("O3c")
def test_sessions_that_ended_are_deleted():
    for age in (-1, 3600):
        session = SessionStore()
        session["who"] = age
        session.set_expiry(age)
        session.save()
    retention.forget_old(timezone.now())
    assert Session.objects.count() == 1
