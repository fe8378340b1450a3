"""`tagsmith collection`: assets picked by hand."""

from typing import TYPE_CHECKING
from uuid import UUID

import click

from tagsmith.cli.context import Load
from tagsmith.cli.table import print_table

if TYPE_CHECKING:
    from tagsmith.accounts.models import Person
    from tagsmith.collecting.models import Collection

AS = click.option("--as", "who", required=True, metavar="NAME", help="The person whose collections they are.")


@click.group()
def collection() -> None:
    """List collections of a person, or shared with them; add assets, take them out, undo that."""


@collection.command("list")
@AS
@click.pass_obj
def list_(load: Load, who: str) -> None:
    """List the collections that a person sees, those changed last first."""
    with load().library():
        from tagsmith.assets.selectors.folders import scope_of
        from tagsmith.collecting.selectors import MANY, shelves

        person = _person(who)
        rows = [
            (
                one.collection.name,
                f"over {MANY:,}" if one.is_many else f"{one.count:,}",
                "shared" if one.collection.shared else "private",
                one.collection.owner.username,
            )
            for one in shelves(scope_of(person), _collections(person))
        ]
        print_table(("collection", "assets", "", "of"), rows, "lrll")


@collection.command()
@click.argument("name")
@AS
@click.pass_obj
def show(load: Load, name: str, who: str) -> None:
    """List the assets in the collection NAME, the first added first."""
    with load().library():
        from tagsmith.assets.models import Asset
        from tagsmith.assets.selectors.folders import scope_of
        from tagsmith.collecting.selectors import assets_of

        person = _person(who)
        ids = list(assets_of(scope_of(person), _named(person, name)))
        assets = Asset.objects.select_related("folder").in_bulk(ids)
        for pk in ids:
            click.echo(assets[pk].path)


@collection.command()
@click.argument("name")
@click.argument("paths", nargs=-1)
@click.option("--search", "query", default="", help="Also all assets that this finds.")
@AS
@click.pass_obj
def add(load: Load, name: str, paths: tuple[str, ...], query: str, who: str) -> None:
    """Add the assets at PATHS to the collection NAME; one that there is not yet is made, and private."""
    with load().library():
        from uuid import uuid4

        from tagsmith.assets.selectors.folders import scope_of
        from tagsmith.audit.services import Actor
        from tagsmith.cli.choosing import chosen
        from tagsmith.collecting.picking import add_assets
        from tagsmith.collecting.services import create_collection
        from tagsmith.errors import NotFoundError

        person, assets, unit = _person(who), chosen(paths, query), uuid4()
        try:
            into = _named(person, name)
        except NotFoundError:
            into = create_collection(person, name, unit=unit)
        _tell(add_assets(scope_of(person), Actor(person), into, assets, unit), "added", unit, who)


@collection.command()
@click.argument("name")
@click.argument("paths", nargs=-1, required=True)
@AS
@click.pass_obj
def remove(load: Load, name: str, paths: tuple[str, ...], who: str) -> None:
    """Take the assets at PATHS out of the collection NAME; they stay in the library."""
    with load().library():
        from uuid import uuid4

        from tagsmith.assets.selectors.folders import scope_of
        from tagsmith.audit.services import Actor
        from tagsmith.cli.choosing import chosen
        from tagsmith.collecting.picking import remove_assets

        person, unit = _person(who), uuid4()
        gone = remove_assets(scope_of(person), Actor(person), _named(person, name), chosen(paths), unit)
        _tell(gone, "taken out", unit, who)


@collection.command()
@click.argument("unit", type=click.UUID)
@AS
@click.pass_obj
def undo(load: Load, unit: UUID, who: str) -> None:
    """Take back what a person did to a collection as UNIT."""
    with load().library():
        from tagsmith.audit.services import Actor
        from tagsmith.collecting.undoing import undo as take_back

        click.echo(f"{take_back(Actor(_person(who)), unit).name} is as it was before")


def _tell(count: int, what: str, unit: UUID, who: str) -> None:
    back = f"; `tagsmith collection undo {unit} --as {who}` takes it back" if count else ""
    click.echo(f"{count:,} {what}{back}")


def _person(name: str) -> "Person":
    from tagsmith.accounts.selectors import find_person

    return find_person(name)


def _collections(person: "Person") -> "list[Collection]":
    from tagsmith.collecting.selectors import collections

    page = collections(person)
    found = list(page.rows)
    while page.after:
        page = collections(person, after=page.after)
        found += page.rows
    return found


def _named(person: "Person", name: str) -> "Collection":
    """Return the collection of this name: the person's own one, else one that is shared; raises NotFoundError."""
    from tagsmith.collecting.naming import folded
    from tagsmith.errors import NotFoundError

    found = [one for one in _collections(person) if one.folded == folded(name)]
    if not found:
        raise NotFoundError("there is no collection {name!r}", name=name)
    return min(found, key=lambda one: one.owner_id != person.pk)
