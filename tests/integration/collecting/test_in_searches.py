"""What the search box knows: `collection:` finds what is in a collection, saved searches are suggested."""

import pytest

from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.selectors.folders import scope_of
from tagsmith.assets.services.trash import trash_assets
from tagsmith.audit.services import COMMAND_LINE, Actor
from tagsmith.collecting.following import follow, unfollow
from tagsmith.collecting.picking import add_assets
from tagsmith.collecting.services import create_collection, save_search
from tagsmith.search.selectors import search
from tagsmith.search.services import index
from tagsmith.search.suggesting import Kind, suggest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def followed():
    follow()
    yield
    unfollow()


@pytest.fixture
def shoot(eve, assets):
    made = create_collection(eve, 'Spring "shoot"', shared=True)
    add_assets(EVERYTHING, Actor(eve), made, [asset.pk for asset in assets[:4]])
    for asset in assets:
        Asset.objects.filter(pk=asset.pk).update(title="red boot" if asset.pk % 2 else "blue boot")
    index([asset.pk for asset in assets])
    return made


def found(text, scope=EVERYTHING):
    return {hit.asset.pk for hit in search(scope, text).hits}


def keys(*assets):
    return {asset.pk for asset in assets}


@pytest.mark.req("L9h")
@pytest.mark.parametrize("name", ['"spring shoot"', '"SPRING Shoot"', "spring*", '"spríng sh??t"'])
def test_collection_is_searched_by_its_name_alone_and_with_words(shoot, assets, name):
    red = {asset.pk for asset in assets if asset.pk % 2}
    assert found(f"collection:{name}") == keys(*assets[:4])
    assert found(f"red collection:{name}") == keys(*assets[:4]) & red
    assert found(f"boot -collection:{name}") == keys(*assets[4:])
    assert found(f"-collection:{name}") == keys(*assets[4:])


@pytest.mark.req("L9h")
def test_name_that_no_collection_has_finds_nothing(shoot):
    assert found("collection:autumn") == set()
    unfollow()
    assert found('collection:"spring shoot"') == set()


@pytest.mark.req("L9h", "A1a")
def test_private_collections_are_found_for_their_owners_alone(ada, eve, shoot, assets):
    own = create_collection(ada, "Own")
    add_assets(EVERYTHING, Actor(ada), own, [assets[5].pk])
    assert found("collection:own", scope_of(ada)) == keys(assets[5])
    assert found("collection:own", scope_of(eve)) == set()
    assert found("collection:own") == set()
    assert found('collection:"spring shoot"', scope_of(ada)) == keys(*assets[:4])


@pytest.mark.req("L9h", "A1a")
def test_neither_scope_nor_trash_is_got_around(shoot, assets):
    trash_assets(EVERYTHING, COMMAND_LINE, [assets[0].pk])
    assert found('collection:"spring shoot"', Scope(("mine",))) == keys(assets[2])


@pytest.mark.req("L9f")
def test_saved_searches_are_suggested_while_typing(ada, eve):
    save_search(ada, "Boots of spring", "boot created:2024")
    save_search(eve, "Boots of eve", "boot")
    suggested = [(one.kind, one.text, one.search) for one in suggest(ada, EVERYTHING, "boots o")]
    assert suggested == [(Kind.SAVED, "Boots of spring", "boot created:2024")]
