"""Finding what looks similar: exact, in order, and never outside what the caller may see."""

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone

from integration.embeddings.test_embeddings import DIMENSION, assets, contents, ids
from tagsmith.assets.models import Asset, Folder
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.embeddings import neighbours
from tagsmith.embeddings.neighbours import similar, similar_to_vector
from tagsmith.embeddings.services import store_vectors, stored_encoder
from tagsmith.errors import NotFoundError

pytestmark = [pytest.mark.django_db, pytest.mark.req("L8b")]
COUNT = 30


class Serving:
    def __init__(self, encoder):
        self.encoder = encoder


@pytest.fixture
def encoder(monkeypatch):
    encoder = stored_encoder("test", DIMENSION)
    monkeypatch.setattr(neighbours, "current", lambda: Serving(encoder))
    return encoder


@pytest.fixture
def rows():
    return assets(COUNT)


@pytest.fixture
def vectors(encoder, rows):
    """Vectors of all lengths: only their direction counts."""
    made = np.random.default_rng(0).standard_normal((COUNT, DIMENSION)) * np.linspace(0.1, 9, COUNT)[:, None]
    made = made.astype(np.float16)
    store_vectors(encoder, ids(rows), made, contents(rows))
    return made.astype(float)


def cosines(vectors, to):
    return vectors @ to / np.linalg.norm(vectors, axis=1) / np.linalg.norm(to)


def test_most_similar_come_first_without_the_asset_itself(rows, vectors):
    expected = cosines(vectors, vectors[3])
    order = [number for number in np.argsort(-expected) if number != 3]
    found = similar(EVERYTHING, rows[3].pk, count=10)
    assert [one.asset.pk for one in found] == [rows[number].pk for number in order[:10]]
    assert np.allclose([one.cosine for one in found], expected[order[:10]], atol=2e-3)


def test_vector_can_be_asked_for(rows, vectors, encoder):
    found = similar_to_vector(EVERYTHING, encoder, vectors[3], count=1)
    assert [one.asset.pk for one in found] == [rows[3].pk]
    assert found[0].cosine == pytest.approx(1, abs=1e-3)


@pytest.mark.req("A1a")
def test_nothing_outside_the_scope_and_nothing_trashed_is_found(rows, vectors):
    mine = Folder.objects.create(parent=rows[0].folder, name="mine", folded="mine", path="mine")
    inside = [rows[number].pk for number in (3, 5, 8, 11)]
    Asset.objects.filter(pk__in=inside).update(folder=mine)
    Asset.objects.filter(pk=rows[8].pk).update(trashed=timezone.now())
    found = similar(Scope(("mine",)), rows[3].pk, count=COUNT)
    assert {one.asset.pk for one in found} == {rows[5].pk, rows[11].pk}
    with pytest.raises(NotFoundError):
        similar(Scope(("mine",)), rows[0].pk)


@pytest.mark.usefixtures("vectors")
def test_vectors_of_former_contents_do_not_count(rows):
    Asset.objects.filter(pk=rows[3].pk).update(content="f" * 64)
    assert similar(EVERYTHING, rows[3].pk) == []
    assert rows[3].pk not in {one.asset.pk for one in similar(EVERYTHING, rows[4].pk, count=COUNT)}


@pytest.mark.parametrize("count", [1, 2, 3, COUNT])
@pytest.mark.parametrize("scope", [EVERYTHING, Scope(("",))])
def test_most_similar_are_found_behind_ever_so_many_that_do_not_count(rows, vectors, scope, count):
    order = [int(number) for number in np.argsort(-cosines(vectors, vectors[3])) if number != 3]
    for number in order[:9]:
        Asset.objects.filter(pk=rows[number].pk).update(trashed=timezone.now())
    for number in order[9:20]:
        Asset.objects.filter(pk=rows[number].pk).update(content="f" * 64)
    found = similar(scope, rows[3].pk, count=count)
    assert [one.asset.pk for one in found] == [rows[number].pk for number in order[20:][:count]]


@pytest.mark.usefixtures("vectors")
def test_planner_goes_on_with_what_it_had(rows):
    with connection.cursor() as cursor:
        for before in ("on", "off"):
            cursor.execute(f"SET LOCAL enable_bitmapscan = {before}")
            similar(EVERYTHING, rows[3].pk)
            cursor.execute("SHOW enable_bitmapscan")
            assert cursor.fetchone() == (before,)


@pytest.mark.usefixtures("vectors")
def test_asking_takes_as_many_queries_for_few_as_for_many(rows, django_assert_num_queries):
    for count in (1, COUNT):
        with django_assert_num_queries(8):  # asset, its vector, the planner told and again what it had, vectors, assets
            [one.asset.path for one in similar(EVERYTHING, rows[3].pk, count=count)]
