"""`tagsmith review`: what tag models only suggest, the surest first, and what people say of it."""

from typing import TYPE_CHECKING, Any

import click

from tagsmith.cli.context import Load, note
from tagsmith.cli.table import print_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagsmith.tagging.review import Decided, Pair, Which

SHARE = click.FloatRange(0, 1)


@click.group()
def review() -> None:
    """List and count what tag models only suggest; accept and reject it."""


def _filtered(command: "Callable[..., Any]") -> "Callable[..., Any]":
    """Add the options that say which suggestions."""
    for option in (
        click.option("--to", "high", type=SHARE, default=1, help="Only up to this confidence."),
        click.option("--from", "low", type=SHARE, default=0, help="Only from this confidence on, 0 to 1."),
        click.option("--model", type=int, help="Only of this tag model, by its number."),
        click.option("--tag", metavar="KEY", help="Only of this tag, by its id."),
    ):
        command = option(command)
    return command


@review.command("list")
@_filtered
@click.option("--limit", type=click.IntRange(1), default=60, show_default=True, help="How many, the surest first.")
@click.option("--after", default="", metavar="WORD", help="Go on where a page ended.")
@click.pass_obj
def list_(load: Load, /, limit: int, after: str, **which: Any) -> None:
    """List suggestions, the surest first: confidence, tag, path, tag model."""
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.tagging.review import queue

        page = queue(EVERYTHING, _which(**which), after=after, size=limit)
        rows = [
            (f"{one.confidence / 10:.1f} %", one.tag.key, one.asset.path, one.version.model.title)
            for one in page.suggestions
        ]
        print_table(("sure", "tag", "path", "tag model"), rows, "rlll")
        if page.after:
            note(f"more with --after {page.after}")


@review.command()
@_filtered
@click.pass_obj
def counts(load: Load, /, **which: Any) -> None:
    """Count the suggestions by tag and tag model."""
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.tagging.review import counts as count

        rows = [(f"{one.count:,}", one.tag, str(one.model_id), one.model) for one in count(EVERYTHING, _which(**which))]
        print_table(("suggestions", "tag", "model", "title"), rows, "rlrl")


def _decision(name: str, text: str) -> click.Command:
    @click.command(
        name,
        help=f"{text} PATHS are assets, for which --tag is suggested; or take --all that the options name.",
    )
    @click.argument("paths", nargs=-1)
    @click.option("--all", "everything", is_flag=True, help="All that the other options name.")
    @_filtered
    @click.pass_obj
    def command(load: Load, /, paths: tuple[str, ...], everything: bool, **which: Any) -> None:
        if bool(paths) == everything or (paths and not which["tag"]):
            raise click.UsageError("name assets and their --tag, or give --all")
        with load().library():
            done = _decide(name, _which(**which), paths)
            back = f"; `tagsmith asset undo {done.unit}` takes it back" if done.count else ""
            click.echo(f"{done.count:,} {name}ed{back}")

    return command


review.add_command(_decision("accept", "Set suggested tags as people's own."))
review.add_command(_decision("reject", "Keep tag models from suggesting or giving tags again."))


def _decide(name: str, which: "Which", paths: tuple[str, ...]) -> "Decided":
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.assets.selectors.assets import find_asset
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.tagging import review as service

    chosen: list[Pair] = service.matching(EVERYTHING, which)
    if paths:
        named = {find_asset(EVERYTHING, path.strip("/")).pk for path in paths}
        chosen = [pair for pair in chosen if pair[0] in named]
    say = service.accept if name == "accept" else service.reject
    return say(EVERYTHING, COMMAND_LINE, chosen)


def _which(tag: str | None, model: int | None, low: float, high: float) -> "Which":
    from tagsmith.tagging.review import Which
    from tagsmith.taxonomy.selectors import find_tag
    from tagsmith.training.selectors import find_model

    return Which(find_tag(tag) if tag else None, find_model(model) if model is not None else None, low, high)
