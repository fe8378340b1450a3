"""Trainings that workers do: once, however often a worker is killed, and ended when they are given up."""

from uuid import uuid4

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from integration.stages import library, settings, shoes, tags, taught  # noqa: F401 - fixtures
from integration.workers import PATIENCE, empty_queue, start_worker, wait_until  # noqa: F401 - fixtures
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.queue.giving_up import ATTEMPTS
from tagsmith.training import jobs
from tagsmith.training.learn import train
from tagsmith.training.models import TagModel, Version
from tagsmith.training.selectors import Status, status, status_line

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("queue")]
HELD = "integration.training.held_training"


@pytest.fixture
def held(tmp_path, monkeypatch):
    monkeypatch.setenv("HELD_TRAINING", str(tmp_path))
    return tmp_path


@pytest.fixture
def here(settings):
    jobs.configure(lambda: settings)
    yield
    jobs._current.clear()


def asked():
    return [job.args for job in ProcrastinateJob.objects.filter(task_name="training.train").order_by("id")]


def test_model_is_pending_until_a_worker_has_trained_it(shoes, start_worker, held):
    jobs.enqueue_training(COMMAND_LINE, shoes)
    shoes.refresh_from_db()
    assert status(shoes) is Status.PENDING
    (held / "go on").touch()
    start_worker("once", HELD).wait(PATIENCE)
    shoes.refresh_from_db()
    assert status_line(shoes) == "Trained; version 1 live"


def test_training_whose_worker_is_killed_is_done_again_and_makes_one_version(shoes, start_worker, held):
    jobs.enqueue_training(COMMAND_LINE, shoes)
    first = start_worker("wait", HELD)
    wait_until((held / "begun").exists)
    first.kill()
    (held / "go on").touch()
    start_worker("wait", HELD)
    wait_until(lambda: not ProcrastinateJob.objects.filter(task_name="training.train").exists())
    assert list(Version.objects.values_list("number", "live")) == [(1, True)]


def test_training_that_ended_just_before_its_worker_was_killed_makes_no_second_version(shoes, here):
    jobs.enqueue_training(COMMAND_LINE, shoes)
    (arguments,) = asked()
    jobs.train.work(**arguments)
    jobs.train.work(**arguments)
    assert Version.objects.count() == 1


def test_training_that_is_asked_for_twice_waits_once(shoes):
    jobs.enqueue_training(COMMAND_LINE, shoes)
    jobs.enqueue_training(COMMAND_LINE, shoes)
    shoes.refresh_from_db()
    assert [arguments["token"] for arguments in asked()] == [str(shoes.token)]


def test_training_that_kills_its_workers_fails_and_the_live_version_stays_live(shoes, settings, start_worker, held):
    train(shoes, settings)
    jobs.enqueue_training(COMMAND_LINE, shoes)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = %s WHERE queue_name = 'work'", [ATTEMPTS - 1])
    first = start_worker("wait", HELD)
    wait_until((held / "begun").exists)
    first.kill()
    start_worker("wait", HELD)
    wait_until(lambda: TagModel.objects.get(pk=shoes.pk).training == TagModel.Training.FAILED)
    assert status_line(TagModel.objects.get(pk=shoes.pk)) == (
        "Failed; its workers died 5 times over it; version 1 still live"
    )


def test_training_that_is_given_up_late_leaves_a_newer_one_waiting(shoes):
    jobs.enqueue_training(COMMAND_LINE, shoes)
    jobs.give_up_training("too late", shoes.pk, str(uuid4()))
    shoes.refresh_from_db()
    assert status(shoes) is Status.PENDING


def test_training_here_and_now_leaves_one_that_is_asked_for_waiting(shoes, settings, here):
    jobs.enqueue_training(COMMAND_LINE, shoes)
    train(shoes, settings)
    jobs.train.work(**asked()[0])
    assert Version.objects.count() == 2
