"""Whether assets are ready yet: for whoever has brought them in and waits."""

from collections import deque
from collections.abc import Iterable

from tagsmith.assets.models import Asset, State

LOOK = 1000  # assets at a time; they are made ready about in the order in which they came


class Waiting:
    """Assets that are to become ready, or to fail; asking costs the same however many there are."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self._open: deque[int] = deque()

    def add(self, ids: Iterable[int]) -> None:
        """Wait for these too."""
        fresh = list(ids)
        self.ids += fresh
        self._open += fresh

    def look(self) -> int:
        """Return for how many the wait goes on."""
        while head := [self._open.popleft() for _ in range(min(LOOK, len(self._open)))]:
            new = set(Asset.objects.filter(pk__in=head, state=State.NEW).values_list("pk", flat=True))
            self._open.extendleft(pk for pk in reversed(head) if pk in new)
            if new:
                break
        return len(self._open)

    def failed(self) -> list[Asset]:
        """Return those that could not be read, with their folders."""
        found: list[Asset] = []
        for start in range(0, len(self.ids), LOOK):
            rows = Asset.objects.filter(pk__in=self.ids[start : start + LOOK], state=State.FAILED)
            found += rows.select_related("folder").order_by("pk")
        return found
