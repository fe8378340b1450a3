import numpy as np
import pytest

from integration.stages import library, settings  # noqa: F401 - fixtures
from tagsmith.assets.models import Asset
from tagsmith.embeddings import cache
from tagsmith.embeddings.models import Embedding
from tagsmith.embeddings.selectors import read_all, read_vectors
from tagsmith.embeddings.services import store_vectors

pytestmark = pytest.mark.django_db


@pytest.fixture
def ids(library):
    return sorted(asset.pk for assets in library.values() for asset in assets)


@pytest.fixture
def read(settings, tmp_path):
    """Give what is read with the cache, after making sure that it is what is read without."""

    def reading(ids):
        cache.configure(tmp_path / "cache")
        cached = read_all(settings.encoder, ids)
        again = read_all(settings.encoder, ids)
        cache.configure(None)
        stored = read_all(settings.encoder, ids)
        for found in (cached, again):
            assert all(np.array_equal(one, other) for one, other in zip(found, stored, strict=True))
        return stored

    yield reading
    cache.configure(None)


def test_vectors_read_from_the_cache_are_those_of_the_database(read, ids):
    assets, vectors = read(ids)
    assert assets.tolist() == ids
    read([*ids[::3], 999_999])  # scattered, and one that is not there
    assert len(vectors) == len(ids)


def test_vector_of_a_replaced_content_is_read_anew(read, ids, settings):
    _, before = read(ids)
    Asset.objects.filter(pk=ids[0]).update(content="new".rjust(64, "0"))
    assert np.array_equal(read(ids)[1], before)  # until it has been encoded again, it keeps the old one
    store_vectors(settings.encoder, np.array(ids[:1]), -before[:1], {ids[0]: "new".rjust(64, "0")})
    assert np.array_equal(read(ids)[1][0], -before[0])


def test_vector_that_was_deleted_is_gone(read, ids):
    read(ids)
    Embedding.objects.filter(asset=ids[0]).delete()
    assert read(ids)[0].tolist() == ids[1:]


def test_what_a_cached_reading_gives_may_be_changed_by_its_reader(read, ids, settings, tmp_path):
    read(ids)
    cache.configure(tmp_path / "cache")
    for _, vectors in read_vectors(settings.encoder, ids):
        vectors[:] = 0
    read(ids)
