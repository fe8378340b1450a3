"""Who must know when what is written about an asset has changed: later stages, which `config` registers here."""

from collections.abc import Callable, Sequence

Follower = Callable[[Sequence[int]], None]


class Followers:
    """Those who keep something that is made from assets' metadata and from the tags that people set."""

    def __init__(self) -> None:
        self._known: dict[str, Follower] = {}

    def register(self, name: str, follower: Follower) -> None:
        """Add one; a second one of the same name takes the first one's place."""
        self._known[name] = follower

    def unregister(self, name: str) -> None:
        """Forget one, if it is known."""
        self._known.pop(name, None)

    def changed(self, asset_ids: Sequence[int]) -> None:
        """Tell all of them, in the transaction that changes the assets."""
        if asset_ids:
            for follower in self._known.values():
                follower(asset_ids)


FOLLOWERS = Followers()
