"""What is sent compressed, and what is not."""

import gzip
import io
import re
import zipfile
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

pytestmark = pytest.mark.django_db
GZIP = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@pytest.fixture
def viewer(client, add_person):
    person = add_person()
    client.force_login(person)
    return person


@pytest.fixture
def asset(viewer, root, add_asset):
    return add_asset(root)


def test_pages_are_compressed_for_who_can_read_it(client, asset):
    sent = client.get("/library/", headers=GZIP)
    assert sent["Content-Encoding"] == "gzip"
    assert int(sent["Content-Length"]) == len(sent.content)
    assert "Accept-Encoding" in sent["Vary"]
    assert f"/assets/{asset.pk}/" in gzip.decompress(sent.content).decode()
    assert len(sent.content) < len(client.get("/library/").content) / 2


@pytest.mark.parametrize("accepted", [None, "", "br", "gzip;q=0", "identity, gzip; q=0.0"])
def test_pages_and_styles_go_as_they_are_to_who_cannot(client, viewer, accepted):
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    page, styles = client.get("/library/", headers=headers), client.get("/static/web/parts.css", headers=headers)
    assert b"</html>" in page.content
    assert b"".join(styles).startswith(b"/*")
    assert not page.has_header("Content-Encoding")
    assert not styles.has_header("Content-Encoding")
    assert "Accept-Encoding" in styles["Vary"]  # who keeps it for others keeps both


def test_length_of_a_page_does_not_tell_what_is_in_it(client, viewer):
    lengths = {len(client.get("/search/?q=same", headers=GZIP).content) for _ in range(20)}
    assert len(lengths) > 5
    tokens = {re.search(r'CSRFToken": "(\w+)"', client.get("/library/").text)[1] for _ in range(2)}
    assert len(tokens) == 2  # masked anew each time


def test_static_files_of_text_are_compressed_and_kept_for_good(client, viewer):
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/library/").text):
        sent = client.get(address, headers=GZIP)
        name = address.removeprefix("/static/").partition("?")[0]
        assert gzip.decompress(sent.content) == Path(finders.find(name)).read_bytes()
        plain = client.get(address)
        for header in ("Content-Type", "Cache-Control", "ETag", "Last-Modified"):
            assert sent[header] == plain[header]
        assert int(sent["Content-Length"]) == len(sent.content) < int(plain["Content-Length"])


@pytest.mark.parametrize("known", [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")])
def test_static_file_that_is_known_is_not_sent_again(client, known):
    asked, told = known
    sent = client.get("/static/web/parts.css", headers=GZIP)
    again = client.get("/static/web/parts.css", headers={**GZIP, asked: sent[told]})
    assert (again.status_code, b"".join(again)) == (304, b"")
    assert not again.has_header("Content-Encoding")
    assert "Accept-Encoding" in again["Vary"]


def test_part_of_a_static_file_is_a_part_of_the_plain_one(client):
    part = client.get("/static/web/parts.css", headers={**GZIP, "Range": "bytes=0-9"})
    assert (part.status_code, len(b"".join(part))) == (206, 10)
    assert not part.has_header("Content-Encoding")


def test_pictures_are_not_compressed_again_and_known_ones_are_not_sent(client, asset):
    address = re.search(r'src="(/assets/\d+/preview/[^"]*)"', client.get("/library/").text)[1]
    sent = client.get(address, headers=GZIP)
    assert not sent.has_header("Content-Encoding")
    assert sent.streaming
    assert int(sent["Content-Length"]) == len(b"".join(sent))
    assert client.get(address, headers={**GZIP, "If-None-Match": sent["ETag"]}).status_code == 304


def test_downloads_stream_as_they_are(client, asset):
    original = client.get(f"/assets/{asset.pk}/original/", headers=GZIP)
    assert original.streaming
    assert not original.has_header("Content-Encoding")
    assert int(original["Content-Length"]) == asset.size == len(b"".join(original))
    several = client.post("/selection/download/", {"asset": [asset.pk]}, headers=GZIP)
    assert several.streaming
    assert not several.has_header("Content-Encoding")
    assert zipfile.ZipFile(io.BytesIO(b"".join(several))).testzip() is None


def test_parts_of_pages_are_compressed_too_and_short_answers_are_not(client, asset):
    part = client.get("/search/?q=disc", headers={**GZIP, "HX-Request": "true"})
    assert part["Content-Encoding"] == "gzip"
    assert "HX-Request" in part["Vary"]
    assert not client.get("/health/", headers=GZIP).has_header("Content-Encoding")
