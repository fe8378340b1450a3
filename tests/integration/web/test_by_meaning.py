"""Searching by meaning: a mode of its own, where the encoder reads text; else the page says what to do."""

import html
import re

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from tagsmith.assets.scope import EVERYTHING
from tagsmith.assets.services.trash import trash_assets
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.vision.bounds import DecodeLimits
from tagsmith.vision.encoders import find_encoder
from tagsmith.vision.session import EncoderSession
from tagsmith.web import nearest
from unit.vision.onnx_files import described
from unit.vision.text_files import reading

pytestmark = [pytest.mark.django_db, pytest.mark.req("S7b")]
ADDRESS = "/search/meaning/"
COLOURS = {"red": (230, 30, 20), "green": (20, 220, 40), "blue": (30, 20, 240), "dark": (4, 4, 4)}


@pytest.fixture(autouse=True)
def vera(client, add_person):
    client.force_login(add_person("vera"))


@pytest.fixture
def use(storage, monkeypatch, tmp_path):
    """Let an encoder of a file serve, and return what has loaded it."""
    from tagsmith.embeddings import preparation
    from tagsmith.embeddings.serving import Encoders, let_serve

    def serve(file):
        made = Encoders(str(file), lambda source: EncoderSession(find_encoder(source), tmp_path / "cache"))
        monkeypatch.setattr(preparation, "_current", [preparation.Preparation(storage, made, DecodeLimits())])
        let_serve(made.find(str(file)).encoder)
        return made

    return serve


@pytest.fixture
def file(tmp_path):
    return reading(tmp_path / "encoder")


@pytest.fixture
def encoders(use, file):
    return use(file)


@pytest.fixture
def add_seen(add_asset):
    """Add an asset of a colour, with its vector; what its own picture shows does not matter here."""
    from tagsmith.embeddings.preparation import current
    from tagsmith.embeddings.services import store_vectors

    def add(folder, colour, title="", seed=None):
        number = len(COLOURS) + list(COLOURS).index(colour) if seed is None else seed
        asset = add_asset(folder, f"{title or colour}.png", seed=number, title=title or f"{colour} one")
        serving = current().encoders.serving()
        vector = serving.session.encode(Image.new("RGB", (64, 64), COLOURS[colour]))
        store_vectors(serving.encoder, np.array([asset.pk]), vector[None], {asset.pk: asset.content})
        return asset

    return add


@pytest.fixture
def folder(add_folder):
    return add_folder("travel")


@pytest.fixture
def assets(encoders, folder, add_seen):
    return {colour: add_seen(folder, colour) for colour in COLOURS}


@pytest.fixture
def blind(use, tmp_path):
    """Let an encoder serve that does not read text."""
    (tmp_path / "blind").mkdir()
    return use(described(tmp_path / "blind"))


def shown(page):
    return re.findall(r'class="name" title="[^"]*">([^<]*)<', page)


def words(page):
    return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", page).split()))


def found(client, said, **more):
    return shown(client.get(ADDRESS, {"q": said, **more}).text)


@pytest.mark.parametrize("colour", COLOURS)
def test_phrase_finds_first_what_shows_it_whatever_is_written_of_it(client, assets, colour):
    assert found(client, colour)[0] == f"{colour} one"
    assert len(found(client, colour)) == len(COLOURS)


def test_words_in_titles_do_not_count(client, encoders, folder, add_seen):
    add_seen(folder, "blue", title="a red boat")
    add_seen(folder, "red", title="sunset")
    assert found(client, "red") == ["sunset", "a red boat"]


def test_page_is_labelled_as_a_mode_of_its_own_says_how_to_read_it_and_gives_no_number(client, assets):
    asked = words(client.get(ADDRESS).text)
    assert "Search by meaning" in asked
    assert "Words, tags and titles do not count here" in asked
    answer = client.get(ADDRESS, {"q": "red"}).text
    assert "if nothing shows what you describe, it begins with what comes closest" in words(answer)
    assert "%" not in words(answer)
    assert 'value="red"' in answer


def test_mode_is_offered_on_the_search_page_only_where_the_encoder_reads(client, assets, blind):
    assert ADDRESS not in client.get("/search/").text
    assert ADDRESS not in client.get("/search/?q=red").text


def test_search_page_offers_the_mode_and_takes_words_along(client, assets):
    assert f'href="{ADDRESS}"' in client.get("/search/").text
    assert f'href="{ADDRESS}?q=red+boat"' in client.get("/search/?q=red boat").text
    assert ADDRESS not in client.get("/search/?q=type:png").text


def test_library_that_has_no_encoder_yet_does_not_offer_it_and_finds_nothing(client, root):
    assert ADDRESS not in client.get("/search/").text
    assert "has been prepared yet" in words(client.get(ADDRESS, {"q": "red"}).text)


def test_page_says_that_the_encoder_does_not_read_and_what_to_do(client, blind):
    for address in (ADDRESS, f"{ADDRESS}?q=red"):
        said = words(client.get(address).text)
        assert "The encoder that serves, tiny, does not read text; tagsmith encoders lists those that do" in said
        assert "tagsmith encoder change" in said
        assert "Search by image" in said


@pytest.mark.req("M16b")
def test_page_says_that_an_encoder_that_reads_is_on_its_way(client, blind, file):
    from tagsmith.embeddings.models import EncoderChange

    EncoderChange.objects.create(encoder=blind.find(str(file)).encoder)
    assert "does not read text; colours, which does, is on its way" in words(client.get(ADDRESS).text)
    assert ADDRESS not in client.get("/search/").text


@pytest.mark.req("M16b")
def test_encoder_that_reads_serves_on_until_another_takes_over_and_then_the_page_says_so(client, assets, use, tmp_path):
    from tagsmith.embeddings.models import EncoderChange
    from tagsmith.embeddings.preparation import current
    from tagsmith.embeddings.serving import let_serve

    (tmp_path / "blind").mkdir()
    coming = current().encoders.find(str(described(tmp_path / "blind"))).encoder
    EncoderChange.objects.create(encoder=coming)
    assert found(client, "red")[0] == "red one"
    let_serve(coming)
    assert "does not read text" in words(client.get(ADDRESS, {"q": "red"}).text)


@pytest.mark.parametrize("said", ["", "   "])
def test_empty_phrase_is_asked_for(client, assets, said):
    answer = client.get(ADDRESS, {"q": said})
    assert (answer.status_code, shown(answer.text)) == (200, [])
    assert "Say what the images are to show" in words(answer.text)


def test_long_phrase_is_said_to_be_cut(client, assets):
    assert "Only the beginning was read" not in client.get(ADDRESS, {"q": "red green"}).text
    page = client.get(ADDRESS, {"q": "red " * 20}).text
    assert "Only the beginning was read" in page
    assert shown(page)[0] == "red one"
    assert client.get(ADDRESS, {"q": "red" * 5000}).status_code == 200


def test_library_without_vectors_says_so(client, encoders, folder, add_asset):
    add_asset(folder)
    assert "No image that you may see has been prepared yet" in words(client.get(ADDRESS, {"q": "red"}).text)


def test_missing_text_network_is_named_keeps_what_was_typed_and_images_are_still_searched(
    client, file, assets, encoders
):
    (file.parent / "text.onnx").unlink()
    page = client.get(ADDRESS, {"q": "red boat"}).text
    assert f"{file.parent}/text.onnx: no such file" in words(page)
    assert 'value="red boat"' in page
    assert len(shown(client.get(f"/search/image/?asset={assets['red'].pk}").text)) == 3


def test_text_half_that_was_not_downloaded_is_named_with_the_command_and_nothing_is_downloaded(
    client, assets, encoders, monkeypatch
):
    session = encoders.serving().session
    monkeypatch.setattr(type(session), "must_download_to_read", True)
    monkeypatch.setattr(session, "read", lambda _: pytest.fail("it was downloaded"))
    said = words(client.get(ADDRESS, {"q": "red"}).text)
    assert "The half of colours that reads text is not on this machine yet: `tagsmith encoder download`" in said


@pytest.mark.req("S7c", "A1a")
def test_what_somebody_may_not_see_and_what_is_in_the_trash_is_not_found(
    client, assets, add_person, add_folder, add_seen
):
    own = add_folder("own")
    add_seen(own, "green", title="mine", seed=50)
    trashed = add_seen(own, "red", title="gone", seed=51)
    trash_assets(EVERYTHING, COMMAND_LINE, [trashed.pk])
    client.force_login(add_person("ed", folders=(own,)))
    assert found(client, "red") == ["mine"]


def test_pages_follow_each_other_by_address_and_end(client, assets, monkeypatch):
    monkeypatch.setattr(nearest, "SIZE", 1)
    monkeypatch.setattr(nearest, "PAGES", 3)
    address, seen = f"{ADDRESS}?q=red", []
    while address:
        page = client.get(address).text
        seen += shown(page)
        onward = re.search(r'href="([^"]+)" rel="next"', page)
        address = ADDRESS + html.unescape(onward[1]) if onward else None
    assert (seen[0], len(seen), len(set(seen))) == ("red one", 3, 3)
    assert "These are the 3 that come closest" in page


def test_number_of_queries_does_not_grow_with_hits(client, assets, folder, add_seen):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(ADDRESS, {"q": "red"}).status_code == 200
        return len(caught)

    few = queries()
    for seed in range(20, 30):
        add_seen(folder, "blue", title=f"blue {seed}", seed=seed)
    assert queries() == few


def test_what_is_typed_is_shown_as_text(client, assets):
    assert "<script>x" not in client.get(ADDRESS, {"q": "<script>x"}).text
