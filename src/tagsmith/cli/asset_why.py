"""`tagsmith asset why`: what speaks for a tag on an asset, and what speaks for the tag that comes next."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tagsmith.cli.context import Load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagsmith.tagging.explaining import Verdict, Why


@click.command()
@click.argument("path")
@click.argument("key", metavar="TAG")
@click.option("--heat", "file", type=click.Path(path_type=Path), help="Write the image, lit where it shows, to a PNG.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
@click.pass_obj
def why(load: Load, path: str, key: str, file: Path | None, as_json: bool) -> None:
    """Say why the asset at PATH in the library has TAG, or has it not: confidence, nearest teaching examples.

    Beside them stand those of the tag that comes next, so that a wrong tag explains itself.
    """
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.assets.selectors.assets import find_asset
        from tagsmith.tagging.explaining import explain
        from tagsmith.taxonomy.selectors import find_tag

        asset, tag = find_asset(EVERYTHING, path.strip("/")), find_tag(key)
        found = explain(EVERYTHING, asset.pk, tag)
        if file:
            _write_heat(file, asset.pk, found)
        if as_json:
            click.echo(json.dumps(_document(found), ensure_ascii=False))
        else:
            for line in _lines(found):
                click.echo(line)


def _write_heat(file: Path, asset: int, found: "Why") -> None:
    import io

    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.atomic import write_whole
    from tagsmith.tagging.explaining import heat

    content = io.BytesIO()
    heat(EVERYTHING, asset, found.verdict.tag).overlay().save(content, "PNG")
    write_whole(file, content.getvalue())


def _lines(found: "Why") -> "Iterator[str]":
    yield f"{found.asset.path} by {found.version.model.title}, version {found.version.number}"
    for verdict in (found.verdict, found.rival):
        yield f"{verdict.tag.key}: {verdict.confidence:.1%}, {_applies(verdict)}"
        for one in verdict.nearest:
            yield f"  {one.cosine:.3f}  {one.asset.path if one.asset else one.name}"


def _applies(verdict: "Verdict") -> str:
    return "never applied" if verdict.threshold is None else f"applied from {verdict.threshold:.1%}"


def _document(found: "Why") -> dict[str, object]:
    return {
        "asset": found.asset.path,
        "model": found.version.model.title,
        "version": found.version.number,
        "verdict": _verdict(found.verdict),
        "rival": _verdict(found.rival),
    }


def _verdict(verdict: "Verdict") -> dict[str, object]:
    nearest = [
        {"name": one.name, "cosine": round(one.cosine, 4), "asset": one.asset.path if one.asset else None}
        for one in verdict.nearest
    ]
    return {
        "tag": verdict.tag.key,
        "confidence": verdict.confidence,
        "threshold": verdict.threshold,
        "nearest": nearest,
    }
