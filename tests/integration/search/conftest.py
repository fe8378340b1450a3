"""A small library that is searched: assets by their metadata, tags of both kinds. Models are imported late."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tagsmith.taxonomy.models import Tag


@pytest.fixture(autouse=True)
def followed() -> Iterator[None]:
    from tagsmith.search.following import follow, unfollow

    follow()
    yield
    unfollow()


@pytest.fixture
def shelf(db: None) -> "Shelf":
    return Shelf()


class Shelf:
    """Makes assets and tags, and searches by names."""

    def __init__(self) -> None:
        from tagsmith.assets.models import Folder
        from tagsmith.embeddings.services import stored_encoder
        from tagsmith.training.models import TagModel, Version

        self.root = Folder.objects.create(name="", folded="", path="")
        model = TagModel.objects.create(title="Poses")
        self.version = Version.objects.create(
            model=model, number=1, encoder=stored_encoder("test", 2), columns=[], content=b"", live=True
        )

    def folder(self, path: str):
        from tagsmith.assets.models import Folder

        folder = self.root
        for step in filter(None, path.split("/")):
            below = f"{folder.path}/{step}" if folder.path else step
            folder, _ = Folder.objects.get_or_create(
                path=below, defaults={"parent": folder, "name": step, "folded": step}
            )
        return folder

    def tag(self, key: str, title: str = "", *synonyms: str, **titles: str) -> "Tag":
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.taxonomy.services import add_synonym, create_tag, set_title

        tag = create_tag(COMMAND_LINE, key, title)
        for language, text in titles.items():
            set_title(COMMAND_LINE, tag, text, language)
        for synonym in synonyms:
            add_synonym(COMMAND_LINE, tag, synonym)
        return tag

    def asset(self, name: str, *, folder: str = "", smart=(), own=(), **fields: object) -> int:
        """Make an asset; `smart` maps tags to thousandths of confidence, `own` are tags that people set."""
        from django.utils import timezone

        from tagsmith.assets.following import FOLLOWERS
        from tagsmith.assets.models import Asset, State
        from tagsmith.tagging.models import SmartTag

        given = {"content": name.rjust(64, "0"), "size": 1, "modified": timezone.now(), "state": State.READY}
        asset = Asset.objects.create(folder=self.folder(folder), name=name, folded=name, **given | fields)
        for tag, confidence in dict(smart).items():
            SmartTag.objects.create(
                asset=asset, tag=tag, version=self.version, confidence=confidence, at=timezone.now()
            )
        self.own(asset.pk, *own)
        FOLLOWERS.changed([asset.pk])
        return asset.pk

    def own(self, asset: int, *tags: "Tag") -> None:
        from tagsmith.assets.following import FOLLOWERS
        from tagsmith.curation.models import HumanTag

        HumanTag.objects.bulk_create(HumanTag(asset_id=asset, tag=tag) for tag in tags)
        FOLLOWERS.changed([asset])

    def find(self, text: str, scope=None, **options: object) -> list[str]:
        """Return the names of the hits, in order."""
        return [hit.asset.name for hit in self.found(text, scope, **options).hits]

    def found(self, text: str, scope=None, **options: object):
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.search.selectors import search

        return search(scope or EVERYTHING, text, **options)
