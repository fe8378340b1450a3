"""`tagsmith serve`: the pages, with everything they need."""

from pathlib import Path

import click

from tagsmith.cli.context import Load, override


@click.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder for the database and the files.")
@click.option("--host", help="Address to serve on: 127.0.0.1 is for this machine alone, 0.0.0.0 for its networks.")
@click.option("--port", type=int, help="Port to serve on; 8000 if neither given nor set.")
@click.option("--workers", type=int, help="Processes that do the background work; one per core if neither.")
@click.pass_obj
def serve(load: Load, data: Path | None, host: str | None, port: int | None, workers: int | None) -> None:
    """Start the library's pages, the database and the workers; Ctrl-C stops all of it.

    What ends unasked is started again. The options are settings too: TAGSMITH_DATA, TAGSMITH_HOST, TAGSMITH_PORT,
    TAGSMITH_WORKER_PROCESSES.
    """
    override(data=data, host=host, port=port, worker_processes=workers)
    load().serve()
