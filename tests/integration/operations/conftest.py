"""A library of three photos that is as it should be."""

import pytest

from drawings import draw_tree
from tagsmith.assets.local_storage import LocalStorage
from tagsmith.vision.bounds import DecodeLimits
from tagsmith.vision.encoders import read_local_encoder
from tagsmith.vision.session import EncoderSession
from unit.vision.onnx_files import described


@pytest.fixture
def preparation(tmp_path, db):
    from tagsmith.embeddings.preparation import Preparation
    from tagsmith.embeddings.serving import Encoders

    session = EncoderSession(read_local_encoder(described(tmp_path)), tmp_path)
    return Preparation(LocalStorage(tmp_path / "files"), Encoders("tiny", lambda _: session), DecodeLimits(), threads=1)


@pytest.fixture
def sound(preparation, tmp_path):
    """Three assets that are ready, as the paths of their files."""
    from tagsmith.assets.commit import Ingest
    from tagsmith.assets.ingest import import_tree
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.audit.services import COMMAND_LINE

    photos = draw_tree(tmp_path / "photos", ("disc",), 3)
    import_tree(EVERYTHING, COMMAND_LINE, photos, "", ingest=Ingest(preparation.storage, preparation.make_ready))
    return preparation
