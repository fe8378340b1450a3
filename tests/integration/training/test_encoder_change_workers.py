"""A change of the encoder that real workers work on: killed and started again, and running all the while."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from integration.stages import library, settings, shoes, tags, taught, trained  # noqa: F401 - fixtures
from integration.training import two_encoders
from integration.workers import PATIENCE, empty_queue, start_worker, wait_until  # noqa: F401 - fixtures
from tagsmith.assets.models import Asset
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.embeddings.models import Embedding, EncoderChange, Lane, StoredEncoder
from tagsmith.embeddings.serving import serving_encoder
from tagsmith.training import jobs
from tagsmith.training.encoder_change import change_encoder
from tagsmith.training.models import Version

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("queue")]
ENCODERS = "integration.training.two_encoders"


@pytest.fixture
def held(tmp_path, monkeypatch):
    """Let workers wait when they have seen some assets, until there is a file `go on`."""
    monkeypatch.setenv("HELD_ENCODING", str(tmp_path))
    return tmp_path


@pytest.fixture
def begin(trained, settings):
    StoredEncoder.objects.filter(pk=settings.encoder.pk).update(serves=True, name="old", source="old")
    encoders = two_encoders.compose()
    yield lambda: change_encoder(COMMAND_LINE, encoders, "new")
    jobs._current.clear()


def seen(folder):
    file = folder / "seen"
    return [line.split()[1] for line in file.read_text().splitlines()] if file.exists() else []


def serves_new():
    return serving_encoder().name == "new"


@pytest.mark.req("M16a")
def test_change_goes_on_where_it_was_when_its_worker_was_killed(begin, trained, start_worker, held):
    begin()
    first = start_worker("wait", ENCODERS)
    wait_until(lambda: len(seen(held)) > two_encoders.HELD_AFTER)
    first.kill()
    there = Embedding.objects.filter(encoder__name="new").count()
    assert there > 0
    (held / "go on").touch()
    start_worker("wait", ENCODERS)
    wait_until(serves_new)
    assets = Asset.objects.count()
    assert Embedding.objects.filter(encoder__name="new").count() == assets
    assert sum(Lane.objects.values_list("encoded", flat=True)) == assets
    assert len(seen(held)) - assets <= 4  # only what was under way was seen again: a lane's part of the library
    assert list(trained.versions.order_by("number").values_list("number", "live")) == [(1, False), (2, True)]


@pytest.mark.req("M16b")
def test_worker_that_was_running_before_works_with_the_new_encoder_after(begin, trained, start_worker):
    start_worker("wait", ENCODERS)
    jobs.enqueue_training(COMMAND_LINE, trained)
    wait_until(lambda: trained.versions.count() == 2)
    begin()
    wait_until(serves_new)
    jobs.enqueue_training(COMMAND_LINE, trained)
    wait_until(lambda: trained.versions.count() == 4)
    encoders = Version.objects.order_by("number").values_list("encoder__name", flat=True)
    assert list(encoders) == ["old", "old", "new", "new"]


@pytest.mark.req("M16a")
def test_other_work_goes_before_the_encoding(begin, trained, start_worker):
    begin()
    jobs.enqueue_training(COMMAND_LINE, trained)
    order = list(ProcrastinateJob.objects.order_by("-priority", "id").values_list("task_name", flat=True))
    assert order[0] == "training.train"
    start_worker("once", ENCODERS).wait(PATIENCE)
    assert EncoderChange.objects.get().state == EncoderChange.State.DONE
