"""What the search box knows of what people keep: `collection:` in a search, and saved searches while typing."""

from collections.abc import Iterable

from django.db.models import Q
from psycopg.sql import SQL, Composable, Literal

from tagsmith.assets.scope import Scope
from tagsmith.collecting.models import Collection
from tagsmith.collecting.naming import folded
from tagsmith.collecting.selectors import saved_searches_like
from tagsmith.search.kept_sets import FINDERS
from tagsmith.search.parts import Field
from tagsmith.search.suggesting import PROVIDERS, SIZE, Asking, Kind, Suggestion
from tagsmith.search.tag_words import wildcard


def follow() -> None:
    """Register what the search box asks."""
    FINDERS[Field.COLLECTION] = collected
    if saved not in PROVIDERS:
        PROVIDERS.append(saved)


def unfollow() -> None:
    """Undo `follow`."""
    FINDERS.pop(Field.COLLECTION, None)
    if saved in PROVIDERS:
        PROVIDERS.remove(saved)


def collected(scope: Scope, name: str) -> Composable:
    """Return the assets in collections of this name that the caller sees; `*` and `?` stand for letters."""
    pattern = wildcard(folded(name))
    rows = Collection.objects.filter(Q(shared=True) | Q(owner=scope.person)).values_list("pk", "folded")
    found = [pk for pk, known in rows if pattern.fullmatch(known)]
    return SQL("SELECT asset_id FROM collecting_picked WHERE collection_id = ANY({}::bigint[])").format(Literal(found))


def saved(asking: Asking) -> Iterable[Suggestion]:
    """Suggest saved searches by their names."""
    rows = saved_searches_like(asking.person, asking.text, SIZE)
    return [Suggestion(Kind.SAVED, row.name, row.text) for row in rows]
