"""The pages as a browser gets them, of a library in the test database with a storage of its own."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from drawings import draw
from tagsmith.assets.local_storage import LocalStorage

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tagsmith.accounts.models import Person
    from tagsmith.assets.models import Asset, Folder

PASSWORD = "correct horse battery"
Add = Callable[..., "Person"]


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[LocalStorage]:
    """Give the storage that the pages work with during the test."""
    from tagsmith.web import surroundings

    before = list(surroundings._current)
    surroundings.configure(surroundings.Surroundings(LocalStorage(tmp_path / "files")))
    yield surroundings.storage()
    surroundings._current[:] = before


@pytest.fixture(autouse=True)
def training_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let trainings know their limits and, when first asked, an encoder."""
    from tagsmith.embeddings.services import stored_encoder
    from tagsmith.learning.examples import Limits
    from tagsmith.training import jobs
    from tagsmith.training.learn import TrainingSettings

    settings = lambda: TrainingSettings(stored_encoder("test", 64), "test", Limits())  # noqa: E731
    monkeypatch.setattr(jobs, "_current", [settings])


@pytest.fixture
def add_person(db: None) -> Add:
    """Add somebody; with folders, they may see those alone."""
    from tagsmith.accounts import services
    from tagsmith.accounts.models import Role
    from tagsmith.assets.models import FolderGrant

    def add(username: str = "ada", role: str = "viewer", folders: "tuple[Folder, ...]" = ()) -> "Person":
        person = services.add_person(username, PASSWORD, Role(role))
        for folder in folders:
            FolderGrant.objects.create(folder=folder, person=person)
        return person

    return add


class Browser(Client):
    """Remembers the answers, as files that are sent stay open until they are read or closed."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = []

    def request(self, **request: object) -> "HttpResponse":
        self.answers.append(super().request(**request))
        return self.answers[-1]


@pytest.fixture
def client() -> Iterator[Browser]:
    browser = Browser()
    yield browser
    for answer in browser.answers:
        answer.close()


@pytest.fixture
def root(db: None) -> "Folder":
    from tagsmith.assets.models import Folder

    return Folder.objects.create(name="", path="")


@pytest.fixture
def add_folder(root: "Folder") -> "Callable[[str], Folder]":
    from tagsmith.assets.models import Folder

    def add(name: str, parent: "Folder" = root) -> "Folder":
        path = f"{parent.path}/{name}" if parent.path else name
        return Folder.objects.create(name=name, folded=name, path=path, parent=parent)

    return add


@pytest.fixture
def add_asset(storage: LocalStorage) -> "Callable[..., Asset]":
    """Add a drawing as an asset that is ready."""
    from django.utils import timezone

    from tagsmith.assets.models import Asset, State
    from tagsmith.assets.prepare import RENDITION

    def add(folder: "Folder", name: str = "disc.png", seed: int = 0, **fields: object) -> "Asset":
        picture = draw("disc", seed)
        original, rendition = io.BytesIO(), io.BytesIO()
        picture.save(original, "PNG")
        picture.save(rendition, "WEBP")
        original.seek(0)
        stored = storage.put(original)
        storage.put_rendition(stored.sha256, RENDITION, rendition.getvalue())
        return Asset.objects.create(
            folder=folder,
            name=name,
            folded=name,
            content=stored.sha256,
            size=stored.size,
            modified=timezone.now(),
            state=State.READY,
            format="PNG",
            width=picture.width,
            height=picture.height,
            **fields,
        )

    return add
