"""One file by upload."""

import io

import pytest

from tagsmith.assets.adoption import Policy
from tagsmith.assets.commit import Duplicate
from tagsmith.assets.ingest import upload
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.services.folders import create_folder
from tagsmith.errors import LibraryError, NotFoundError

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(actor, ingest):
    folder = create_folder(EVERYTHING, actor, "in")

    def run(name, content, scope=EVERYTHING, **options):
        return upload(scope, actor, folder.pk, name, io.BytesIO(content), ingest=ingest, **options)

    return run


@pytest.mark.req("L2b")
def test_same_name_is_kept_beside_or_replaced(send):
    first = send("a.jpg", b"one")
    assert send("a.jpg", b"one").is_unchanged
    second = send("a.jpg", b"two")
    assert Asset.objects.get(pk=second.asset_id).name == "a (2).jpg"
    assert send("a.jpg", b"three", on_same=Policy.REPLACE).asset_id == first.asset_id


@pytest.mark.req("L2c")
def test_duplicate_is_told(send, followed):
    first = send("a.jpg", b"one")
    second = send("b.jpg", b"one")
    assert second.duplicates == [Duplicate("in/b.jpg", "in/a.jpg")]
    assert followed == [[first.asset_id], [second.asset_id]]


def test_wrong_name_or_place_is_refused(send):
    with pytest.raises(LibraryError):
        send("a/b.jpg", b"one")
    with pytest.raises(NotFoundError):
        send("a.jpg", b"one", scope=Scope(("other",)))
