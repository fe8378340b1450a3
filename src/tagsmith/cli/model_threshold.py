"""`tagsmith model threshold`: from which confidence a tag applies, and what other thresholds would do."""

from typing import TYPE_CHECKING

import click

from tagsmith.cli.context import Load
from tagsmith.cli.table import print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagsmith.tagging.what_if import Counts
    from tagsmith.taxonomy.models import Tag
    from tagsmith.training.models import Version
    from tagsmith.training.overrides import Override

STEPS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # thresholds to look at where none is given


@click.command()
@click.argument("number", type=int)
@click.argument("tag")
@click.option("--apply", type=float, metavar="X", help="Give the tag from this confidence on.")
@click.option("--precision", type=float, metavar="X", help="Instead: the lowest that should be so precise here.")
@click.option("--suggest", type=float, metavar="X", help="Suggest it for a review from this confidence on.")
@click.option("--clear", is_flag=True, help="Back to the thresholds that each version learned.")
@click.option("--what-if", "only_look", is_flag=True, help="Change nothing; count what would have the tag.")
@click.pass_obj
def threshold(
    load: Load,
    number: int,
    tag: str,
    *,
    apply: float | None,
    precision: float | None,
    suggest: float | None,
    clear: bool,
    only_look: bool,
) -> None:
    """Set, or try, from which confidence a tag model gives TAG, and from which it suggests it for a review.

    Counted is over the whole library, by the live version, else by the last one.
    """
    if apply is not None and precision is not None:
        raise click.UsageError("--apply and --precision say the same thing")
    if clear and (only_look or {apply, precision, suggest} != {None}):
        raise click.UsageError("--clear stands alone")
    with load().library():
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.taxonomy.selectors import find_tag
        from tagsmith.training import overrides
        from tagsmith.training.selectors import find_model

        model, found = find_model(number), find_tag(tag)
        version = model.versions.select_related("model", "encoder").order_by("live", "number").last()
        if precision is not None:
            apply = _precise(version, found, precision)
        wanted = overrides.checked(overrides.Override(apply, suggest))
        if clear:
            overrides.clear(COMMAND_LINE, model, found)
        elif not only_look:
            overrides.override(COMMAND_LINE, model, found, apply_from=apply, suggest_from=suggest)
        if version:
            _print_counts(version, found, _to_try(wanted) if only_look else ())
        if clear or (not only_look and wanted != overrides.NOTHING):
            click.echo("counts when a run looks at an asset next; `tagsmith tag --force /` looks at all of them now")


def _precise(version: "Version | None", tag: "Tag", precision: float) -> float:
    """Return the lowest threshold at which the version should be so precise over the library."""
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.errors import NotFoundError
    from tagsmith.tagging.what_if import reach_of

    reach = reach_of(EVERYTHING, version) if version else None
    lowest = reach.threshold(tag.pk, precision) if reach and tag.pk in reach.counts else None
    if lowest is None:
        raise NotFoundError(f"{tag.key}: at no threshold should it be so precise")
    return lowest


def _to_try(wanted: "Override") -> "list[Override]":
    from tagsmith.training.overrides import NOTHING, Override

    return [wanted] if wanted != NOTHING else [Override(apply_from=step) for step in STEPS]


def _print_counts(version: "Version", tag: "Tag", tries: "Sequence[Override]") -> None:
    """Print what the thresholds do that serve now, and what others would."""
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.tagging.what_if import what_if

    said = [("as it is", {}), *(("what if", {tag.pk: one}) for one in tries)]
    rows = [
        (name, *_row(one)) for name, some in said for one in what_if(EVERYTHING, version, some) if one.tag.pk == tag.pk
    ]
    print_table(
        (f"version {version.number}", "applies from", "suggested from", "applied", "to review", "right"), rows, "lrrrrr"
    )


def _row(counts: "Counts") -> tuple[str, ...]:
    return (
        _share(counts.apply_from),
        _share(counts.suggest_from),
        f"{counts.applied:,}",
        f"{counts.suggested:,}",
        "–" if counts.precision is None else f"{counts.precision:.0%}",
    )


def _share(threshold: float | None) -> str:
    return "never" if threshold is None else f"{threshold:.3f}"
