"""A selection as one zip."""

import io
import zipfile

import pytest

from tagsmith.assets.download import zip_of
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.errors import LibraryError, NotFoundError

pytestmark = pytest.mark.django_db


@pytest.mark.req("L1e")
def test_zip_holds_the_originals_under_their_names(put, bring, storage):
    files = {name: put(name, number).read_bytes() for number, name in enumerate(("ä.png", "f/A.png", "g/a.png"))}
    bring()
    blocks = list(zip_of(EVERYTHING, list(Asset.objects.values_list("pk", flat=True)), storage))
    with zipfile.ZipFile(io.BytesIO(b"".join(blocks))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "A.png": files["f/A.png"],
            "a (2).png": files["g/a.png"],
            "ä.png": files["ä.png"],
        }


def test_what_is_missing_is_told_before_the_first_block(put, bring, storage):
    put("a.png", 1)
    bring()
    asset = Asset.objects.get()
    with pytest.raises(NotFoundError):
        zip_of(Scope(("other",)), [asset.pk], storage)
    storage.delete(asset.content)
    with pytest.raises(LibraryError, match=r"in/a\.png: its original is missing"):
        zip_of(EVERYTHING, [asset.pk], storage)
