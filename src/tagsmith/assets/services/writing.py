"""Writing the metadata of many assets in one transaction: read, changed and written in blocks, never row by row."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from tagsmith.assets.fields import FIELDS, as_logged
from tagsmith.assets.following import FOLLOWERS
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.audit.services import Actor, Change, record_all

BLOCK = 2000  # assets
SAMPLES = 5
_TYPES = {"captured": "timestamptz", "keywords": "text[]", "custom": "jsonb"}


@dataclass(frozen=True)
class Row:
    """An asset as it is now: where it lies, what is written about it, and when that changed last."""

    asset: int
    path: str
    modified: datetime
    values: dict[str, Any]


@dataclass(frozen=True)
class Planned:
    """What is to become of an asset: the new values of the fields that change."""

    row: Row
    new: dict[str, Any]

    @property
    def before(self) -> dict[str, Any]:
        """What these fields hold now."""
        return {name: self.row.values[name] for name in self.new}


Plan = Callable[[Sequence[Row]], Iterable[Planned]]  # of a block of assets, those that change
Advance = Callable[[int], object]


@dataclass
class Outlook:
    """What a change would do: to how many of the assets, to which fields on how many, and to the first few.

    `state` is a word for all of it: as long as it is the same, nobody has changed anything that matters.
    """

    assets: int = 0
    changed: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    cleared: Counter[str] = field(default_factory=Counter)
    samples: list[Planned] = field(default_factory=list)
    state: str = ""


def outlook(scope: Scope, assets: Sequence[int], plan: Plan) -> Outlook:
    """Return what a plan would do to assets, as far as the caller may see them; nothing is written or locked."""
    found, digest = Outlook(), hashlib.sha256()
    for rows in read_rows(scope, assets):
        found.assets += len(rows)
        for one in plan(rows):
            found.changed += 1
            found.fields.update(one.new.keys())
            found.cleared.update(name for name, value in one.new.items() if not value)
            found.samples += [one] if len(found.samples) < SAMPLES else []
            digest.update(json.dumps([one.row.asset, one.before, one.new], default=as_logged).encode())
    found.state = digest.hexdigest()
    return found


def write(
    scope: Scope,
    actor: Actor,
    action: str,
    assets: Sequence[int],
    plan: Plan,
    *,
    unit: UUID,
    advance: Advance | None = None,
) -> int:
    """Carry a plan out on assets that the caller has locked; return how many it changed.

    `advance` is told, block by block, how many more are written.
    """
    changed: list[int] = []
    for rows in read_rows(scope, assets):
        planned = list(plan(rows))
        _update(planned)
        said = [Change(one.row.asset, _logged(one.before), _logged(one.new)) for one in planned]
        record_all(actor, action, "asset", said, unit)
        changed += (one.row.asset for one in planned)
        if advance:
            advance(len(rows))
    FOLLOWERS.changed(changed)
    return len(changed)


def read_rows(scope: Scope, assets: Sequence[int]) -> Iterator[list[Row]]:
    """Yield the assets that are not in the trash and that the caller may see, in blocks, in the given order."""
    columns = ("pk", "folder__path", "name", "modified", *FIELDS)
    for start in range(0, len(assets), BLOCK):
        block = assets[start : start + BLOCK]
        found = {
            pk: Row(pk, f"{folder}/{name}" if folder else name, modified, dict(zip(FIELDS, values, strict=True)))
            for pk, folder, name, modified, *values in live_assets(scope).filter(pk__in=block).values_list(*columns)
        }
        yield [found[pk] for pk in block if pk in found]


def _update(planned: Sequence[Planned]) -> None:
    """Write the fields that any of them changes: of each asset, the new value or the one that is there."""
    names = [name for name in FIELDS if any(name in one.new for one in planned)]
    if not names:
        return
    content = [{"id": one.row.asset, **{name: (one.row.values | one.new)[name] for name in names}} for one in planned]
    columns = ", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in names)
    statement = f"""
        UPDATE assets_asset AS asset
           SET {", ".join(f"{name} = now.{name}" for name in names)}, revision = asset.revision + 1, modified = %s
          FROM json_to_recordset(%s::json) AS now (id bigint, {columns})
         WHERE asset.id = now.id
    """  # noqa: S608 - the names are ours
    with connection.cursor() as cursor:
        cursor.execute(statement, (timezone.now(), json.dumps(content, default=as_logged)))


def _logged(values: dict[str, Any]) -> dict[str, Any]:
    return {name: as_logged(value) for name, value in values.items()}
