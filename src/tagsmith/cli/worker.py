"""`tagsmith worker`: one process that does background work."""

import click

from tagsmith.cli.context import Load


@click.command()
@click.pass_obj
def worker(load: Load) -> None:
    """Do background work until stopped by Ctrl-C. Run one per core, on as many machines as you like."""
    with load().library():
        from tagsmith.queue.worker import run_worker

        run_worker()
