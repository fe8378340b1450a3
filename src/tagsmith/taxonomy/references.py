"""The port to later stages: what hangs on a tag, and what happens to it when tags are merged, deleted, restored.

Later stages implement `TagReferences`; `config` registers them. This room never names them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class TagReferences(Protocol):
    """One kind of thing that refers to tags. The writing methods run inside the change's transaction."""

    @property
    def kind(self) -> str:
        """What these are, in the plural, as people read it: `smart tags`."""

    def count(self, tag_ids: Sequence[int]) -> int:
        """Return how many refer to any of the tags."""

    def examples(self, tag_ids: Sequence[int], limit: int) -> list[str]:
        """Return the names of a few of them."""

    def merged(self, source_id: int, target_id: int, unit: UUID) -> None:
        """Let what referred to the source refer to the target; `unit` names the change in logs."""

    def deleted(self, tag_ids: Sequence[int], unit: UUID) -> None:
        """Put aside what refers to the tags, so that it can come back; `unit` names the deletion."""

    def restored(self, tag_ids: Sequence[int], unit: UUID) -> None:
        """Bring back what `deleted` put aside under this name."""

    def reworded(self, tag_ids: Sequence[int]) -> None:
        """Learn that the tags have other words, or stand elsewhere in the tree."""

    def blocked(self, tag_ids: Sequence[int], unit: UUID) -> None:
        """Put aside what machines gave of the tags, so that it can come back; `unit` names the blocking."""

    def unblocked(self, tag_ids: Sequence[int], unit: UUID) -> None:
        """Bring back what `blocked` put aside of these tags under this name."""

    def in_use(self) -> set[int]:
        """Return the tags that any of these refer to."""


class Bystander:
    """What a kind does where nothing is to be done: rows that know tags by id need not hear of most changes."""

    def merged(self, source_id: int, target_id: int, unit: UUID) -> None:
        """Do nothing."""

    def deleted(self, tag_ids: Sequence[int], unit: UUID) -> None:
        """Do nothing."""

    def restored(self, tag_ids: Sequence[int], unit: UUID) -> None:
        """Do nothing."""

    def reworded(self, tag_ids: Sequence[int]) -> None:
        """Do nothing."""

    def blocked(self, tag_ids: Sequence[int], unit: UUID) -> None:
        """Do nothing."""

    def unblocked(self, tag_ids: Sequence[int], unit: UUID) -> None:
        """Do nothing."""

    def in_use(self) -> set[int]:
        """Return nothing."""
        return set()


@dataclass(frozen=True)
class Reference:
    """How many things of one kind refer to some tags, and the names of a few."""

    kind: str
    count: int
    examples: tuple[str, ...]


class ReferenceRegistry:
    """The kinds of references that this installation has, in the order of their registration."""

    def __init__(self) -> None:
        self._kinds: list[TagReferences] = []

    def register(self, references: TagReferences) -> None:
        """Add a kind; a second one of the same name takes the first one's place."""
        self.unregister(references.kind)
        self._kinds.append(references)

    def unregister(self, kind: str) -> None:
        """Forget a kind, if it is known."""
        self._kinds = [known for known in self._kinds if known.kind != kind]

    def collect(self, tag_ids: Sequence[int], limit: int) -> list[Reference]:
        """Return what refers to any of the tags, without the kinds that do not."""
        counted = [(kind, kind.count(tag_ids)) for kind in self._kinds]
        return [
            Reference(kind.kind, count, tuple(kind.examples(tag_ids, limit))) for kind, count in counted if count > 0
        ]

    def merged(self, source_id: int, target_id: int, unit: UUID) -> None:
        """Tell every kind of a merge."""
        for kind in self._kinds:
            kind.merged(source_id, target_id, unit)

    def deleted(self, tag_ids: Sequence[int], unit: UUID) -> None:
        """Tell every kind of a deletion."""
        for kind in self._kinds:
            kind.deleted(tag_ids, unit)

    def restored(self, tag_ids: Sequence[int], unit: UUID) -> None:
        """Tell every kind of a restoration."""
        for kind in self._kinds:
            kind.restored(tag_ids, unit)

    def reworded(self, tag_ids: Sequence[int]) -> None:
        """Tell every kind of other words or another place."""
        for kind in self._kinds:
            kind.reworded(tag_ids)

    def blocked(self, tag_ids: Sequence[int], unit: UUID) -> None:
        """Tell every kind that machines may give the tags no more."""
        for kind in self._kinds:
            kind.blocked(tag_ids, unit)

    def unblocked(self, tag_ids: Sequence[int], unit: UUID) -> None:
        """Tell every kind that machines may give the tags again."""
        for kind in self._kinds:
            kind.unblocked(tag_ids, unit)

    def in_use(self) -> set[int]:
        """Return the tags that anything refers to."""
        return set().union(*(kind.in_use() for kind in self._kinds))


REFERENCES = ReferenceRegistry()
