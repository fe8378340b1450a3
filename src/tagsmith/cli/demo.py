"""`tagsmith demo`: a library that is taught and tagged before one's eyes, and then served."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tagsmith.cli.context import Load, Surroundings, note, note_skipped, override, progress
from tagsmith.cli.demo_results import print_results
from tagsmith.cli.import_ import bring_tree
from tagsmith.cli.tag import do_run, make_run

if TYPE_CHECKING:
    from tagsmith.operations.demo.material import Material
    from tagsmith.training.models import TagModel

IN_USE = "with make, another port is: make demo PORT=8001"


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default="demo",
    show_default=True,
    help="Folder for the library; it has its own database there.",
)
@click.option("--photos", type=click.Path(path_type=Path), help="A folder per tag of your own photos; they stay there.")
@click.option("--host", help="Address to serve on, as in `tagsmith serve`.")
@click.option("--port", type=int, help="Port to serve on; 8000 if neither given nor set.")
@click.option("--no-serve", is_flag=True, help="Only make the library.")
@click.pass_obj
def demo(load: Load, data: Path, photos: Path | None, host: str | None, port: int | None, no_serve: bool) -> None:
    """Make a sample library, or one of your own photos; teach it, tag it, and serve it until Ctrl-C.

    Of your own photos some are examples. What was done before is not done again: the next time it is there at once,
    and one that was interrupted goes on where it was.
    """
    override(data=data.resolve(), database_url="", host=host, port=port)
    surroundings = load()
    if not no_serve:
        _check_serving(surroundings)
    with surroundings.library():
        from tagsmith.operations.demo.person import NAME, demo_password

        _make(surroundings, photos.resolve() if photos else None)
        password = demo_password(surroundings.data)
    click.echo(f"\nSign in as {NAME}, with the password {password or 'that you have chosen'}")
    if not no_serve:
        surroundings.serve()


def _check_serving(surroundings: Surroundings) -> None:
    """See first that it can be served, rather than when it has been made."""
    from tagsmith.errors import SettingsError

    try:
        surroundings.check_serving()
    except SettingsError as error:
        raise SettingsError(f"{error}\n{IN_USE}") from error


def _make(surroundings: Surroundings, photos: Path | None) -> None:
    from tagsmith.errors import ExamplesError
    from tagsmith.operations.demo.tagging import is_tagged, source_of

    source = source_of(photos)
    if is_tagged(source):
        click.echo("The library is there already.")
        return
    start = time.monotonic()
    material = _material(surroundings, photos)
    note_skipped(list(material.skipped))
    with _step("bringing the pictures in and making them ready"):
        _bring_in(material)
    with _step("making tags: titles and synonyms in English and German" if material.taxonomy else "making tags"):
        models = _make_models(material)
    live = [model for model in models if _is_trained(model)]
    if not live:
        raise ExamplesError("no tag model could be trained: add other photos, then begin anew with another --data")
    with _step("tagging the whole library"):
        _tag(source)
    print_results(live, time.monotonic() - start)


def _material(surroundings: Surroundings, photos: Path | None) -> "Material":
    from tagsmith.operations.demo.material import own_material, sample_material
    from tagsmith.operations.demo.sample import count_drawings

    if photos is not None:
        return own_material(photos, surroundings.limits)
    with _step("drawing a sample library"), progress(count_drawings(), "drawing") as advance:
        return sample_material(surroundings.data / "sample", surroundings.limits, advance)


def _bring_in(material: "Material") -> None:
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.operations.demo.teaching import say_rights

    report, _ = bring_tree(material.root, material.into, in_place=material.in_place)
    say_rights(COMMAND_LINE, material)
    click.echo(f"    {report.added:,} added, {report.unchanged:,} were there")


def _make_models(material: "Material") -> "list[TagModel]":
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.operations.demo.teaching import make_tag_model, make_tags

    count = make_tags(COMMAND_LINE, material)
    models = [make_tag_model(COMMAND_LINE, lesson) for lesson in material.lessons]
    click.echo(f"    {count} tags, tag models: {', '.join(model.title for model in models)}")
    return models


def _is_trained(model: "TagModel") -> bool:
    """Train a tag model that has no live version; one that cannot be says why, and is left out."""
    from tagsmith.training.jobs import train_now

    if model.versions.filter(live=True).exists():
        return True
    with _step(f"training {model.title!r}"):
        version = train_now(model)
    model.refresh_from_db()
    for line in model.failure.splitlines():
        note(f"    {line}")
    return version is not None


def _tag(source: str) -> None:
    from tagsmith.operations.demo.tagging import begun_run, comment_of

    do_run(begun_run(source) or make_run(("/",), force=False, title="", comment=comment_of(source)))


@contextmanager
def _step(what: str) -> Iterator[None]:
    start = time.monotonic()
    click.echo(f"{what} ...")
    yield
    click.echo(f"    done in {time.monotonic() - start:.1f} s")
