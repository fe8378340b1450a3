"""A library in the test database, with a storage of its own. Models are imported once Django is set up."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from drawings import draw
from tagsmith.assets.local_storage import LocalStorage
from tagsmith.vision.bounds import DecodeLimits
from tagsmith.vision.encoders import read_local_encoder
from tagsmith.vision.session import EncoderSession
from unit.vision.onnx_files import described

if TYPE_CHECKING:
    from tagsmith.accounts.models import Person
    from tagsmith.assets.commit import Ingest
    from tagsmith.assets.ingest import Report
    from tagsmith.audit.services import Actor
    from tagsmith.embeddings.preparation import Preparation


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "data")


@pytest.fixture
def followed() -> list[list[int]]:
    """The ids that the work after an import was asked for, batch by batch."""
    return []


@pytest.fixture
def ingest(storage: LocalStorage, followed: list[list[int]]) -> "Ingest":
    from tagsmith.assets.commit import Ingest

    return Ingest(storage, followed.append)


@pytest.fixture
def actor() -> "Actor":
    from tagsmith.audit.services import Actor

    return Actor(name="Ada")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """An empty folder to be imported."""
    folder = tmp_path / "photos"
    folder.mkdir()
    return folder


@pytest.fixture
def bring(db: None, photos: Path, ingest: "Ingest", actor: "Actor") -> Callable[..., "Report"]:
    """Import `photos` into the folder `in` (or another)."""
    from tagsmith.assets.ingest import import_tree
    from tagsmith.assets.scope import EVERYTHING

    def run(into: str = "in", **options: object) -> "Report":
        return import_tree(EVERYTHING, actor, photos, into, ingest=ingest, **options)

    return run


@pytest.fixture
def put(photos: Path) -> Callable[..., Path]:
    """Write a file below `photos`: bytes, or the drawing of a number."""

    def write(name: str, content: bytes | int = 0) -> Path:
        path = photos / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            draw("disc", content).save(path)
        return path

    return write


@pytest.fixture
def ada(db: None) -> "Person":
    from tagsmith.accounts.models import Person

    return Person.objects.create(username="ada")


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> EncoderSession:
    """A tiny encoder."""
    folder = tmp_path_factory.mktemp("encoder")
    return EncoderSession(read_local_encoder(described(folder)), folder)


@pytest.fixture
def preparation(storage: LocalStorage, session: EncoderSession) -> "Preparation":
    from tagsmith.embeddings.preparation import Preparation
    from tagsmith.embeddings.serving import Encoders

    return Preparation(storage, Encoders("tiny", lambda _: session), DecodeLimits(), threads=2)


@pytest.fixture
def large_jpeg(tmp_path: Path) -> bytes:
    """A photo taken on its side: 1200 by 800 in the file, 800 by 1200 upright."""
    image = draw("disc", 1).resize((1200, 800))
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "large.jpg", exif=exif)
    return (tmp_path / "large.jpg").read_bytes()
