"""`tagsmith audit`: who changed what, and when."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from tagsmith.cli.context import Load, note
from tagsmith.cli.table import print_table

if TYPE_CHECKING:
    from tagsmith.operations.changes import Shown

DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


@click.group()
def audit() -> None:
    """Say who changed what, and when."""


@audit.command("list")
@click.option("--by", "who", default="", metavar="NAME", help="Only what this person, or `command line`, did.")
@click.option("--subject", default="", help="Only changes to asset, folder, tag, tag model, run, person and so on.")
@click.option("--action", default="", help="Only these, such as asset.edited.")
@click.option("--asset", default="", metavar="PATH", help="Only what was done to this asset.")
@click.option("--since", type=DAY, help="Only from this day on, or this time in UTC.")
@click.option("--until", type=DAY, help="Only before this day, or this time in UTC.")
@click.option("--unit", type=click.UUID, help="Each change of what was done as this unit.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many, the latest first.")
@click.option("--after", default="", metavar="WORD", help="Go on where a page ended.")
@click.option("--csv", "file", type=click.Path(path_type=Path), help="Write all of them to a CSV file instead.")
@click.pass_obj
def list_(
    load: Load,
    who: str,
    subject: str,
    action: str,
    asset: str,
    since: datetime | None,
    until: datetime | None,
    unit: UUID | None,
    limit: int,
    after: str,
    file: Path | None,
) -> None:
    """List changes: when, who, what, on what, and the unit that takes them back. What was done as one is one line."""
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.assets.selectors.assets import find_asset
        from tagsmith.atomic import write_whole
        from tagsmith.audit.selectors import Which
        from tagsmith.operations.changes import changes_csv, shown_changes

        number = find_asset(EVERYTHING, asset.strip("/")).pk if asset else None
        which = Which(
            who=who,
            subject="asset" if asset else subject,
            action=action,
            since=since and since.replace(tzinfo=UTC),
            until=until and until.replace(tzinfo=UTC),
            subject_id=number,
            unit=unit,
        )
        if file is not None:
            write_whole(file, b"".join(changes_csv(which)))
            note(f"wrote {file}")
            return
        shown, more = shown_changes(which, after=after, size=limit)
        _print(shown)
        if more:
            note(f"more with --after {more}")


def _print(shown: "list[Shown]") -> None:
    rows = [
        (
            f"{one.at:%Y-%m-%d %H:%M:%S}",
            one.who,
            f"{one.entry.subject}: {one.what}{f' ({one.details})' if one.details and one.count == 1 else ''}",
            one.on if one.count == 1 else f"{one.on} and {one.count - 1:,} more",
            str(one.entry.unit or ""),
        )
        for one in shown
    ]
    print_table(("at (UTC)", "by", "what", "on", "unit"), rows, "lllll")
