"""`tagsmith check`: whether everything is as it should be."""

import click

from tagsmith.cli.context import Load


@click.command()
@click.option(
    "--repair", is_flag=True, help="Delete files that nothing needs; ask for what is missing and can be made."
)
@click.pass_obj
def check(load: Load, *, repair: bool) -> int:
    """Look at the data folder, the database, every row's files and every file's rows, the encoder and the queue.

    The provider of OpenID Connect is asked whether it is there, if people may sign in by one.

    The exit status is 0 if all is well. Nothing is changed without --repair, which never touches an original that
    is needed.
    """
    surroundings = load()
    with surroundings.library():
        from tagsmith.embeddings.preparation import current
        from tagsmith.operations.check import run
        from tagsmith.operations.check.finding import Severity

        preparation = current()
        if repair:
            done = run.repair(preparation)
            click.echo(f"deleted {done.removed:,} files that nothing needs")
            click.echo(f"asked for what {done.asked:,} assets lack; `tagsmith serve` or `tagsmith worker` makes it")
        bad = 0
        for finding in run.check(preparation, surroundings.data, surroundings.cache):
            click.echo(f"{finding.severity}: {finding.what}" + (f" ({finding.remedy})" if finding.remedy else ""))
            bad += finding.severity is not Severity.NOTE
        if not bad:
            click.echo("all is well")
        return 1 if bad else 0
