"""Why an asset has a tag: by which version, by which examples, and what speaks for the next tag."""

import pytest
from django.utils import timezone

from integration.stages import (  # noqa: F401 - fixtures
    TEACHING,
    ada,
    library,
    settings,
    shoes,
    tag_everything,
    tags,
    taught,
    trained,
)
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.errors import EncoderError, NotFoundError
from tagsmith.tagging import explaining
from tagsmith.tagging.explaining import NEAREST, explain, heat
from tagsmith.tagging.models import SmartTag
from tagsmith.taxonomy.services.merge import merge
from tagsmith.training.learn import train
from tagsmith.training.models import Version
from tagsmith.training.services import retire

pytestmark = pytest.mark.django_db


@pytest.mark.req("M14a")
def test_smart_tag_is_explained_by_the_version_that_gave_it(library, trained, tags):
    asset = library["boot"][TEACHING]
    tag_everything(library)
    given = SmartTag.objects.get(asset=asset, tag=tags["boot"])
    why = explain(EVERYTHING, asset.pk, tags["boot"])
    assert (why.asset, why.version, why.verdict.tag) == (asset, given.version, tags["boot"])
    assert why.verdict.confidence == pytest.approx(given.confidence / 1000, abs=0.002)
    assert why.verdict.confidence >= why.verdict.threshold


@pytest.mark.req("M14a")
def test_nearest_examples_of_the_tag_and_of_the_next_one_are_the_assets_that_taught_them(library, trained, tags):
    why = explain(EVERYTHING, library["boot"][TEACHING].pk, tags["boot"])
    assert why.rival.tag == tags["hat"]
    for kind, verdict in (("boot", why.verdict), ("hat", why.rival)):
        assert len(verdict.nearest) == NEAREST
        assert {one.asset for one in verdict.nearest} <= set(library[kind][:TEACHING])
        assert [one.name for one in verdict.nearest] == [one.asset.name for one in verdict.nearest]
        cosines = [one.cosine for one in verdict.nearest]
        assert cosines == sorted(cosines, reverse=True)
    assert why.verdict.nearest[0].cosine > why.rival.nearest[0].cosine


def test_wrong_tag_is_explained_too(library, trained, tags):
    why = explain(EVERYTHING, library["boot"][TEACHING].pk, tags["hat"])
    assert (why.verdict.tag, why.rival.tag) == (tags["hat"], tags["boot"])
    assert why.verdict.confidence < why.rival.confidence


def test_example_itself_is_nearest_to_it(library, trained, tags):
    found = explain(EVERYTHING, library["boot"][0].pk, tags["boot"]).verdict.nearest[0]
    assert (found.asset, found.cosine) == (library["boot"][0], pytest.approx(1, abs=1e-3))


def test_example_that_was_deleted_since_keeps_its_name(library, trained, tags):
    gone = library["boot"][0]
    nearest = explain(EVERYTHING, gone.pk, tags["boot"]).verdict.nearest
    Asset.objects.filter(pk=nearest[1].asset.pk).update(trashed=timezone.now())
    again = explain(EVERYTHING, gone.pk, tags["boot"]).verdict.nearest
    assert (again[1].name, again[1].asset) == (nearest[1].name, None)


def test_tag_that_was_merged_is_explained_as_what_it_became(library, trained, tags, ada):
    merge(ada, tags["boot"], tags["sock"])
    why = explain(EVERYTHING, library["boot"][TEACHING].pk, tags["sock"])
    assert (why.verdict.tag, why.version.model) == (tags["sock"], trained)


def test_version_that_owns_the_tag_is_asked(library, trained, tags, settings):
    other = taught("Others", tags, library, "boot", "sock")
    train(other, settings)
    why = explain(EVERYTHING, library["boot"][TEACHING].pk, tags["boot"])
    assert (why.version, why.rival.tag) == (Version.objects.get(model=other), tags["sock"])


@pytest.mark.req("A1a")
def test_nobody_is_told_of_assets_outside_their_folders(library, trained, tags):
    with pytest.raises(NotFoundError):
        explain(Scope(("elsewhere",)), library["boot"][0].pk, tags["boot"])


def test_tag_that_no_live_version_teaches_is_refused(library, trained, tags, ada):
    with pytest.raises(NotFoundError, match=r"^default:sock: no live version of a tag model teaches it$"):
        explain(EVERYTHING, library["boot"][0].pk, tags["sock"])
    retire(ada, trained)
    with pytest.raises(NotFoundError, match=r"^default:boot: no live version"):
        explain(EVERYTHING, library["boot"][0].pk, tags["boot"])


def test_asset_without_a_vector_of_its_present_content_is_refused(library, trained, tags):
    asset = library["boot"][TEACHING]
    Asset.objects.filter(pk=asset.pk).update(content="f" * 64)
    with pytest.raises(NotFoundError, match=rf"^{asset.name}: it has no vector yet that 'Shoes' could judge$"):
        explain(EVERYTHING, asset.pk, tags["boot"])


def test_heat_map_of_an_encoder_that_serves_no_longer_is_refused(library, trained, tags, monkeypatch):
    class Serving:
        encoder = None

    monkeypatch.setattr(explaining, "current", Serving)
    with pytest.raises(EncoderError, match=r"^'Shoes' reads the vectors of an encoder that serves no longer$"):
        heat(EVERYTHING, library["boot"][0].pk, tags["boot"])
