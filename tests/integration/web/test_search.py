import re
from datetime import UTC, datetime
from urllib.parse import quote, unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tagsmith.assets.models import Asset
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.embeddings.services import stored_encoder
from tagsmith.search.services import index
from tagsmith.tagging.models import SmartTag
from tagsmith.taxonomy.services import add_synonym, create_tag
from tagsmith.training.models import TagModel, Version
from tagsmith.web import facets
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


@pytest.mark.req("S5c")
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


@pytest.mark.req("S5c")
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
    for page in (client.get("/search/").text, client.get("/search/?q=zebra").text):
        assert "What can be searched for" in page
    assert "Nothing was found" in page
    add_hit(1, title="boot")
    assert "What can be searched for" not in client.get("/search/?q=boot").text


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


def links(page):
    """Return where the choices of a panel lead: the search, by name and count."""
    found = re.findall(r'class="choice[^"]*" href="([^"]+)".*?</a>', page, re.DOTALL)
    texts = [words(one) for one in re.findall(r'(<a class="choice.*?</a>)', page, re.DOTALL)]
    return dict(zip(texts, (unquote(one.partition("?q=")[2]) for one in found), strict=True))


@pytest.mark.req("S5d")
def test_panel_leads_to_the_search_with_and_without_each_value(client, add_hit):
    for number, captured in enumerate((datetime(2023, 5, 1, tzinfo=UTC), datetime(2024, 5, 1, tzinfo=UTC))):
        add_hit(number, title="boot", captured=captured)
    panel = client.get("/search/facets/", {"q": "Boot"}).text
    assert links(panel) == {"2024 1": "Boot created:2024", "2023 1": "Boot created:2023"}
    assert client.get("/search/", {"q": "Boot created:2024"}).text.count('class="thumb"') == 1
    narrowed = client.get("/search/facets/", {"q": "Boot created:2024-05"}).text
    assert links(narrowed) == {"May 2024 , chosen; take it away 1": "Boot"}
    assert 'aria-current="true"' in narrowed


@pytest.mark.req("S5d")
def test_what_narrows_the_search_is_shown_and_can_be_taken_away(client, add_hit):
    add_hit(1, title="boot")
    page = client.get("/search/", {"q": 'boot type:png -hat title:"boot"'}).text
    assert re.findall(r'aria-label="Without ([^"]+)"', page) == ["type:png", "-hat", "title:&quot;boot&quot;"]
    assert f'href="/search/?q={quote("boot -hat title:", safe="")}%22boot%22"' in page


@pytest.mark.req("S5d")
def test_panel_says_over_how_many_it_counted(client, add_hit, monkeypatch):
    monkeypatch.setattr("tagsmith.search.facets.COUNTED", 2)
    for number in range(3):
        add_hit(number, title="boot", captured=datetime(2023 + number, 5, 1, tzinfo=UTC))
    assert "Counted over the newest 2 of these assets." in client.get("/search/facets/?q=boot").text


def test_values_beyond_the_first_are_folded(client, add_hit, monkeypatch):
    monkeypatch.setattr(facets, "FIRST", 2)
    for number in range(4):
        add_hit(number, title="boot", captured=datetime(2020 + number, 5, 1, tzinfo=UTC))
    panel = client.get("/search/facets/?q=boot").text
    assert "2 more" in words(panel)
    assert panel.index("2022") < panel.index("<details>") < panel.index("2021")


@pytest.mark.req("S5a")
def test_ranges_and_dates_are_named_in_words(client, add_hit):
    for number, width in enumerate((500, 1500, 5000)):
        asset = add_hit(number, title="boot")
        Asset.objects.filter(pk=asset.pk).update(width=width, height=1000 if width > 500 else 500)
    panel = words(client.get("/search/facets/?q=boot").text)
    for said in ("up to 999 px 1", "1,000 to 1,999 px 1", "4,000 px and more 1", "Landscape 2", "Square 1"):
        assert said in panel


@pytest.mark.req("S5a")
def test_nothing_that_others_may_not_see_is_counted_or_suggested(client, add_person, add_hit, add_folder):
    add_hit(1, title="secret boot")
    client.force_login(add_person("eve", folders=(add_folder("open"),)))
    assert links(client.get("/search/facets/?q=boot").text) == {}
    assert "boot" not in words(client.get("/search/suggestions/?q=secr").text)


@pytest.mark.req("S6a")
def test_suggestions_are_options_with_the_search_they_lead_to(client, add_hit):
    add_hit(1, title='A "red" boot & more')
    tag = create_tag(COMMAND_LINE, "boot", "Boot")
    add_synonym(COMMAND_LINE, tag, "Wellington")
    page = client.get("/search/suggestions/?q=boo").text
    assert re.findall(r'data-search="([^"]+)"', page) == ["tags:Boot", "title:&quot;A red boot &amp; more&quot;"]
    assert "2 suggestions; arrow keys choose" in page
    assert words(client.get("/search/suggestions/?q=well").text).startswith("Boot Wellington Tag")
    assert "option" not in client.get("/search/suggestions/?q=").text


def test_panel_and_suggestions_take_a_constant_number_of_queries(client, add_hit):
    def queries(address):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    for number in range(3):
        add_hit(number, title=f"boot {number}")
    pages = ("/search/facets/?q=boot", "/search/suggestions/?q=boo")
    few = [queries(page) for page in (*pages, *pages)][2:]
    for number in range(3, 20):
        add_hit(number, title=f"boot {number}")
    assert [queries(page) for page in pages] == few


@pytest.mark.parametrize("page", ["/search/", "/search/facets/", "/search/suggestions/"])
@pytest.mark.parametrize("text", ["\0", '"', "-", "tags:", "width:", "a" * 5000, "(" * 500, "title:" * 200])
def test_any_text_is_answered(client, add_hit, page, text):
    add_hit(1, title="boot")
    assert client.get(page, {"q": text}).status_code == 200
