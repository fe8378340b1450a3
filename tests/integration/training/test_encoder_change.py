"""Changing the encoder: the old one serves until the new one can take its place with all tag models at once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from integration.stages import (  # noqa: F401 - fixtures
    library,
    settings,
    shoes,
    smart,
    tag_everything,
    tags,
    taught,
    trained,
)
from integration.training import two_encoders
from tagsmith.assets.models import Asset, State
from tagsmith.audit.models import Entry
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.embeddings import encoding
from tagsmith.embeddings import jobs as encoding_jobs
from tagsmith.embeddings.encoding import LANES, unencoded
from tagsmith.embeddings.forgetting import find_stored, forget_vectors
from tagsmith.embeddings.models import Embedding, EncoderChange, StoredEncoder
from tagsmith.embeddings.serving import serving_encoder
from tagsmith.errors import ConflictError, EncoderError, NotFoundError
from tagsmith.operations.check.encoder import _standing_still
from tagsmith.operations.check.finding import Severity
from tagsmith.tagging.heads import live_boards
from tagsmith.tagging.models import SmartTag
from tagsmith.tagging.publishing import roll_back
from tagsmith.tagging.retag import Trigger
from tagsmith.tagging.selectors import select_to_tag
from tagsmith.training import encoder_change, jobs
from tagsmith.training.encoder_change import cancel_change, change_encoder, retry_change, standing
from tagsmith.training.learn import train
from tagsmith.training.models import Example, Version
from tagsmith.training.overrides import override
from tagsmith.training.selectors import held_back, live_versions, owners
from tagsmith.training.services import add_examples, remove_examples

pytestmark = pytest.mark.django_db
JOBS = {job.name: job for job in (encoding_jobs.encode, jobs.renew, jobs.train)}


@pytest.fixture(autouse=True)
def encoders(settings):
    """Let the encoder of `stages` serve, and `new` be one that can take its place."""
    StoredEncoder.objects.filter(pk=settings.encoder.pk).update(serves=True, name="old", source="old")
    yield two_encoders.compose()
    jobs._current.clear()


@pytest.fixture
def begin(encoders):
    return lambda source="new": change_encoder(COMMAND_LINE, encoders, source)


@pytest.fixture
def socks(tags, library, settings):
    """A second model, which teaches `hat` too."""
    model = taught("Socks", tags, library, "hat", "sock")
    train(model, settings)
    return model


def work(until=lambda: False):
    """Do the jobs that wait, the most urgent first, until there are none or something is so."""
    waiting = ProcrastinateJob.objects.filter(status="todo").order_by("-priority", "id")
    while not until() and (job := waiting.first()):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
        JOBS[job.task_name].work(**job.args)


def serving():
    return serving_encoder().name


def live(model):
    version = Version.objects.select_related("encoder").get(model=model, live=True)
    return version.number, version.encoder.name


def undecided():
    return {one.model.title: one.failure for one in standing(timezone.now()).undecided}


def add_unreadable(library, count):
    like = library["boot"][0]
    for number in range(count):
        name = f"bad-{number}.jpg"
        Asset.objects.create(
            folder=like.folder,
            name=name,
            folded=name,
            content=name.rjust(64, "0"),
            size=1,
            modified=timezone.now(),
            state=State.READY,
        )


@pytest.mark.req("M16a")
def test_new_encoder_serves_with_all_tag_models_when_it_has_seen_the_library(begin, trained, library):
    begin()
    work()
    assert serving() == "new"
    assert live(trained) == (2, "new")
    assert Embedding.objects.filter(encoder__name="new").count() == Asset.objects.count()
    assert EncoderChange.objects.get().state == EncoderChange.State.DONE
    assert standing(timezone.now()) is None
    assert Entry.objects.filter(subject="encoder").latest("pk").after == {"encoder": "new", "id": "new;fp32"}


@pytest.mark.req("M16b")
def test_old_encoder_serves_and_tags_until_the_last_moment(begin, trained, library, monkeypatch):
    before, switch = [], encoder_change._switch

    def look(change):
        looked = tag_everything(library).looked
        before.append((looked, {row.version.number for row in SmartTag.objects.all()}))
        before.append([(board.encoder.name, len(board.heads)) for board in live_boards()])
        return switch(change)

    monkeypatch.setattr(encoder_change, "_switch", look)
    begin()
    work()
    assert before == [(Asset.objects.count(), {1}), [("old", 1)]]
    assert serving() == "new"


@pytest.mark.req("M16b")
def test_after_the_switch_a_run_tags_anew_with_the_new_versions(begin, trained, library):
    tag_everything(library)
    old = smart()
    begin()
    work()
    assert smart() == old
    due = select_to_tag(Asset.objects.all(), timezone.now() + timedelta(minutes=1), Trigger.ON_DEMAND)
    assert len(due.ids) == Asset.objects.count()
    tag_everything(library)
    new = SmartTag.objects.select_related("tag", "version")
    changed = [row for row in new if old.get((row.asset_id, row.tag.name)) != row.confidence]
    assert len(changed) > len(new) / 2
    assert {row.version.number for row in changed} == {2}
    assert {row.tag.name for row in new} == {"boot", "hat"}


@pytest.mark.req("M16b")
def test_switch_happens_as_a_whole_or_not_at_all(begin, trained, socks, monkeypatch):
    real = encoder_change.publish

    def fail(actor, version):
        if version.model == socks:
            raise OSError("out of memory")
        return real(actor, version)

    monkeypatch.setattr(encoder_change, "publish", fail)
    begin()
    with pytest.raises(OSError, match="out of memory"):
        work()
    assert (serving(), live(trained), live(socks)) == ("old", (1, "old"), (1, "old"))
    monkeypatch.undo()
    jobs.go_on(EncoderChange.objects.get().pk)
    assert (serving(), live(trained), live(socks)) == ("new", (2, "new"), (2, "new"))


@pytest.mark.req("M16c")
def test_second_change_is_refused_with_what_to_do(begin):
    begin()
    with pytest.raises(ConflictError, match=r"`tagsmith encoder status` .* `tagsmith encoder cancel`"):
        begin()


@pytest.mark.req("M16c")
def test_encoder_that_serves_or_that_is_unknown_is_refused(begin):
    with pytest.raises(ConflictError, match="old serves already"):
        begin("old")
    with pytest.raises(EncoderError, match="no encoder 'newer'"):
        begin("newer")
    assert not EncoderChange.objects.exists()


@pytest.mark.req("M16d")
def test_cancelling_leaves_everything_as_it_was_but_keeps_the_vectors(begin, trained, library, monkeypatch):
    monkeypatch.setattr(encoder_change, "_switch", lambda change: [])
    begin()
    work()
    assert Version.objects.count() == 2
    cancel_change(COMMAND_LINE)
    assert (serving(), live(trained), Version.objects.count()) == ("old", (1, "old"), 1)
    assert Embedding.objects.filter(encoder__name="new").count() == Asset.objects.count()
    with pytest.raises(NotFoundError, match="not being changed"):
        cancel_change(COMMAND_LINE)


@pytest.mark.req("M16d")
def test_what_waits_of_a_cancelled_change_does_nothing(begin, trained, library):
    begin()
    cancel_change(COMMAND_LINE)
    work()
    assert not Embedding.objects.filter(encoder__name="new").exists()
    assert serving() == "old"


@pytest.mark.req("M16d")
def test_vectors_of_an_earlier_try_are_not_made_again(begin, trained, library, monkeypatch):
    begin()
    work(lambda: Embedding.objects.filter(encoder__name="new").exists())
    there = Embedding.objects.filter(encoder__name="new").count()
    cancel_change(COMMAND_LINE)
    assert begin().assets == Asset.objects.count() - there > 0
    work()
    assert serving() == "new"


@pytest.mark.req("M16e")
def test_model_that_cannot_be_trained_is_named_and_waits_for_a_person(begin, trained, library, tags):
    remove_examples(COMMAND_LINE, trained, tags["boot"], library["boot"])
    begin()
    work()
    assert undecided() == {"Shoes": "default:boot: 0 different examples; a tag needs 10 to 50"}
    assert standing(timezone.now()).waits_for_a_person
    assert (serving(), live(trained)) == ("old", (1, "old"))


@pytest.mark.req("M16e", "O3d")
def test_change_that_stands_still_is_found_by_a_check(begin, trained, library, tags):
    assert list(_standing_still()) == []
    begin()
    assert list(_standing_still()) == []
    remove_examples(COMMAND_LINE, trained, tags["boot"], library["boot"])
    work()
    (finding,) = _standing_still()
    what = "the change of the encoder to new stands still: cannot be trained for it: Shoes"
    assert (finding.severity, finding.what) == (Severity.WARNING, what)


@pytest.mark.req("M16b")
def test_version_for_the_coming_encoder_is_held_back_until_it_serves(begin, trained, socks):
    begin()
    work(until=lambda: Version.objects.count() > 2)
    (early,) = Version.objects.filter(number=2)
    assert held_back(early.model) == {early.pk}
    work()
    assert held_back(early.model) == set()


@pytest.mark.req("M16e")
def test_mended_model_lets_the_change_go_on(begin, trained, library, tags):
    remove_examples(COMMAND_LINE, trained, tags["boot"], library["boot"])
    begin()
    work()
    add_examples(COMMAND_LINE, trained, tags["boot"], library["boot"])
    retry_change(COMMAND_LINE)
    work()
    assert (serving(), live(trained)) == ("new", (2, "new"))


@pytest.mark.req("M16e")
def test_model_can_be_left_without_a_live_version(begin, trained, library, socks):
    Example.objects.filter(model=trained).delete()
    tag_everything(library)
    begin()
    work()
    retry_change(COMMAND_LINE, leave=[trained])
    work()
    assert (serving(), live(socks)) == ("new", (2, "new"))
    assert not Version.objects.filter(model=trained, live=True).exists()
    assert not SmartTag.objects.filter(version__model=trained).exists()
    assert SmartTag.objects.exists()


@pytest.mark.req("M16e")
def test_only_a_model_that_waits_for_a_decision_can_be_left(begin, trained, library):
    begin()
    with pytest.raises(ConflictError, match="'Shoes', is none that waits"):
        retry_change(COMMAND_LINE, leave=[trained])


@pytest.mark.req("M16e")
def test_training_that_is_given_up_waits_for_a_person_too(begin, trained, library):
    change = begin()
    work(lambda: ProcrastinateJob.objects.filter(task_name="training.renew").exists())
    jobs.go_on_without("its workers died 5 times over it", change.pk, trained.pk)
    work()
    assert undecided() == {"Shoes": "its workers died 5 times over it"}
    retry_change(COMMAND_LINE)
    work()
    assert serving() == "new"


@pytest.mark.req("M16f")
def test_model_that_a_person_trains_meanwhile_is_trained_for_the_new_one_again(
    begin, trained, library, tags, monkeypatch
):
    monkeypatch.setattr(encoder_change, "_switch", lambda change: [])
    change = begin()
    work()
    remove_examples(COMMAND_LINE, trained, tags["boot"], library["boot"][:2])
    jobs.train_now(trained)
    monkeypatch.undo()
    jobs.go_on(change.pk)
    work()
    assert (serving(), live(trained)) == ("new", (4, "new"))
    assert list(trained.versions.order_by("number").values_list("number", flat=True)) == [1, 3, 4]
    saved = jobs.learn.load_version(Version.objects.get(live=True))
    assert len(saved.examples.vectors["default:boot"]) == 10


@pytest.mark.req("M16f")
def test_training_that_began_before_the_switch_ends_with_the_new_encoder(begin, trained, library, monkeypatch):
    change, real = begin(), jobs.learn.learn

    def slow(*arguments):
        saved = real(*arguments)
        monkeypatch.undo()
        work()
        assert serving() == "new"
        return saved

    monkeypatch.setattr(jobs.learn, "learn", slow)
    assert jobs.train_now(trained).encoder == change.encoder
    assert live(trained)[1] == "new"


@pytest.mark.req("M16g")
def test_thresholds_and_aims_that_people_set_stay(begin, trained, library, tags):
    trained.target_precision, trained.suggest_precision = 0.8, 0.4
    trained.save()
    override(COMMAND_LINE, trained, tags["boot"], apply_from=0.123)
    begin()
    work()
    ((head,),) = (board.heads for board in live_boards())
    assert head.thresholds[head.tags == tags["boot"].pk].tolist() == [0.123]
    learned = jobs.learn.load_version(Version.objects.get(live=True)).classifier
    assert (learned.target_precision, learned.suggest_precision) == (0.8, 0.4)


@pytest.mark.req("M16g")
def test_model_that_reviews_before_publishing_changes_with_the_others(begin, trained, library):
    trained.review_before_publishing = True
    trained.save()
    begin()
    work()
    assert live(trained) == (2, "new")


@pytest.mark.req("M16g")
def test_tag_that_two_models_teach_keeps_its_owner(begin, trained, tags, socks):
    def owner():
        rows = list(live_versions())
        return Version.objects.get(pk=owners(rows)[tags["hat"].pk]).model

    assert owner() == socks
    jobs.train_now(trained)
    assert owner() == trained
    begin()
    work()
    assert (serving(), owner()) == ("new", trained)


@pytest.mark.req("M16h")
def test_version_of_the_old_encoder_cannot_be_rolled_back_to(begin, trained, library):
    begin()
    work()
    with pytest.raises(ConflictError, match=r"the encoder old, and new serves; `tagsmith encoder change old`"):
        roll_back(COMMAND_LINE, trained)
    assert live(trained) == (2, "new")


@pytest.mark.req("M16h")
def test_change_back_needs_no_vectors_made(begin, trained, library):
    begin()
    work()
    assert begin("old").assets == 0
    work()
    assert (serving(), live(trained)) == ("old", (3, "old"))


@pytest.mark.req("M16h")
def test_vectors_of_the_old_encoder_stay_until_they_are_forgotten(begin, trained, library):
    begin()
    with pytest.raises(ConflictError, match="new is to serve"):
        forget_vectors(COMMAND_LINE, find_stored("new"))
    work()
    with pytest.raises(ConflictError, match="new serves"):
        forget_vectors(COMMAND_LINE, find_stored("new"))
    assert forget_vectors(COMMAND_LINE, find_stored("old")) == Asset.objects.count()
    assert set(Embedding.objects.values_list("encoder__name", flat=True)) == {"new"}
    assert live(trained) == (2, "new")


@pytest.mark.req("M16i")
def test_file_that_cannot_be_read_is_named_and_holds_nothing_up(begin, trained, library):
    add_unreadable(library, 2)
    change = begin()
    work()
    assert serving() == "new"
    assert [(row.asset.name, row.reason) for row in unencoded(change)] == [
        ("bad-0.jpg", "cut short"),
        ("bad-1.jpg", "cut short"),
    ]


@pytest.mark.req("M16i")
def test_many_files_that_cannot_be_read_wait_for_a_person(begin, trained, library):
    add_unreadable(library, encoding.FEW + 1)
    begin()
    work()
    now = standing(timezone.now())
    assert now.change.failure.startswith("21 of 75 assets cannot be encoded; is the place")
    assert (now.waits_for_a_person, serving()) == (True, "old")
    retry_change(COMMAND_LINE, lenient=True)
    work()
    assert serving() == "new"


@pytest.mark.req("M16i")
def test_batch_over_which_workers_die_is_done_one_by_one(begin, trained, library):
    begin()
    deadly = Asset.objects.order_by("pk").first()
    lane = EncoderChange.objects.get().lanes.get(number=deadly.pk % LANES)
    reason = "its workers died 5 times over it"
    encoding_jobs.part_or_pass_over(reason, lane.pk, 0, 32)
    encoding_jobs.part_or_pass_over(reason, lane.pk, 0, 1)
    work()
    assert serving() == "new"
    assert [(row.asset, row.reason) for row in unencoded(EncoderChange.objects.get())] == [(deadly, reason)]
    assert Embedding.objects.filter(encoder__name="new").count() == Asset.objects.count() - 1


@pytest.mark.req("M16i")
def test_encoder_that_a_worker_cannot_load_lets_the_change_stand_still(begin, trained, library):
    begin()

    def gone(source):
        if source == "new":
            raise EncoderError("its file is gone")
        return two_encoders.open_session(source)

    two_encoders.compose(gone)
    work()
    assert standing(timezone.now()).change.failure == "its file is gone"
    assert not unencoded(EncoderChange.objects.get()).exists()
    two_encoders.compose()
    retry_change(COMMAND_LINE)
    work()
    assert serving() == "new"


@pytest.mark.req("M16j")
def test_counts_and_time_left_are_true(begin, trained, library):
    change = begin()
    assert (standing(change.begun).encoded, standing(change.begun).rate) == (0, None)
    work(lambda: standing(timezone.now()).encoded > 20)
    there = Embedding.objects.filter(encoder__name="new").count()
    now = standing(change.begun + timedelta(seconds=10))
    assert (now.encoded, now.assets) == (there, Asset.objects.count())
    assert now.left == pytest.approx((now.assets - there) * 10 / there)


@pytest.mark.req("M16c")
def test_setting_that_names_another_encoder_is_told_with_the_command(begin, encoders, trained, library):
    assert encoders.notice() == ""
    StoredEncoder.objects.filter(name="old").update(name="older", source="older", identifier="older")
    assert encoders.notice() == (
        "TAGSMITH_ENCODER is old, but older serves; `tagsmith encoder change old` changes that"
    )


@pytest.mark.req("M16c")
def test_file_that_is_another_encoder_now_does_not_serve(encoders, library):
    StoredEncoder.objects.filter(name="old").update(identifier="what it was")
    with pytest.raises(EncoderError, match="old is not the encoder any more whose vectors are stored"):
        encoders.serving()
