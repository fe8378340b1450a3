import numpy as np
import pytest
from django.db import connection

from tagsmith.assets.models import Asset, Folder, State
from tagsmith.embeddings import selectors
from tagsmith.embeddings.models import Embedding
from tagsmith.embeddings.selectors import read_vectors, without_vector
from tagsmith.embeddings.services import store_vectors, stored_encoder
from tagsmith.vision.measures import Measures

DIMENSION = 5


def assets(count):
    from django.utils import timezone

    folder, _ = Folder.objects.get_or_create(name="", path="")
    return [
        Asset.objects.create(
            folder=folder,
            name=f"{number}.jpg",
            folded=f"{number}.jpg",
            content=f"{number:064}",
            size=1,
            modified=timezone.now(),
            state=State.READY,
        )
        for number in range(count)
    ]


def contents(rows):
    return {asset.pk: asset.content for asset in rows}


def ids(rows):
    return np.array([asset.pk for asset in rows])


@pytest.fixture
def encoder(db):
    return stored_encoder("test", DIMENSION)


def stored(encoder, wanted=None):
    blocks = list(read_vectors(encoder, Asset.objects.values_list("pk", flat=True) if wanted is None else wanted))
    return (
        dict(zip(np.concatenate([i for i, _ in blocks]).tolist(), np.vstack([v for _, v in blocks]), strict=True))
        if blocks
        else {}
    )


@pytest.mark.parametrize("block", [1, 7, 30, 400])
def test_vectors_come_back_in_order_of_their_assets_in_blocks_of_any_size(encoder, block, monkeypatch):
    monkeypatch.setattr(selectors, "BLOCK", block)
    rows = assets(30)
    vectors = np.random.default_rng(0).standard_normal((30, DIMENSION)).astype(np.float16)
    order = np.random.default_rng(1).permutation(30)
    assert store_vectors(encoder, ids(rows)[order], vectors[order], contents(rows)) == 30
    got = stored(encoder)
    assert list(got) == sorted(got)
    for asset, vector in zip(rows, vectors, strict=True):
        assert np.array_equal(got[asset.pk], vector)


def test_only_the_assets_named_are_read(encoder):
    rows = assets(5)
    store_vectors(encoder, ids(rows), np.ones((5, DIMENSION)), contents(rows))
    assert list(stored(encoder, [rows[1].pk, rows[3].pk, 10**9])) == [rows[1].pk, rows[3].pk]


def test_vectors_of_another_dimension_are_an_error(encoder):
    rows = assets(2)
    store_vectors(encoder, ids(rows), np.ones((2, DIMENSION + 1)), contents(rows))
    with pytest.raises(ValueError, match=r"buffer|numbers"):
        stored(encoder)


def test_storing_again_changes_nothing(encoder):
    rows = assets(3)
    store_vectors(encoder, ids(rows), np.ones((3, DIMENSION)), contents(rows))
    assert store_vectors(encoder, ids(rows), np.zeros((3, DIMENSION)), contents(rows)) == 0
    assert all(vector.min() == 1 for vector in stored(encoder).values())


def test_replaced_content_gets_its_new_vector_and_never_a_late_old_one(encoder):
    (asset,) = assets(1)
    store_vectors(encoder, ids([asset]), np.ones((1, DIMENSION)), contents([asset]))
    late = contents([asset])
    Asset.objects.filter(pk=asset.pk).update(content="f" * 64)
    assert list(without_vector(encoder)) == [asset]
    assert store_vectors(encoder, ids([asset]), np.zeros((1, DIMENSION)), late) == 0
    assert store_vectors(encoder, ids([asset]), np.full((1, DIMENSION), 2.0), {asset.pk: "f" * 64}) == 1
    assert not without_vector(encoder).exists()
    assert stored(encoder)[asset.pk].tolist() == [2.0] * DIMENSION


def test_vector_of_an_asset_that_is_gone_is_dropped(encoder):
    rows = assets(2)
    gone = contents(rows)
    Asset.objects.filter(pk=rows[0].pk).delete()
    assert store_vectors(encoder, ids(rows), np.ones((2, DIMENSION)), gone) == 1
    assert Embedding.objects.count() == 1


def test_vectors_are_stored_in_line_and_plain(encoder):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attstorage FROM pg_attribute"
            " WHERE attrelid = 'embeddings_embedding'::regclass AND attname = 'vector'"
        )
        assert cursor.fetchone() == ("p",)


def test_row_of_the_standard_encoder_fits(encoder):
    rows = assets(1)
    large = stored_encoder("large", 4000)
    assert store_vectors(large, ids(rows), np.ones((1, 4000)), contents(rows)) == 1


def test_measures_are_kept_with_the_vector_until_the_content_is_replaced(encoder):
    one, other = rows = assets(2)
    measured = {one.pk: Measures(0.5, 0.25, 1, float("nan"), 0.1, 0)}
    store_vectors(encoder, ids(rows), np.ones((2, DIMENSION)), contents(rows), measured)
    kept = Embedding.objects.get(asset=one).measures
    assert kept == pytest.approx([0.5, 0.25, 1, float("nan"), 0.1, 0], nan_ok=True)
    assert Embedding.objects.get(asset=other).measures is None
    Asset.objects.filter(pk=one.pk).update(content="f" * 64)
    store_vectors(encoder, ids([one]), np.ones((1, DIMENSION)), {one.pk: "f" * 64})
    assert Embedding.objects.get(asset=one).measures is None
