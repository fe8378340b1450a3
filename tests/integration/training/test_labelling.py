"""What to label next: what nobody has said anything about, the most doubtful first."""

import numpy as np
import pytest

from integration.stages import (  # noqa: F401 - fixtures
    DIMENSION,
    TEACHING,
    ada,
    library,
    settings,
    shoes,
    tags,
    trained,
)
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.embeddings.selectors import read_vectors
from tagsmith.embeddings.services import store_vectors
from tagsmith.errors import NotFoundError
from tagsmith.training.labelling import what_to_label
from tagsmith.training.models import Version
from tagsmith.training.services import retire

pytestmark = [pytest.mark.django_db, pytest.mark.req("M13a")]


@pytest.fixture
def between(library, trained, settings):
    """An asset between a boot and a hat."""
    asset = library["sock"][0]
    pair = [library[kind][TEACHING].pk for kind in ("boot", "hat")]
    vector = np.concatenate([vectors for _, vectors in read_vectors(settings.encoder, pair)]).mean(axis=0)
    asset.content = "e" * 64
    asset.save()
    store_vectors(settings.encoder, np.array([asset.pk]), vector[None], {asset.pk: asset.content})
    assert vector.shape == (DIMENSION,)
    return asset


def assets(advice):
    return [one.asset for one in advice.assets]


def test_asset_between_two_tags_comes_before_clear_ones(library, trained, tags, between):
    advice = what_to_label(EVERYTHING, trained, count=30)
    places = [assets(advice).index(one) for one in (between, library["boot"][TEACHING], library["hat"][TEACHING])]
    assert places[0] == min(places)
    one = advice.assets[places[0]]
    assert {one.tag, one.rival} == {tags["boot"], tags["hat"]}
    assert advice.version == Version.objects.get()


def test_what_teaches_or_was_judged_by_a_person_is_not_asked_for_again(library, trained, tags):
    told, refused = library["boot"][TEACHING], library["hat"][TEACHING]
    HumanTag.objects.create(asset=told, tag=tags["hat"])
    Rejection.objects.create(asset=refused, tag=tags["boot"], content=refused.content)
    others = library["sock"][0]
    HumanTag.objects.create(asset=others, tag=tags["sock"])
    found = set(assets(what_to_label(EVERYTHING, trained, count=100)))
    expected = {*library["boot"][TEACHING:], *library["hat"][TEACHING:], *library["sock"]} - {told, refused}
    assert found == expected


@pytest.mark.req("A1a")
def test_nothing_outside_the_callers_folders_is_suggested(trained):
    assert what_to_label(Scope(("elsewhere",)), trained).assets == []


@pytest.mark.req("M13c")
def test_few_examples_give_no_outlook(trained):
    assert what_to_label(EVERYTHING, trained).outlook is None


def test_model_that_does_not_serve_is_refused(trained, ada):
    retire(ada, trained)
    with pytest.raises(NotFoundError, match=r"^'Shoes': no version is live; train it first$"):
        what_to_label(EVERYTHING, trained)
