"""Preparing: measures, rendition, hash; a bad file fails alone and with its reason."""

import pytest
from PIL import Image

from tagsmith.assets.models import Asset, State
from tagsmith.assets.prepare import prepare
from tagsmith.assets.scope import EVERYTHING
from tagsmith.assets.selectors.assets import find_asset
from tagsmith.vision.bounds import DecodeLimits

pytestmark = pytest.mark.django_db


def prepared(path, storage):
    asset = find_asset(EVERYTHING, path)
    prepare(asset.pk, storage)
    asset.refresh_from_db()
    return asset


@pytest.mark.req("L1b")
def test_image_gets_its_upright_size_and_a_rendition(put, bring, storage, large_jpeg):
    put("a.jpg", large_jpeg)
    bring()
    asset = prepared("in/a.jpg", storage)
    assert (asset.state, asset.format, asset.width, asset.height) == (State.READY, "JPEG", 800, 1200)
    assert asset.likeness is not None
    with Image.open(storage.rendition(asset.content, 512)) as rendition:
        assert (rendition.format, rendition.size) == ("WEBP", (341, 512))
    assert (asset.revision, asset.failure) == (1, "")


@pytest.mark.req("L1b")
def test_small_image_is_not_enlarged(put, bring, storage):
    put("a.png", 1)
    bring()
    asset = prepared("in/a.png", storage)
    with Image.open(storage.rendition(asset.content, 512)) as rendition:
        assert rendition.size == (asset.width, asset.height)


@pytest.mark.parametrize("content", [b"", b"no image", b"\xff\xd8\xff\xe0 cut short"])
def test_bad_file_fails_with_its_reason(put, bring, storage, content):
    put("bad.jpg", content)
    bring()
    asset = prepared("in/bad.jpg", storage)
    assert asset.state == State.FAILED
    assert asset.failure


def test_missing_original_and_limits_fail_with_their_reason(put, bring, storage):
    path = put("a.png", 1)
    bring(in_place=True)
    pk = Asset.objects.get().pk
    prepare(pk, storage, limits=DecodeLimits(max_pixels=10))
    assert "the limit is 10" in Asset.objects.get().failure
    path.unlink()
    prepare(pk, storage)
    assert Asset.objects.get().failure == "no such file"


def test_second_run_does_nothing_and_a_failed_asset_is_tried_again(put, bring, storage, monkeypatch):
    put("a.png", 1)
    bring()
    asset = prepared("in/a.png", storage)
    monkeypatch.setattr("tagsmith.assets.prepare.decode", lambda *_, **__: pytest.fail("decoded again"))
    prepare(asset.pk, storage)
    monkeypatch.undo()
    Asset.objects.update(state=State.FAILED, failure="for a while")
    assert prepared("in/a.png", storage).failure == ""
    prepare(asset.pk + 1000, storage)


def test_result_for_a_content_that_was_replaced_meanwhile_is_dropped(put, bring, storage, monkeypatch):
    from tagsmith.assets import prepare as room

    put("a.png", 1)
    bring()
    real_read = room.read

    def read(path, limits):
        result = real_read(path, limits)
        Asset.objects.update(content="0" * 64)
        return result

    monkeypatch.setattr(room, "read", read)
    assert prepared("in/a.png", storage).state == State.NEW
