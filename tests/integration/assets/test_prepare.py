"""Making ready: measures, rendition, hash and vector by one decoding; a bad file fails alone and with its reason."""

import numpy as np
import pytest
from PIL import Image

from tagsmith.assets.local_storage import LocalStorage
from tagsmith.assets.models import Asset, State
from tagsmith.assets.scope import EVERYTHING
from tagsmith.assets.selectors.assets import find_asset
from tagsmith.embeddings import preparation as room
from tagsmith.embeddings.following import PREPARED
from tagsmith.embeddings.models import Embedding
from tagsmith.embeddings.preparation import Preparation
from tagsmith.embeddings.serving import Encoders
from tagsmith.errors import EncoderError, WriteError
from tagsmith.vision.bounds import DecodeLimits
from tagsmith.vision.stream import encode_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def prepared(preparation):
    """Make all assets ready, and return the one at a path."""

    def run(path):
        preparation.make_ready(list(Asset.objects.values_list("pk", flat=True)))
        return find_asset(EVERYTHING, path)

    return run


@pytest.fixture
def told():
    """Give the ids that were told to be ready."""
    ids = []
    PREPARED.register("test", ids.extend)
    yield ids
    PREPARED.unregister("test")


@pytest.mark.req("L1b")
def test_image_gets_its_upright_size_and_a_rendition(put, bring, storage, large_jpeg, prepared):
    put("a.jpg", large_jpeg)
    bring()
    asset = prepared("in/a.jpg")
    assert (asset.state, asset.format, asset.width, asset.height) == (State.READY, "JPEG", 800, 1200)
    assert asset.likeness is not None
    with Image.open(storage.rendition(asset.content, 512)) as rendition:
        assert (rendition.format, rendition.size) == ("WEBP", (341, 512))
    assert (asset.revision, asset.failure) == (1, "")


@pytest.mark.req("L1b")
def test_small_image_is_not_enlarged(put, bring, storage, prepared):
    put("a.png", 1)
    bring()
    asset = prepared("in/a.png")
    with Image.open(storage.rendition(asset.content, 512)) as rendition:
        assert rendition.size == (asset.width, asset.height)


def test_vectors_are_those_of_the_learner(put, bring, prepared, session, large_jpeg):
    paths = [put("a.png", 1), put("b.png", 2), put("large.jpg", large_jpeg)]
    bring()
    prepared("in/a.png")
    stored = [np.array(row.vector, np.float16) for row in Embedding.objects.order_by("asset")]
    learned = [item.vector.astype(np.float16) for item in encode_files(session, paths)]
    assert np.array_equal(stored[:2], learned[:2])
    large, alone = stored[2].astype(float), learned[2].astype(float)  # decoded at a larger scale, then reduced
    assert large @ alone / np.linalg.norm(large) / np.linalg.norm(alone) > 0.999


@pytest.mark.req("L3c")
@pytest.mark.parametrize("content", [b"", b"no image", b"\xff\xd8\xff\xe0 cut short"])
def test_bad_file_fails_alone_with_its_reason(put, bring, prepared, content, told):
    put("bad.jpg", content)
    put("good.png", 1)
    bring()
    asset = prepared("in/bad.jpg")
    assert asset.state == State.FAILED
    assert asset.failure
    good = find_asset(EVERYTHING, "in/good.png")
    assert good.state == State.READY
    assert told == [good.pk]


def test_image_above_the_limits_fails_with_its_reason(put, bring, storage, session):
    put("a.png", 1)
    bring()
    asset = Asset.objects.get()
    Preparation(storage, Encoders("tiny", lambda _: session), DecodeLimits(max_pixels=10)).make_ready([asset.pk])
    assert "the limit is 10" in Asset.objects.get().failure


@pytest.mark.req("L2d")
def test_original_in_place_that_vanished_fails_with_its_reason(put, bring, prepared):
    path = put("a.png", 1)
    bring(in_place=True)
    path.unlink()
    assert prepared("in/a.png").failure == "no such file"


def test_asset_that_is_ready_stays_so_when_its_original_cannot_be_reached(put, bring, prepared):
    path = put("a.png", 1)
    bring(in_place=True)
    prepared("in/a.png")
    Embedding.objects.all().delete()  # as for another encoder
    path.unlink()
    assert prepared("in/a.png").state == State.READY


def test_second_run_does_nothing_and_a_failed_asset_is_tried_again(put, bring, prepared, monkeypatch, told):
    put("a.png", 1)
    bring()
    prepared("in/a.png")
    told.clear()
    monkeypatch.setattr(room, "decode_both", lambda *_, **__: pytest.fail("decoded again"))
    prepared("in/a.png")
    assert told == []
    monkeypatch.undo()
    Asset.objects.update(state=State.FAILED, failure="for a while")
    assert prepared("in/a.png").state == State.READY


def test_only_what_is_missing_is_made(put, bring, prepared, monkeypatch, told):
    put("a.png", 1)
    bring()
    asset = prepared("in/a.png")
    Embedding.objects.all().delete()
    monkeypatch.setattr(LocalStorage, "put_rendition", lambda *_: pytest.fail("made again"))
    prepared("in/a.png")
    assert told == [asset.pk, asset.pk]


def test_result_for_a_content_that_was_replaced_meanwhile_is_dropped(put, bring, prepared, monkeypatch):
    put("a.png", 1)
    bring()
    real = room.store_prepared

    def late(rows):
        Asset.objects.update(content="0" * 64)
        real(rows)

    monkeypatch.setattr(room, "store_prepared", late)
    assert prepared("in/a.png").state == State.NEW
    assert not Embedding.objects.exists()


@pytest.mark.req("L2d")
def test_full_disk_fails_no_asset_and_another_try_makes_them_ready(put, bring, prepared, storage, monkeypatch):
    put("a.png", 1)
    bring()

    def full(*_):
        raise WriteError("renditions: No space left on device")

    monkeypatch.setattr(type(storage), "put_rendition", full)
    with pytest.raises(WriteError, match="No space left"):
        prepared("in/a.png")
    assert Asset.objects.get().state == State.NEW
    monkeypatch.undo()
    assert prepared("in/a.png").state == State.READY


def test_encoder_that_fails_leaves_nothing_half_done(put, bring, prepared, session, monkeypatch):
    put("a.png", 1)
    put("b.png", 2)
    bring()

    def fail(_):
        raise EncoderError("no")

    monkeypatch.setattr(session, "look", fail)
    with pytest.raises(EncoderError):
        prepared("in/a.png")
    assert set(Asset.objects.values_list("state", flat=True)) == {State.NEW}


def test_asset_that_is_gone_has_no_effect(preparation):
    preparation.make_ready([10**9])
    assert not Embedding.objects.exists()
