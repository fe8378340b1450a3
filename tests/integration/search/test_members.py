"""All that a search finds, as a set: the same as its pages have, the newest first."""

import pytest

from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.errors import BadInputError
from tagsmith.search.members import found_by

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1a", "S2a")]


@pytest.fixture
def assets(shelf):
    dog = shelf.tag("dog")
    return [
        shelf.asset("written.jpg", title="Dog", folder="shop", format="PNG"),
        shelf.asset("seen.jpg", smart={dog: 500}, folder="shop", format="JPEG"),
        shelf.asset("both.jpg", title="A dog", smart={dog: 900}, folder="attic", format="PNG"),
        shelf.asset("none.jpg", title="Hat", folder="attic", format="PNG"),
    ]


@pytest.mark.parametrize("text", ["dog", "dog type:png", "dog -hat", "hat", "", "type:png", "path:shop/", "nothing"])
@pytest.mark.parametrize("scope", [EVERYTHING, Scope(("shop",)), Scope(())], ids=["all", "shop", "none"])
def test_they_are_those_of_all_pages(shelf, assets, text, scope):
    names = dict(Asset.objects.values_list("name", "pk"))
    pages = [names[name] for name in shelf.find(text, scope)]
    assert found_by(scope, text, 100) == sorted(pages, reverse=True)


@pytest.mark.parametrize("text", ["dog", "type:png"])
def test_no_more_are_found_than_asked_for_the_newest_first(assets, text):
    assert found_by(EVERYTHING, text, 2) == found_by(EVERYTHING, text, 100)[:2]
    assert len(found_by(EVERYTHING, text, 100)) == 3


def test_what_is_in_the_trash_is_not_found(assets):
    Asset.objects.filter(pk=assets[0]).update(trashed="2024-01-01T00:00Z")
    assert found_by(EVERYTHING, "dog", 100) == [assets[2], assets[1]]
    assert assets[0] not in found_by(EVERYTHING, "", 100)


def test_filter_that_makes_no_sense_is_refused_as_too_much_would_be_found(assets):
    with pytest.raises(BadInputError, match="wide"):
        found_by(EVERYTHING, "dog width:wide", 100)
