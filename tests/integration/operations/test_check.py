"""What a check finds when something is wrong, one fault at a time, and what repairing mends."""

import json
import shutil
from typing import NamedTuple

import pytest
from django.db import connection
from django.utils import timezone

from tagsmith.assets.models import Asset, State
from tagsmith.embeddings.models import Embedding, StoredEncoder
from tagsmith.embeddings.preparation import Preparation
from tagsmith.embeddings.serving import Encoders
from tagsmith.errors import EncoderError
from tagsmith.operations.check import database, place, run
from tagsmith.operations.check.encoder import check_encoder
from tagsmith.operations.check.finding import Severity
from tagsmith.vision.bounds import DecodeLimits
from tagsmith.vision.encoders import find_encoder
from tagsmith.vision.session import EncoderSession
from unit.vision.text_files import reading

pytestmark = [pytest.mark.django_db, pytest.mark.req("O3d")]


class Usage(NamedTuple):
    total: float
    used: float
    free: float


@pytest.fixture(autouse=True)
def empty_queue(db):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.fixture
def found(sound, tmp_path):
    """Check, and return what is found as (severity, words)."""

    def look():
        return [(one.severity, one.what) for one in run.check(sound, tmp_path, tmp_path)]

    return look


def first():
    return Asset.objects.order_by("pk").first()


def test_library_that_is_as_it_should_be_gives_nothing_to_say(found):
    assert found() == []


def test_data_folder_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    (finding,) = place.check_place(tmp_path / "file" / "data")
    assert (finding.severity, finding.what) == (
        Severity.ERROR,
        f"the data folder cannot be written: {tmp_path / 'file' / 'data'}: Not a directory",
    )


@pytest.mark.parametrize(("free", "severity"), [(1e9, Severity.WARNING), (1e8, Severity.ERROR)])
def test_little_room_is_told_before_the_disk_is_full(found, monkeypatch, free, severity):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1e12, 1e12, free))
    ((how_bad, what),) = found()
    assert how_bad == severity
    assert what.startswith(f"{free / 2**30:.1f} GB are free in ")


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("fsync", "off", "loses data in a power cut: fsync is off"),
        ("server_encoding", "SQL_ASCII", "the database's encoding is SQL_ASCII"),
        ("max_connections", "5", "the database takes 5 connections"),
    ],
)
def test_server_that_is_set_wrongly_is_told(found, monkeypatch, setting, value, words):
    real = database._shown
    monkeypatch.setattr(database, "_shown", lambda name: value if name == setting else real(name))
    ((_, what),) = found()
    assert words in what


def test_missing_original_is_an_error_that_repairing_does_not_hide(found, sound):
    sound.storage.path(first().content).unlink()
    expected = [(Severity.ERROR, f"1 originals are missing: {first().path}")]
    assert found() == expected
    run.repair(sound)
    assert found() == expected


def test_file_that_nothing_needs_is_found_and_removed(found, sound, tmp_path):
    with (tmp_path / "tiny.json").open("rb") as file:
        digest = sound.storage.put(file).sha256
    assert found() == [(Severity.WARNING, f"1 files are needed by nothing: {digest}")]
    assert run.repair(sound).removed == 1
    assert found() == []


def repaired(sound):
    """Repair, and do the jobs that it asks for."""
    with connection.cursor() as cursor:
        assert run.repair(sound).asked == 1
        cursor.execute("SELECT args -> 'assets' FROM procrastinate_jobs WHERE task_name = 'embeddings.make_ready'")
        ((ids,),) = cursor.fetchall()
        cursor.execute("DELETE FROM procrastinate_jobs")
    sound.make_ready(json.loads(ids))


def test_missing_rendition_is_found_and_made(found, sound):
    sound.storage.rendition(first().content, 512).unlink()
    assert found() == [(Severity.WARNING, f"1 renditions are missing: {first().path}")]
    repaired(sound)
    assert found() == []


def test_missing_vector_is_found_and_made(found, sound):
    Embedding.objects.filter(asset=first()).delete()
    assert found() == [(Severity.WARNING, "1 assets have no vector of tiny")]
    repaired(sound)
    assert found() == []


def test_new_asset_that_no_job_makes_ready_is_found_and_made(found, sound):
    Asset.objects.filter(pk=first().pk).update(state=State.NEW)
    assert found() == [(Severity.WARNING, "no job makes 1 new assets ready")]
    repaired(sound)
    assert found() == []


def test_asset_that_could_not_be_read_is_a_note(found):
    Asset.objects.filter(pk=first().pk).update(state=State.FAILED)
    assert found() == [(Severity.NOTE, "1 assets could not be read")]


def test_vectors_of_another_length_are_an_error(found):
    StoredEncoder.objects.update(dimension=5)
    assert found() == [(Severity.ERROR, "stored vectors do not have the 4 numbers of the encoder")]


def test_encoder_that_cannot_be_loaded_is_an_error_and_the_rest_is_still_checked(sound, tmp_path):
    def fail(_):
        raise EncoderError("its weights are gone")

    broken = Preparation(sound.storage, Encoders("tiny", fail), DecodeLimits())
    sound.storage.path(first().content).unlink()
    severities = [one.severity for one in run.check(broken, tmp_path, tmp_path)]
    assert severities == [Severity.ERROR, Severity.ERROR]
    assert run.repair(broken).asked == 0


def test_network_that_is_not_what_its_weights_give_is_an_error(sound, tmp_path):
    cache = tmp_path / "cache"
    session = EncoderSession(find_encoder("fast"), cache)
    (file,) = cache.glob("*.onnx")
    StoredEncoder.objects.update(serves=False)
    serving = Preparation(sound.storage, Encoders("fast", lambda _: session), DecodeLimits())
    sound = [one for one in check_encoder(serving, cache) if one.severity is Severity.ERROR]
    assert sound == []
    file.write_bytes(file.read_bytes() + b"\0")
    (finding,) = [one for one in check_encoder(serving, cache) if one.severity is Severity.ERROR]
    assert finding.what == f"{file} is not what its weights give"


def job(status, age="0 s"):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('work', 'x', %s) RETURNING id",
            [status],
        )
        (number,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_events SET at = now() - %s::interval WHERE job_id = %s", [age, number])


def worker():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [timezone.now()])


def test_jobs_that_were_given_up_are_told(found):
    job("failed")
    assert found() == [(Severity.WARNING, "1 jobs were given up")]


def test_jobs_that_nobody_does_are_told(found):
    job("todo")
    assert found() == [(Severity.WARNING, "1 jobs wait and no worker is running")]
    worker()
    assert found() == []


def test_jobs_that_wait_long_are_told(found):
    worker()
    job("todo", "1 hour")
    assert found() == [(Severity.WARNING, "1 jobs wait, the oldest for 60 minutes; 1 workers are running")]


@pytest.fixture
def reader(sound, tmp_path):
    """Let an encoder that reads text serve, and return how it is checked and what has loaded it."""
    session = EncoderSession(find_encoder(str(reading(tmp_path / "reader"))), tmp_path)
    StoredEncoder.objects.update(serves=False)
    serving = Preparation(sound.storage, Encoders("colours", lambda _: session), DecodeLimits())
    return lambda: [(one.severity, one.what) for one in check_encoder(serving, tmp_path)], session


@pytest.mark.req("S7b")
def test_encoder_that_reads_is_let_read_and_what_is_wrong_with_it_is_a_warning(reader, tmp_path):
    found, _ = reader
    (tmp_path / "reader" / "text.onnx").rename(tmp_path / "reader" / "away.onnx")
    (warning,) = [what for severity, what in found() if severity is Severity.WARNING and "read text" in what]
    assert warning.startswith("colours cannot read text, and nobody search by meaning: ")
    (tmp_path / "reader" / "away.onnx").rename(tmp_path / "reader" / "text.onnx")
    assert not [what for _, what in found() if "read" in what]


@pytest.mark.req("S7b")
def test_text_half_that_was_not_downloaded_is_a_note_and_stays_where_it_is(reader, monkeypatch):
    found, session = reader
    monkeypatch.setattr(type(session), "must_download_to_read", True)
    monkeypatch.setattr(session, "read", lambda _: pytest.fail("it was downloaded"))
    assert (
        Severity.NOTE,
        "what colours reads text with is not on this machine: nobody can search by meaning here",
    ) in found()
