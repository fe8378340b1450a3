"""`tagsmith worker`: one process that does background work."""

import os

import click

from tagsmith.cli.context import Load, note


@click.command()
@click.pass_obj
def worker(load: Load) -> None:
    """Do background work until stopped by Ctrl-C. Run one per core, on as many machines as you like.

    It is one of several, and so reads and encodes one image at a time, unless TAGSMITH_WORKERS is set.
    """
    os.environ.setdefault("TAGSMITH_WORKERS", "1")
    with load().library():
        from tagsmith.embeddings.preparation import current
        from tagsmith.queue.worker import run_worker

        if notice := current().encoders.notice():
            note(f"tagsmith: {notice}")
        run_worker()
