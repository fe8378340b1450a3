"""`tagsmith model set`: what the next training of a tag model aims at."""

from typing import TYPE_CHECKING, cast

import click

from tagsmith.cli.context import Load

if TYPE_CHECKING:
    from tagsmith.training.aims import Aims

ESTIMATE = "estimate"


def _share(_: click.Context, __: click.Parameter, value: str | None) -> float | str | None:
    """Return a number, or the word that stands for none."""
    if value is None or value == ESTIMATE:
        return value
    try:
        return float(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is neither a number nor {ESTIMATE!r}") from None


@click.command("set")
@click.argument("number", type=int)
@click.option(
    "--target-precision", type=float, metavar="X", help="Share of the images given a tag that should show it."
)
@click.option("--suggest-precision", type=float, metavar="X", help="The same of images that it is suggested for.")
@click.option(
    "--prevalence",
    callback=_share,
    metavar=f"X|{ESTIMATE}",
    help="Share of the library that shows one of the tags; or estimate it from the library.",
)
@click.option("--review/--no-review", "review_before_publishing", default=None, help="Publish new versions by hand.")
@click.option("--learn-from-people/--no-learn-from-people", default=None, help="Learn from tags set and rejected.")
@click.pass_obj
def set_(load: Load, /, number: int, **options: float | str | bool | None) -> None:
    """Say what the next training of a tag model aims at; versions that are there stay as they are."""
    given = {name: value for name, value in options.items() if value is not None}
    aims = cast("Aims", {name: None if value == ESTIMATE else value for name, value in given.items()})
    with load().library():
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.training.aims import set_aims
        from tagsmith.training.selectors import find_model

        model = set_aims(COMMAND_LINE, find_model(number), **aims)
        prevalence = "estimated" if model.prevalence is None else f"{model.prevalence:g}"
        click.echo(f"target precision {model.target_precision:g}, to suggest {model.suggest_precision:g}")
        click.echo(f"prevalence {prevalence}")
        click.echo(f"learns from people: {'yes' if model.learn_from_people else 'no'}")
        click.echo(f"waits for a review before it is published: {'yes' if model.review_before_publishing else 'no'}")
        if aims:
            click.echo(f"from the next training on; `tagsmith model train {number}` trains it")
