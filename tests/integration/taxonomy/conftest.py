"""An actor, short ways to make and see tags, and a stage that refers to them.

What needs Django is imported where it is used: this file is read before Django is set up.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

if TYPE_CHECKING:
    from tagsmith.audit.services import Actor
    from tagsmith.taxonomy.models import Tag


class Pictures:
    """Pictures that show tags, by the rows of these."""

    kind = "pictures"

    def __init__(self) -> None:
        self.shown: dict[int, list[str]] = {}
        self.hidden: dict[int, list[str]] = {}
        self.renamed: list[int] = []

    def count(self, tag_ids: Sequence[int]) -> int:
        return len(self._of(tag_ids))

    def examples(self, tag_ids: Sequence[int], limit: int) -> list[str]:
        return self._of(tag_ids)[:limit]

    def merged(self, source_id: int, target_id: int, unit: UUID) -> None:
        self.shown.setdefault(target_id, []).extend(self.shown.pop(source_id, []))

    def deleted(self, tag_ids: Sequence[int], unit: UUID) -> None:
        self.hidden.update({tag: self.shown.pop(tag) for tag in tag_ids if tag in self.shown})

    def restored(self, tag_ids: Sequence[int], unit: UUID) -> None:
        self.shown.update({tag: self.hidden.pop(tag) for tag in tag_ids if tag in self.hidden})

    def reworded(self, tag_ids: Sequence[int]) -> None:
        self.renamed.extend(tag_ids)

    def blocked(self, tag_ids: Sequence[int], unit: UUID) -> None:
        self.deleted(tag_ids, unit)

    def unblocked(self, tag_ids: Sequence[int], unit: UUID) -> None:
        self.restored(tag_ids, unit)

    def in_use(self) -> set[int]:
        return set(self.shown)

    def _of(self, tag_ids: Sequence[int]) -> list[str]:
        return [name for tag in tag_ids for name in self.shown.get(tag, [])]


@pytest.fixture
def actor() -> "Actor":
    from tagsmith.audit.services import Actor

    return Actor(name="test")


@pytest.fixture
def make(actor: "Actor") -> Callable[..., list["Tag"]]:
    """Make tags by their keys."""
    from tagsmith.taxonomy.services import create_tag

    return lambda *keys: [create_tag(actor, key) for key in keys]


@pytest.fixture
def keys() -> Callable[[], list[str]]:
    """Say which tags there are."""
    from tagsmith.taxonomy.selectors import live_tags

    return lambda: list(live_tags().values_list("key", flat=True))


@pytest.fixture
def pictures() -> Iterator[Pictures]:
    from tagsmith.taxonomy.references import REFERENCES

    references = Pictures()
    REFERENCES.register(references)
    yield references
    REFERENCES.unregister(references.kind)
