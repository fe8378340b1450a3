import io
import re

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from drawings import draw
from tagsmith.assets.scope import EVERYTHING
from tagsmith.assets.services.trash import trash_assets
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.embeddings import seeing
from tagsmith.errors import EncoderError
from tagsmith.vision.bounds import DecodeLimits
from tagsmith.vision.encoders import read_local_encoder
from tagsmith.vision.session import EncoderSession
from tagsmith.web import asked_images, nearest
from unit.vision.onnx_files import described

pytestmark = pytest.mark.django_db
ADDRESS = "/search/image/"


@pytest.fixture(autouse=True)
def vera(client, add_person):
    client.force_login(add_person("vera"))


@pytest.fixture(scope="session")
def session(tmp_path_factory):
    folder = tmp_path_factory.mktemp("encoder")
    return EncoderSession(read_local_encoder(described(folder)), folder)


@pytest.fixture(autouse=True)
def encoders(db, storage, session, monkeypatch):
    """Let a tiny encoder serve."""
    from tagsmith.embeddings import preparation
    from tagsmith.embeddings.serving import Encoders

    made = preparation.Preparation(storage, Encoders("tiny", lambda _: session), DecodeLimits())
    monkeypatch.setattr(preparation, "_current", [made])
    return made.encoders


@pytest.fixture
def add_seen(add_asset, encoders, session):
    """Add a drawing, of one disc or several, with its vector."""
    from tagsmith.embeddings.services import store_vectors

    def add(folder, seed, **fields):
        asset = add_asset(folder, f"{seed}.png", seed=seed, title=f"disc {seed}", **fields)
        vector = session.encode(draw("disc", seed))
        store_vectors(encoders.encoder(), np.array([asset.pk]), vector[None], {asset.pk: asset.content})
        return asset

    return add


@pytest.fixture
def folder(add_folder):
    return add_folder("travel")


@pytest.fixture
def assets(folder, add_seen):
    return [add_seen(folder, seed) for seed in range(6)]


def picture(seed=3, name="mine.png"):
    file = io.BytesIO()
    draw("disc", seed).save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue())


def ask(client, file):
    answer = client.post(ADDRESS, {"file": file})
    assert answer.status_code == 302, answer.text
    return answer.url


def shown(page):
    return re.findall(r'class="name" title="[^"]*">([^<]*)<', page)


def words(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@pytest.mark.req("S7a")
def test_mode_says_what_it_does_and_that_the_image_is_not_kept(client):
    page = client.get(ADDRESS).text
    assert "Search by image" in page
    assert "Words, tags and titles do not count here" in page
    assert "not kept" in page


@pytest.mark.req("S7a", "S7c")
def test_image_that_is_sent_finds_what_looks_like_it_the_most_alike_first_in_words_and_number(client, assets, session):
    page = client.get(ask(client, picture())).text
    vectors = np.stack([session.encode(draw("disc", seed)) for seed in range(6)]).astype(np.float16).astype(float)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    order = np.argsort(-(vectors @ vectors[3]), kind="stable")
    assert shown(page)[0] == "disc 3"
    assert shown(page) == [f"disc {seed}" for seed in order]
    assert "mine.png" in page
    assert re.search(r"disc 3 nearly the same · 100 %", words(page))


@pytest.mark.req("S7a")
def test_page_can_be_reloaded_and_neither_image_nor_asset_was_made(client, assets, storage):
    from tagsmith.assets.models import Asset

    address = ask(client, picture(seed=40))
    assert shown(client.get(address).text) == shown(client.get(address).text)
    assert Asset.objects.count() == len(assets)
    kept = {path.name for path in storage.path("0" * 64).parents[2].rglob("*") if path.is_file()}
    assert len([name for name in kept if len(name) == 64]) == len(assets)


@pytest.mark.req("S7e")
def test_asset_finds_what_looks_like_it_without_itself(client, assets):
    page = client.get(f"{ADDRESS}?asset={assets[3].pk}").text
    assert "What looks like disc 3" in page
    assert sorted(shown(page)) == [f"disc {seed}" for seed in (0, 1, 2, 4, 5)]
    assert f"{ADDRESS}?asset={assets[3].pk}" in client.get(f"/assets/{assets[3].pk}/alike/").text


@pytest.mark.req("S7c", "A1a")
def test_what_somebody_may_not_see_and_what_is_in_the_trash_is_not_found(
    client, assets, add_person, add_folder, add_seen
):
    own = add_folder("own")
    mine = add_seen(own, 3, rights="copied")
    trashed = add_seen(own, 9)
    trash_assets(EVERYTHING, COMMAND_LINE, [trashed.pk])
    client.force_login(add_person("ed", folders=(own,)))
    assert shown(client.get(ask(client, picture())).text) == ["disc 3"]
    assert client.get(f"{ADDRESS}?asset={assets[3].pk}").status_code == 404
    assert shown(client.get(f"{ADDRESS}?asset={mine.pk}").text) == []


@pytest.mark.req("S7d")
@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("notes.jpg", b"no picture", "notes.jpg cannot be used: not an image that Tagsmith reads"),
        ("cut.png", picture().read()[:300], "cut.png cannot be used: truncated"),
        ("empty.png", b"", "empty.png cannot be used: empty file"),
    ],
)
def test_file_that_cannot_be_used_is_named_with_the_reason(client, assets, name, content, reason):
    answer = client.post(ADDRESS, {"file": SimpleUploadedFile(name, content)})
    assert reason in words(answer.text)
    assert asked_images.KEY not in client.session


@pytest.mark.req("S7d")
def test_file_that_is_too_large_is_refused_with_the_limit(client, assets, monkeypatch):
    monkeypatch.setattr(seeing, "MOST_PIXELS", 10_000)
    assert "the limit is 10,000" in client.post(ADDRESS, {"file": picture()}).text
    monkeypatch.setattr(seeing, "MOST_BYTES", 100)
    assert "the limit is 100" in client.post(ADDRESS, {"file": picture()}).text


@pytest.mark.req("S7d")
def test_no_file_and_an_encoder_that_cannot_be_had_are_said_in_words(client, assets, encoders, monkeypatch):
    assert "Choose an image." in client.post(ADDRESS).text

    def gone():
        raise EncoderError("its weights are gone")

    monkeypatch.setattr(encoders, "serving", gone)
    assert "its weights are gone" in client.post(ADDRESS, {"file": picture()}).text


def test_large_file_is_seen_from_where_django_put_it(client, assets, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    assert shown(client.get(ask(client, picture())).text)[0] == "disc 3"


@pytest.mark.req("S7a")
def test_image_of_another_encoder_or_session_and_one_too_many_is_to_be_chosen_again(
    client, assets, encoders, monkeypatch
):
    first = ask(client, picture())
    later = [ask(client, picture(seed)) for seed in range(asked_images.KEPT)]
    answer = client.get(first)
    assert (answer.status_code, "choose it again" in answer.text) == (404, True)
    assert client.get(later[0]).status_code == 200
    from tagsmith.embeddings.services import stored_encoder
    from tagsmith.embeddings.serving import let_serve

    let_serve(stored_encoder("other", 4))
    assert client.get(later[0]).status_code == 404
    client.logout()
    assert client.get(later[0]).status_code == 302


@pytest.mark.req("S7c")
def test_pages_follow_each_other_and_end(client, assets, monkeypatch):
    monkeypatch.setattr(nearest, "SIZE", 2)
    monkeypatch.setattr(nearest, "PAGES", 2)
    address, seen = ask(client, picture()), []
    whole = shown(client.get(address).text)
    while address:
        page = client.get(address).text
        seen += shown(page)
        onward = re.search(r'href="([^"]+)" rel="next"', page)
        address = ADDRESS + onward[1].replace("&amp;", "&") if onward else None
    assert len(seen) == len(set(seen)) == 4
    assert seen[:2] == whole
    assert "These are the 4 most alike" in page


@pytest.mark.parametrize("query", ["asset=x", "asset=", "asset=1&after=x"])
def test_what_is_no_number_is_refused(client, root, query):
    assert client.get(f"{ADDRESS}?{query}").status_code in {400, 404}


def test_library_without_vectors_says_that_there_is_nothing_to_compare_with(client, folder, add_asset):
    asset = add_asset(folder)
    assert "There is nothing to compare it with" in client.get(f"{ADDRESS}?asset={asset.pk}").text


def test_number_of_queries_does_not_grow_with_hits(client, assets, folder, add_seen):
    def queries(address):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    address = ask(client, picture())
    few = queries(address)
    for seed in range(10, 30):
        add_seen(folder, seed)
    assert queries(address) == few
