"""`tagsmith model preview`: what publishing a version would change."""

import json
from typing import TYPE_CHECKING, Any

import click

from tagsmith.cli.context import Load, note, progress
from tagsmith.cli.table import print_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagsmith.tagging.dry_run import DryRun, Effect, Sample
    from tagsmith.training.models import TagModel, Version

SHOWN = 3  # assets of each kind of change


@click.command()
@click.argument("number", type=int)
@click.option("--version", "chosen", type=int, metavar="N", help="Which to try; by default the last one.")
@click.option("--against", type=int, metavar="N", help="With which to compare it; by default the live one, if any.")
@click.option("--samples", type=click.IntRange(0), default=SHOWN, show_default=True, help="Assets of each change.")
@click.option("--json", "as_json", is_flag=True, help="A document of JSON.")
@click.pass_obj
def preview(load: Load, number: int, chosen: int | None, against: int | None, samples: int, as_json: bool) -> None:
    """Say what would change over the whole library if a version of a tag model were published. Nothing changes."""
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.assets.selectors.assets import live_assets
        from tagsmith.tagging.dry_run import dry_run
        from tagsmith.training.selectors import find_model

        model = find_model(number)
        new = _version(model, chosen)
        old = model.versions.filter(live=True).first() if against is None else _version(model, against)
        with progress(live_assets(EVERYTHING).count(), "comparing") as advance:

            def done(count: int) -> None:
                for _ in range(count):
                    advance(None)

            result = dry_run(EVERYTHING, new, old, samples=samples, advance=done)
        (_print_json if as_json else _print_tables)(result)


def _version(model: "TagModel", number: int | None) -> "Version":
    from tagsmith.errors import NotFoundError
    from tagsmith.training.selectors import find_version

    if number is not None:
        return find_version(model, number)
    last = model.versions.select_related("model", "encoder").order_by("number").last()
    if last is None:
        raise NotFoundError(f"tag model {model.pk} has no version; `tagsmith model train {model.pk}` makes one")
    return last


def _print_tables(result: "DryRun") -> None:
    old = f"version {result.against.number}" if result.against else "no version"
    click.echo(f"version {result.version.number} instead of {old}: {result.changes:,} smart tags would change")
    moves = {
        tag.key: sum(move.assets for move in result.moves if tag in (move.source, move.target))
        for tag in (effect.tag for effect in result.effects)
    }
    print_table(
        ("tag", "before", "after", "kept", "gained", "lost", "flipped"),
        [_row(effect, moves[effect.tag.key]) for effect in result.effects],
        "lrrrrrr",
    )
    for title, assets, samples in _changes(result):
        click.echo(f"{title}: {assets:,}")
        for sample in samples:
            click.echo(f"  {_confidences(sample)}  {sample.asset.path}")
    if result.stale:
        click.echo(f"{result.stale:,} smart tags are not as {old} gives them now; a run changes them in any case")
    if result.unjudged:
        note(f"{result.unjudged:,} assets are not prepared, and are left out")


def _row(effect: "Effect", flipped: int) -> tuple[str, ...]:
    counts = (effect.before, effect.after, effect.kept, effect.gained, effect.lost, flipped)
    return (effect.tag.key, *(f"{count:,}" for count in counts))


def _changes(result: "DryRun") -> "Iterator[tuple[str, int, list[Sample]]]":
    """Yield what changes, in words, on how many assets, and some of these."""
    for effect in result.effects:
        if effect.gained:
            yield f"gain {effect.tag.key}", effect.gained, effect.gained_samples
        if effect.lost:
            yield f"lose {effect.tag.key}", effect.lost, effect.lost_samples
    for move in result.moves:
        yield f"{move.source.key} becomes {move.target.key}", move.assets, move.samples


def _confidences(sample: "Sample") -> str:
    shares = ("–" if one is None else f"{one / 1000:.0%}" for one in (sample.before, sample.after))
    return " → ".join(shares)


def _print_json(result: "DryRun") -> None:
    document = {
        "version": result.version.number,
        "against": result.against.number if result.against else None,
        "judged": result.judged,
        "unjudged": result.unjudged,
        "changes": result.changes,
        "stale": result.stale,
        "tags": [_effect_document(effect) for effect in result.effects],
        "flips": [
            {
                "from": move.source.key,
                "to": move.target.key,
                "assets": move.assets,
                "samples": _sample_documents(move.samples),
            }
            for move in result.moves
        ],
    }
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def _effect_document(effect: "Effect") -> dict[str, Any]:
    counts = ("before", "after", "kept", "rescored", "gained", "lost")
    return {
        "tag": effect.tag.key,
        **{name: getattr(effect, name) for name in counts},
        "gained_samples": _sample_documents(effect.gained_samples),
        "lost_samples": _sample_documents(effect.lost_samples),
    }


def _sample_documents(samples: "list[Sample]") -> list[dict[str, Any]]:
    return [{"path": one.asset.path, "before": one.before, "after": one.after} for one in samples]
