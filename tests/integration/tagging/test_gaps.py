"""Assets that no tag fits and that look alike."""

import numpy as np
import pytest

from integration.stages import (  # noqa: F401 - fixtures
    ALL,
    DIMENSION,
    TEACHING,
    library,
    settings,
    shoes,
    tag_everything,
    tags,
    trained,
)
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.curation.models import HumanTag
from tagsmith.embeddings.services import store_vectors
from tagsmith.tagging import gaps
from tagsmith.tagging.gaps import find_gaps

pytestmark = [pytest.mark.django_db, pytest.mark.req("M13b")]


@pytest.fixture(autouse=True)
def serving(settings, monkeypatch):
    class Serving:
        encoder = settings.encoder

    monkeypatch.setattr(gaps, "current", Serving)


@pytest.fixture(autouse=True)
def alike(library, settings):
    """The socks look more alike than the other kinds."""
    rng, socks = np.random.default_rng(1), library["sock"]
    for asset in socks:
        asset.content = f"like{asset.pk}".rjust(64, "0")
        asset.save()
    vectors = rng.standard_normal(DIMENSION) + 0.3 * rng.standard_normal((ALL, DIMENSION))
    contents = {asset.pk: asset.content for asset in socks}
    store_vectors(settings.encoder, np.array(list(contents)), vectors, contents)


def test_assets_that_no_tag_fits_are_one_group(library, trained):
    tag_everything(library)
    found = find_gaps(EVERYTHING)
    assert [set(group.ids) for group in found.groups] == [{asset.pk for asset in library["sock"]}]
    assert found.untagged == found.searched


def test_group_shows_those_nearest_its_middle(library, trained):
    tag_everything(library)
    (group,) = find_gaps(EVERYTHING, samples=3).groups
    assert [asset.pk for asset in group.assets] == group.ids[:3]
    assert group.size == ALL
    assert 0.5 < group.cohesion < 1


def test_what_has_a_tag_or_teaches_one_is_left_out(library, shoes, tags):
    for asset in library["sock"]:
        HumanTag.objects.create(asset=asset, tag=tags["sock"])
    found = find_gaps(EVERYTHING)
    assert found.untagged == 2 * (ALL - TEACHING)
    assert not {asset.pk for asset in library["sock"]} & {pk for group in found.groups for pk in group.ids}


@pytest.mark.req("A1a")
def test_nothing_outside_the_callers_folders_is_looked_at(library):
    found = find_gaps(Scope(("elsewhere",)))
    assert (found.groups, found.untagged) == ([], 0)
