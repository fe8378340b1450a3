"""`tagsmith encoder`: which encoder serves, and changing it in the background."""

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

from tagsmith.cli.context import Load, note
from tagsmith.cli.table import print_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tagsmith.embeddings.models import EncoderChange
    from tagsmith.training.encoder_change import Standing

NAMED = 20  # files that could not be read, of many

waits = click.option("--wait", is_flag=True, help="Work on it here, with progress, until it is over.")


@click.group()
def encoder() -> None:
    """Say which encoder serves; change it in the background, while the old one serves."""


@encoder.command()
@click.pass_obj
def show(load: Load) -> None:
    """Say which encoder serves, and of which there are vectors."""
    with load().library():
        from tagsmith.embeddings.models import Embedding, StoredEncoder
        from tagsmith.embeddings.preparation import current
        from tagsmith.embeddings.reading import reads

        encoders = current().encoders
        serving = encoders.encoder()
        rows = [
            (
                one.shown,
                "serves" if one == serving else "",
                str(one.dimension),
                f"{Embedding.objects.filter(encoder=one).count():,}",
                "yes" if reads(one) else "no",
                one.identifier,
            )
            for one in StoredEncoder.objects.order_by("-serves", "name", "pk")
        ]
        print_table(("encoder", "", "numbers", "vectors", "reads text", "id"), rows, "llrrll")
        if notice := encoders.notice():
            note(f"tagsmith: {notice}")


@encoder.command()
@click.argument("name")
@waits
@click.pass_obj
def change(load: Load, name: str, *, wait: bool) -> int:
    """Let the encoder NAME serve: a name, an id, or an .onnx file with its .json beside it.

    In the background the library is encoded and the tag models that are live are trained anew from their examples, as
    these are now. Until all of it is done the old encoder serves, and then the new one with all of them at once.
    """
    with load().library():
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.embeddings.preparation import current
        from tagsmith.training.encoder_change import change_encoder

        return _begun(change_encoder(COMMAND_LINE, current().encoders, name), wait=wait)


@encoder.command()
@click.argument("name", required=False)
@click.pass_obj
def download(load: Load, name: str | None) -> None:
    """Fetch all that the encoder NAME needs on this machine, also to read text; by default the one that serves.

    Pages and searches do not wait for downloads. Each machine that serves pages needs the files.
    """
    settings = load()
    if name is None:
        with settings.library():
            from tagsmith.embeddings.preparation import current

            name = current().encoders.encoder().source
    from tagsmith.vision.encoders import find_encoder
    from tagsmith.vision.session import EncoderSession

    session = EncoderSession(find_encoder(name), settings.cache)
    if session.encoder.text is None:
        click.echo(f"{session.encoder.name} is here; it does not read text")
        return
    session.read(session.encoder.name)
    click.echo(f"{session.encoder.name} is here, and reads text")


@encoder.command()
@click.pass_obj
def status(load: Load) -> None:
    """Say how far the change is, what could not be read, and which tag models wait for a decision."""
    with load().library():
        from django.utils import timezone

        from tagsmith.training.encoder_change import standing

        now = standing(timezone.now())
        if now is None:
            click.echo("the encoder is not being changed")
        else:
            _print(now)


@encoder.command()
@click.option(
    "--leave", type=int, multiple=True, metavar="MODEL", help="Leave MODEL without a live version, if need be."
)
@click.option("--unreadable", is_flag=True, help="Go on however many files cannot be read.")
@waits
@click.pass_obj
def retry(load: Load, leave: tuple[int, ...], *, unreadable: bool, wait: bool) -> int:
    """Try again what could not be read or trained, once that is mended or decided."""
    with load().library():
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.training.encoder_change import retry_change
        from tagsmith.training.selectors import find_model

        left = [find_model(number) for number in leave]
        return _begun(retry_change(COMMAND_LINE, leave=left, lenient=unreadable), wait=wait)


@encoder.command()
@click.pass_obj
def cancel(load: Load) -> None:
    """End the change; the old encoder serves on. Vectors that were made are kept, and not made again next time."""
    with load().library():
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.training.encoder_change import cancel_change

        name = cancel_change(COMMAND_LINE).encoder.shown
        click.echo(f"cancelled; the vectors of {name} are kept: `tagsmith encoder forget {name}` deletes them")


@encoder.command()
@click.argument("name")
@click.pass_obj
def forget(load: Load, name: str) -> None:
    """Delete the vectors of the encoder NAME, which does not serve. To change back to it they must be made again."""
    with load().library():
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.embeddings.forgetting import find_stored, forget_vectors

        found = find_stored(name)
        click.echo(f"{forget_vectors(COMMAND_LINE, found):,} vectors of {found.shown} are gone")


def _begun(item: "EncoderChange", *, wait: bool) -> int:
    name = item.encoder.shown
    if not wait:
        click.echo(f"{item.assets:,} assets are encoded with {name} by `tagsmith serve` or `tagsmith worker`")
        click.echo("`tagsmith encoder status` says how far that is; the old encoder serves until then")
        return 0
    from django.utils import timezone

    from tagsmith.embeddings.encoding import unencoded
    from tagsmith.operations.changing_encoder import work_on
    from tagsmith.training.encoder_change import standing

    with _bars() as show_bars:
        item = work_on(item, show_bars)
    if item.state != item.State.DONE:
        now = standing(timezone.now())
        if now is not None:
            _print(now)
        return 1
    for row in unencoded(item):
        note(f"{row.asset.path}: {row.reason}")
    click.echo(f"{name} serves")
    return 0


def _print(now: "Standing") -> None:
    from tagsmith.embeddings.encoding import unencoded

    click.echo(f"{now.change.encoder.shown} is to serve, since {now.change.started:%Y-%m-%d %H:%M} UTC")
    left = f", {now.rate:.0f} a second, about {now.left:.0f} s left" if now.rate and now.left is not None else ""
    click.echo(f"{now.encoded:,} of {now.assets:,} assets are encoded{left}")
    click.echo(f"{now.renewed:,} of {now.models:,} live tag models are trained for it")
    if now.change.failure:
        click.echo(f"it stands still: {now.change.failure}")
    for row in unencoded(now.change)[:NAMED]:
        click.echo(f"cannot be read: {row.asset.path}: {row.reason}")
    if now.unencoded > NAMED:
        click.echo(f"cannot be read: {now.unencoded - NAMED:,} more")
    for successor in now.undecided:
        click.echo(f"tag model {successor.model.pk}, {successor.model.title}, cannot be trained: {successor.failure}")
    if now.undecided:
        click.echo("mend that, then `tagsmith encoder retry`; `--leave MODEL` leaves one without a live version")
    elif now.change.failure:
        click.echo("mend that, then `tagsmith encoder retry`; `--unreadable` goes on without files that cannot be read")


@contextmanager
def _bars() -> "Iterator[Callable[[Standing], None]]":
    """Show on a terminal how many assets are encoded and how many tag models are trained; stay quiet in a pipe."""
    from tqdm import tqdm

    bar = partial(tqdm, disable=None, leave=False, dynamic_ncols=True)
    with bar(desc="encoding", unit=" images") as assets, bar(desc="training", unit=" tag models") as models:

        def show_bars(now: "Standing") -> None:
            for one, done, total in ((assets, now.encoded, now.assets), (models, now.renewed, now.models)):
                one.total = total
                one.update(done - one.n)
                one.refresh()

        yield show_bars
