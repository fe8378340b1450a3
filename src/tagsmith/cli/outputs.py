"""The forms in which `tagsmith apply` gives its result; each writes one image at a time."""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tagsmith.cli.context import note
from tagsmith.cli.table import pad, width
from tagsmith.errors import BadInputError, WriteError
from tagsmith.vision.files import shown

if TYPE_CHECKING:
    from tagsmith.learning.tag_model import TagConfidence, Tagged

Write = Callable[["Tagged"], None]
Form = Callable[[TextIO, Sequence[str]], Write]


@contextmanager
def open_output(form: str, tags: Sequence[str], output: Path | None) -> Iterator[Write]:
    """Give the function that writes one image's result; a file appears only when it is whole."""
    if output is None:
        yield FORMATS[form](sys.stdout, tags)
        return
    part = output.with_name(f".{output.name[:100]}.part")
    try:
        try:
            with part.open("w", encoding="utf-8", newline="", errors="backslashreplace") as file:
                yield FORMATS[form](file, tags)
            part.replace(output)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise WriteError(f"{output}: {error.strerror}") from error


def _table(file: TextIO, tags: Sequence[str]) -> Write:
    """Columns confidence, tag, path; of an image without a tag, the best guess in brackets."""
    columns = max(width(tag) for tag in tags) + 2

    def write(item: "Tagged") -> None:
        if item.error:
            note(f"{shown(item.path)}: {item.error}")
            return
        rows = [(tag.confidence, tag.tag) for tag in item.tags]
        if not rows and item.best:
            rows = [(item.best.confidence, f"({item.best.tag})")]
        for confidence, tag in rows:
            print(f"{confidence:.2f}  {pad(tag, columns)}  {shown(item.path)}", file=file)

    return write


def _jsonl(file: TextIO, _: Sequence[str]) -> Write:
    """One object a line: path, tags past their thresholds, best; or path and error."""

    def write(item: "Tagged") -> None:
        line: dict[str, object] = {"path": shown(item.path)}
        if item.error:
            line["error"] = item.error
        else:
            line["tags"] = [_as_json(tag) for tag in item.tags]
            line["best"] = _as_json(item.best) if item.best else None
        print(json.dumps(line, ensure_ascii=False), file=file)

    return write


def _as_json(tag: "TagConfidence") -> dict[str, object]:
    return {"tag": tag.tag, "confidence": tag.confidence}


def _csv(file: TextIO, _: Sequence[str]) -> Write:
    """A row per tag of an image, or one without a tag."""
    table = csv.writer(file)
    table.writerow(("path", "tag", "confidence", "best_tag", "best_confidence", "error"))

    def write(item: "Tagged") -> None:
        best = (item.best.tag, item.best.confidence) if item.best else ("", "")
        for tag in item.tags or (None,):
            named = (tag.tag, tag.confidence) if tag else ("", "")
            table.writerow((shown(item.path), *named, *best, item.error))

    return write


def _xmp(file: TextIO, _: Sequence[str]) -> Write:
    """Sidecars beside the images; prints the paths of those that changed."""
    from tagsmith.metadata.xmp import sidecar_path, write_smart_tags

    def write(item: "Tagged") -> None:
        if item.error:
            note(f"{shown(item.path)}: {item.error}")
            return
        try:
            sidecar = sidecar_path(item.path)
            if write_smart_tags(sidecar, {tag.tag: tag.confidence for tag in item.tags}):
                print(shown(sidecar), file=file)
        except (WriteError, BadInputError) as error:
            note(str(error))

    return write


FORMATS: dict[str, Form] = {"table": _table, "jsonl": _jsonl, "csv": _csv, "xmp": _xmp}
