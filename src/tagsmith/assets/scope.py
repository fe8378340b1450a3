"""What a caller may see: the first argument of everything that lists, counts, suggests or finds."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from tagsmith.assets.models import Asset, Folder


@dataclass(frozen=True)
class Scope:
    """The folder subtrees that a caller may see, by path; None stands for everything.

    `person` is the number of whoever it is, if it is somebody: what people keep for themselves is found for them alone.
    """

    paths: tuple[str, ...] | None = None
    person: int | None = None

    def folders(self, folders: QuerySet[Folder]) -> QuerySet[Folder]:
        """Return those of the folders that the caller may see."""
        return folders if self.paths is None else folders.filter(self._within("path"))

    def assets(self, assets: QuerySet[Asset]) -> QuerySet[Asset]:
        """Return those of the assets that the caller may see."""
        return assets if self.paths is None else assets.filter(self._within("folder__path"))

    def covers(self, path: str) -> bool:
        """Whether the caller may see the folder of this path."""
        return self.paths is None or any(is_within(path, top) for top in self.paths)

    def tops(self) -> tuple[str, ...]:
        """Return the paths that lie below no other; none of a full scope."""
        paths = set(self.paths or ())
        return tuple(sorted(one for one in paths if not any(is_within(one, top) for top in paths - {one})))

    def _within(self, field: str) -> Q:
        within = Q(pk__in=())
        for path in self.tops():
            within |= Q(**{field: path}) | Q(**{f"{field}__startswith": f"{path}/" if path else ""})
        return within


EVERYTHING = Scope()


def is_within(path: str, top: str) -> bool:
    """Whether `path` is `top` or lies below it."""
    return not top or path == top or path.startswith(f"{top}/")
