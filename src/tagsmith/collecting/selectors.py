"""Reading what people keep: what a person sees of it, and of what is in a collection, what their `Scope` shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import StrIndex

from tagsmith.accounts.models import Person, Role
from tagsmith.assets.cursor import Cursor
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.selectors.assets import Page, get_asset, live_assets
from tagsmith.assets.selectors.folders import live_folders
from tagsmith.collecting.models import Collection, Kept, Picked, SavedSearch
from tagsmith.collecting.naming import folded
from tagsmith.errors import LibraryError, NotFoundError

SHOWN, COVERS, SUGGESTED = 24, 4, 8
MANY = 1000  # assets; of a collection in a list, it is only said that there are more
K = TypeVar("K", bound=Kept)


@dataclass(frozen=True)
class Kepts(Generic[K]):
    """Some saved searches or collections, those changed last first, and the word that asks for the next ones."""

    rows: Sequence[K]
    after: str


@dataclass(frozen=True)
class Shelf:
    """A collection as a list shows it: how many of its assets the caller sees, and the first of them.

    The count is one more than `MANY` where there are more.
    """

    collection: Collection
    count: int
    covers: list[Asset]

    @property
    def is_many(self) -> bool:
        """Whether there are more than are counted."""
        return self.count > MANY


class _Length(Func):
    function = "cardinality"
    output_field = IntegerField()


def saved_searches(person: Person, *, after: str = "", size: int = SHOWN) -> Kepts[SavedSearch]:
    """Return a page of the saved searches that a person sees."""
    return _page(_seen(SavedSearch, person), after, size)


def saved_searches_like(person: Person, text: str, size: int = SUGGESTED) -> list[SavedSearch]:
    """Return saved searches with this in their name, those that begin with it first, for whoever is typing."""
    typed = folded(text)
    if not typed:
        return []
    rows = _seen(SavedSearch, person).filter(folded__contains=typed)
    return list(rows.order_by(StrIndex("folded", Value(typed)), "folded", "pk")[:size])


def collections(person: Person, *, after: str = "", size: int = SHOWN) -> Kepts[Collection]:
    """Return a page of the collections that a person sees."""
    return _page(_seen(Collection, person), after, size)


def shelves(scope: Scope, rows: Iterable[Collection]) -> list[Shelf]:
    """Return what a list shows of collections; as many queries for many as for one."""
    wanted = list(rows)
    inside = Picked.objects.filter(collection=OuterRef("pk"), asset__in=_visible(scope)).order_by("pk").values("asset")
    found = Collection.objects.filter(pk__in=[row.pk for row in wanted]).annotate(
        number=_Length(ArraySubquery(inside[: MANY + 1])), covers=ArraySubquery(inside[:COVERS])
    )
    facts = {pk: (number or 0, shown or []) for pk, number, shown in found.values_list("pk", "number", "covers")}
    assets = Asset.objects.in_bulk([asset for _, shown in facts.values() for asset in shown])
    seen = [(row, *facts[row.pk]) for row in wanted if row.pk in facts]
    return [Shelf(row, number, [assets[pk] for pk in shown if pk in assets]) for row, number, shown in seen]


def changeable_collections(person: Person) -> list[Collection]:
    """Return the collections that a person may put assets into, those changed last first."""
    rows = _seen(Collection, person)
    if not person.may(Role.EDITOR):
        rows = rows.filter(shared=False)
    return list(rows.order_by("-changed", "-pk"))


def get_saved_search(person: Person, number: int) -> SavedSearch:
    """Return a saved search; raises NotFoundError."""
    return _get(SavedSearch, person, number)


def get_collection(person: Person, number: int) -> Collection:
    """Return a collection; raises NotFoundError."""
    return _get(Collection, person, number)


def assets_in(scope: Scope, collection: Collection, *, after: str = "", size: int = SHOWN) -> Page:
    """Return a page of the assets in a collection, the first added first."""
    rows = _inside(scope, collection)
    if after:
        rows = rows.filter(pk__gt=Cursor.read(after).pk)
    found = list(rows.select_related("asset__folder").order_by("pk")[: size + 1])
    more = Cursor(found[size - 1].pk, "").written() if len(found) > size else ""
    return Page([one.asset for one in found[:size]], more)


def assets_of(scope: Scope, collection: Collection) -> QuerySet[Picked, int]:
    """Return the numbers of all assets in a collection, the first added first."""
    return _inside(scope, collection).order_by("pk").values_list("asset_id", flat=True)


def collections_with(scope: Scope, person: Person, asset_id: int) -> list[Collection]:
    """Return the collections that an asset is in, by name; raises NotFoundError if there is no such asset."""
    asset = get_asset(scope, asset_id)
    return list(_seen(Collection, person).filter(picked__asset=asset).order_by("folded", "pk"))


def _inside(scope: Scope, collection: Collection) -> QuerySet[Picked]:
    return Picked.objects.filter(collection=collection, asset__in=_visible(scope))


def _visible(scope: Scope) -> QuerySet[Asset]:
    """Return the assets that a caller sees, by the numbers of their folders: a path is not looked at for each."""
    if scope.paths is None:
        return live_assets(scope)
    folders = list(live_folders(scope).values_list("pk", flat=True))
    return live_assets(EVERYTHING).filter(folder__in=folders or [0])  # of no folders Django would ask nothing at all


def _seen(kind: type[K], person: Person) -> QuerySet[K]:
    rows: QuerySet[K] = kind.objects.filter(Q(shared=True) | Q(owner=person)).select_related("owner")
    return rows


def _get(kind: type[K], person: Person, number: int) -> K:
    row = _seen(kind, person).filter(pk=number).first()
    if row is None:
        raise NotFoundError("there is nothing kept under the number {number}", number=number)
    return row


def _page(rows: QuerySet[K], after: str, size: int) -> Kepts[K]:
    """Return a page in the order of the last changes, which a change moves to the first page."""
    if after:
        rows = rows.filter(_comes_after(Cursor.read(after)))
    found = list(rows.order_by("-changed", "-pk")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Kepts(found[:size], Cursor(last.pk, last.changed.isoformat()).written() if last else "")


def _comes_after(cursor: Cursor) -> Q:
    try:
        changed = datetime.fromisoformat(cursor.name)
    except ValueError:
        raise LibraryError("{name!r} is not where a page ended", name=cursor.name[:40]) from None
    return Q(changed__lt=changed) | Q(changed=changed, pk__lt=cursor.pk)
