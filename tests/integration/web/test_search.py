import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tagsmith.audit.services import COMMAND_LINE
from tagsmith.embeddings.services import stored_encoder
from tagsmith.search.services import index
from tagsmith.tagging.models import SmartTag
from tagsmith.taxonomy.services import create_tag
from tagsmith.training.models import TagModel, Version
from tagsmith.web.views import search

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def signed_in(client, add_person):
    client.force_login(add_person())


@pytest.fixture
def add_hit(add_folder, add_asset):
    folder = add_folder("travel")

    def add(number, **fields):
        asset = add_asset(folder, f"{number}.png", seed=number, **fields)
        index([asset.pk])
        return asset

    return add


def shown(page):
    return re.findall(r'class="name" title="[^"]*">([^<]*)<', page)


def words(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_box_is_there_with_the_text_and_the_hits_below(client, add_hit):
    add_hit(1, title="A red boot")
    add_hit(2, title="A hat")
    page = client.get("/search/", {"q": "boots"}).text
    assert 'value="boots"' in page
    assert "1 asset" in words(page)
    assert shown(page) == ["A red boot"]


def test_each_hit_says_why_it_matched_and_metadata_comes_before_smart_tags(client, add_hit):
    add_hit(1, title="My boot")
    guessed = add_hit(2, title="Untitled")
    model = TagModel.objects.create(title="Shoes")
    version = Version.objects.create(
        model=model, number=1, encoder=stored_encoder("test", 2), columns=[], content=b"", live=True
    )
    tag = create_tag(COMMAND_LINE, "boot")
    SmartTag.objects.create(asset=guessed, tag=tag, version=version, confidence=874, at=timezone.now())
    page = words(client.get("/search/", {"q": "boot"}).text)
    order = (
        "By titles, tags and other metadata",
        "My boot",
        "boot · title",
        "By smart tags",
        "Untitled",
        "smart tag 87 %",
    )
    places = [page.index(said) for said in order]
    assert places == sorted(places)


def test_tag_that_two_words_find_is_one_reason(client, add_hit):
    asset = add_hit(1, title="Untitled")
    model = TagModel.objects.create(title="Shoes")
    version = Version.objects.create(
        model=model, number=1, encoder=stored_encoder("test", 2), columns=[], content=b"", live=True
    )
    tag = create_tag(COMMAND_LINE, "shoe/boot")
    SmartTag.objects.create(asset=asset, tag=tag, version=version, confidence=900)
    assert words(client.get("/search/", {"q": "shoe boot"}).text).count("smart tag 90 %") == 1


def test_pages_follow_each_other(client, add_hit, monkeypatch):
    monkeypatch.setattr(search, "SIZE", 2)
    for number in range(5):
        add_hit(number, title=f"boot & {number}")
    address, seen = "/search/?q=boot+%26", []
    while address:
        page = client.get(address).text
        seen += shown(page)
        onward = re.search(r'href="([^"]+)" rel="next"', page)
        address = "/search/" + onward[1].replace("&amp;", "&") if onward else None
    assert seen == [f"boot &amp; {number}" for number in (4, 3, 2, 1, 0)]


def test_nothing_asked_and_nothing_found_are_told_apart(client, add_hit):
    assert "a phrase in quotation marks" in client.get("/search/").text
    assert "Nothing was found" in client.get("/search/?q=zebra").text


def test_page_that_never_ended_anywhere_is_refused(client):
    assert client.get("/search/?q=x&after=nonsense").status_code == 400


def test_number_of_queries_does_not_grow_with_hits(client, add_hit):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/search/?q=boot").status_code == 200
        return len(caught)

    for number in range(5):
        add_hit(number, title=f"boot {number}")
    queries()  # word frequencies and the like may be looked up once
    few = queries()
    for number in range(5, 25):
        add_hit(number, title=f"boot {number}")
    assert queries() == few


def test_what_others_may_not_see_is_not_found(client, add_person, add_hit, add_folder):
    add_hit(1, title="secret boot")
    client.force_login(add_person("eve", folders=(add_folder("open"),)))
    assert "secret" not in client.get("/search/?q=boot").text
