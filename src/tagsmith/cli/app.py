"""The command line's entry: which commands there are, and how errors reach the user."""

import importlib
import keyword
from collections.abc import Sequence

import click

from tagsmith import __version__
from tagsmith.cli.context import Load
from tagsmith.errors import TagsmithError

COMMANDS = {
    "learn": "Teach tags from a folder per tag and write a tag model.",
    "apply": "Tag photos with a tag model.",
    "evaluate": "Measure a tag model on labelled photos.",
    "encoders": "List the encoders: size, speed here, licence.",
    "encoder": "Say which encoder serves; change it in the background.",
    "serve": "Start the library's pages with all they need; Ctrl-C stops it.",
    "import": "Bring a folder of photos into the library.",
    "tags": "Import and export the taxonomy; the blocklist; advice on tags.",
    "asset": "Show an asset; promote, remove, allow and set tags on assets or a search result; undo that.",
    "metadata": "Edit the metadata of many assets at once, also in a spreadsheet; undo that.",
    "model": "Make, train, list, show, publish, roll back, retire, export and import tag models.",
    "tag": "Tag what is in the library with the live tag models.",
    "review": "List and count what tag models only suggest; accept and reject it.",
    "run": "Start, list, show, pause, resume, cancel, retry and undo runs.",
    "launcher": "Say which folders' imports and modifications are tagged by themselves.",
    "schedule": "Tag folders again and again, at set times.",
    "search": "Find what is in the library.",
    "reindex": "Make what the search looks through anew.",
    "similar": "List the assets that look most like one, or like an image file.",
    "collection": "List collections; add assets to one, take them out.",
    "timeline": "Say what happened to an asset or in a folder.",
    "audit": "Say who changed what, and when.",
    "check": "Look whether everything is as it should be, and mend what can safely be mended.",
    "user": "Add and list the people who use the library.",
    "migrate": "Bring the database of an older Tagsmith up to date.",
    "worker": "Do background work until stopped; one per core.",
    "demo": "Make a sample library, teach it, tag it, and serve it.",
}
INTERRUPTED = 130  # 128 + SIGINT, as shells report it


class _LazyGroup(click.Group):
    """Imports a command's module when it is run; `--help` lists the commands without."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"tagsmith.cli.{_module(cmd_name)}"), _module(cmd_name))
        assert isinstance(command, click.Command)  # noqa: S101 - a module per command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _module(command: str) -> str:
    return f"{command}_" if keyword.iskeyword(command) else command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tagsmith")
def tagsmith() -> None:
    """Teach a computer your own image tags from a few examples, and tag the rest of your library."""


def run(arguments: Sequence[str], load: Load) -> int:
    """Run one command and return the exit status.

    Errors that Tagsmith raises on purpose are one line each on standard error.
    """
    try:
        status = tagsmith.main(list(arguments), prog_name="tagsmith", standalone_mode=False, obj=load)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("tagsmith: stopped; nothing half-written was left", err=True)
        return INTERRUPTED
    except TagsmithError as error:
        for line in str(error).splitlines():
            click.echo(f"tagsmith: {line}", err=True)
        return 1
    return status if isinstance(status, int) else 0
