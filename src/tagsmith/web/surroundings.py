"""What the pages need besides the database; given once, where the program is put together."""

from dataclasses import dataclass

from tagsmith.assets.storage import Storage


@dataclass(frozen=True)
class Surroundings:
    """Where originals and renditions lie."""

    storage: Storage


_current: list[Surroundings] = []


def configure(surroundings: Surroundings) -> None:
    """Say once what the pages work with."""
    _current[:] = [surroundings]


def storage() -> Storage:
    """Return where originals and renditions lie."""
    return _current[0].storage
