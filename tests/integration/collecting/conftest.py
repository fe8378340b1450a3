"""People who keep things, and a small library of two folders. Models are imported late."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagsmith.accounts.models import Person
    from tagsmith.assets.models import Asset, Folder


@pytest.fixture
def add(db: None) -> "Callable[[str, str], Person]":
    """Add somebody of a role."""
    from tagsmith.accounts.models import Role
    from tagsmith.accounts.services import add_person

    return lambda name, role: add_person(name, "correct horse battery", Role(role))


@pytest.fixture
def ada(add) -> "Person":
    return add("ada", "viewer")


@pytest.fixture
def eve(add) -> "Person":
    return add("eve", "editor")


@pytest.fixture
def folders(db: None) -> "list[Folder]":
    from tagsmith.assets.models import Folder

    root = Folder.objects.create(name="", folded="", path="")
    return [Folder.objects.create(parent=root, name=name, folded=name, path=name) for name in ("mine", "theirs")]


@pytest.fixture
def assets(folders: "list[Folder]") -> "list[Asset]":
    """Give six assets, by turns in one folder and in the other."""
    from django.utils import timezone

    from tagsmith.assets.models import Asset, State

    return [
        Asset.objects.create(
            folder=folders[number % 2],
            name=f"{number}.jpg",
            folded=f"{number}.jpg",
            content=f"{number:064}",
            size=1,
            modified=timezone.now(),
            state=State.READY,
        )
        for number in range(6)
    ]
