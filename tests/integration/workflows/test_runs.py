from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from integration.stages import library, settings, shoes, tags, taught, trained  # noqa: F401 - fixtures
from tagsmith.assets.models import Asset, Folder
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.errors import BadInputError, ConflictError
from tagsmith.tagging.models import SmartTag
from tagsmith.tagging.selectors import SKIPPED_GONE, SKIPPED_RECENT
from tagsmith.training.learn import train
from tagsmith.workflows import services
from tagsmith.workflows.models import Chunk, Run, Status
from tagsmith.workflows.selectors import progress

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(services, "CHUNK", 10)


def new_run(**payload):
    root = Folder.objects.get(path="")
    return services.create_run(COMMAND_LINE, EVERYTHING, **(payload or {"folders": [root.pk]}))


def do(run, count=None):
    for number in services.plan(run.pk, timezone.now())[:count]:
        services.do_chunk(run.pk, number)
    run.refresh_from_db()
    return run


@pytest.mark.req("W1a")
def test_run_over_a_folder_takes_all_below_it_and_tags(trained, library):
    run = do(new_run())
    now = progress(run, timezone.now())
    assert (run.status, now.total, now.done, now.left) == (Status.SUCCESS, 54, 54, None)
    assert now.tagged == now.changes == SmartTag.objects.count() > 0
    assert now.rate > 0


@pytest.mark.req("W1a")
def test_title_is_prefilled_and_can_be_given(library):
    assert new_run().title == "Tag the whole library"
    assert new_run(assets=[library["boot"][0].pk], title="Mine", comment="why").title == "Mine"


def test_empty_payload_is_refused(library):
    with pytest.raises(BadInputError, match="payload"):
        services.create_run(COMMAND_LINE, EVERYTHING)


@pytest.mark.req("A1a")
def test_run_leaves_out_what_its_starter_may_not_see(trained, library):
    root = Folder.objects.get(path="")
    with pytest.raises(BadInputError, match="payload"):
        services.create_run(COMMAND_LINE, Scope(("elsewhere",)), folders=[root.pk], assets=[library["boot"][0].pk])


@pytest.mark.req("W3c")
def test_second_run_skips_what_was_tagged_not_long_ago_and_force_does_not(trained, library):
    do(new_run())
    second = do(new_run())
    assert (second.status, second.skipped) == (Status.SUCCESS, {SKIPPED_RECENT: 54})
    Asset.objects.filter(pk=library["boot"][0].pk).update(modified=timezone.now())
    assert progress(do(new_run()), timezone.now()).total == 1
    root = Folder.objects.get(path="")
    assert progress(do(new_run(folders=[root.pk], force=True)), timezone.now()).total == 54


@pytest.mark.req("W3c")
def test_newer_live_version_is_a_reason_to_tag_again(trained, library, settings):
    do(new_run())
    train(trained, settings)
    assert progress(do(new_run()), timezone.now()).total == 54


def test_assets_that_are_gone_are_counted(trained, library):
    run = new_run(assets=[asset.pk for asset in library["boot"]])
    Asset.objects.filter(pk=library["boot"][0].pk).update(trashed=timezone.now())
    assert do(run).skipped == {SKIPPED_GONE: 1}


@pytest.mark.req("W2b")
def test_paused_run_does_nothing_until_it_is_resumed(trained, library):
    run = do(new_run(), count=2)
    services.pause(COMMAND_LINE, run)
    do(run)
    assert (run.status, progress(run, timezone.now()).done) == (Status.PAUSED, 20)
    for number in services.resume(COMMAND_LINE, run):
        services.do_chunk(run.pk, number)
    run.refresh_from_db()
    assert (run.status, progress(run, timezone.now()).done) == (Status.SUCCESS, 54)


@pytest.mark.req("W2b")
def test_run_paused_before_it_was_cut_goes_on_after_resuming(trained, library):
    run = new_run()
    services.pause(COMMAND_LINE, run)
    assert services.plan(run.pk, timezone.now()) == []
    services.resume(COMMAND_LINE, run)
    assert do(run).status == Status.SUCCESS


@pytest.mark.req("W2b")
def test_cancelled_run_stops_and_keeps_what_it_did(trained, library):
    run = do(new_run(), count=2)
    services.cancel(COMMAND_LINE, run)
    do(run)
    assert (run.status, Chunk.objects.filter(run=run, done__isnull=False).count()) == (Status.CANCELLED, 2)
    with pytest.raises(ConflictError, match="cancelled"):
        services.resume(COMMAND_LINE, run)


@pytest.mark.req("W2a")
def test_chunk_done_twice_counts_once(trained, library):
    run = do(new_run(), count=1)
    before = progress(run, timezone.now())
    services.do_chunk(run.pk, 0)
    assert progress(run, timezone.now()).changes == before.changes


@pytest.mark.req("W2a")
def test_worker_that_comes_back_late_leaves_without_an_effect(trained, library, monkeypatch):
    run = new_run()
    services.plan(run.pk, timezone.now())
    held = services._held_status

    def taken_over(run_id):
        Chunk.objects.filter(run=run, number=0).update(token=uuid4())
        return held(run_id)

    monkeypatch.setattr(services, "_held_status", taken_over)
    services.do_chunk(run.pk, 0)
    assert Chunk.objects.get(run=run, number=0).done is None
    assert not SmartTag.objects.exists()


@pytest.mark.req("W2b")
def test_failed_chunk_fails_the_run_and_can_be_retried(trained, library):
    run = new_run()
    numbers = services.plan(run.pk, timezone.now())
    services.fail_chunk(run.pk, numbers[0], "a worker died over it 5 times")
    do(run)
    assert (run.status, run.failure) == (Status.FAILED, "a worker died over it 5 times")
    assert progress(run, timezone.now()).failed == 10
    for number in services.retry(COMMAND_LINE, run):
        services.do_chunk(run.pk, number)
    run.refresh_from_db()
    assert (run.status, run.failure) == (Status.SUCCESS, "")


@pytest.mark.req("W5a")
def test_whole_run_is_undone_once_and_only_when_it_has_ended(trained, library):
    run = do(new_run(), count=3)
    with pytest.raises(ConflictError, match="has not ended"):
        services.undo_run(COMMAND_LINE, run)
    do(run)
    given = SmartTag.objects.count()
    assert services.undo_run(COMMAND_LINE, run) == given > 0
    assert not SmartTag.objects.exists()
    with pytest.raises(ConflictError, match="undone before"):
        services.undo_run(COMMAND_LINE, run)


@pytest.mark.req("W2b")
def test_time_left_follows_from_the_rate(trained, library):
    run = do(new_run(), count=2)
    Run.objects.filter(pk=run.pk).update(started=timezone.now() - timedelta(seconds=10))
    run.refresh_from_db()
    now = progress(run, timezone.now())
    assert now.rate == pytest.approx(2, rel=0.05)
    assert now.left == pytest.approx(17, rel=0.05)
