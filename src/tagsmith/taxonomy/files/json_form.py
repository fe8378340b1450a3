"""Taxonomies as JSON: our own complete form, a flat list of tags; and the door to the `cq:tags` tree."""

import json
from collections.abc import Iterable
from typing import Any

from tagsmith.errors import TaxonomyError
from tagsmith.taxonomy.files.aem_form import read_aem
from tagsmith.taxonomy.files.content import Draft, Problems, TaxonomyFile, assembled
from tagsmith.taxonomy.files.encoding import decoded
from tagsmith.taxonomy.files.json_values import JsonObject, check_names, flag, mapping, text, texts

FORMAT = "tagsmith taxonomy"
VERSION = 1
_MEMBERS = ("id", "titles", "synonyms", "description", "blocked", "redirects")


def parse_json(content: bytes) -> TaxonomyFile:
    """Return what a JSON file says, of either form.

    Raises
    ------
    TaxonomyError
        With every problem of the file on a line of its own, up to 20.
    """
    try:
        whole = json.loads(decoded(content), object_pairs_hook=JsonObject)
    except json.JSONDecodeError as error:
        raise TaxonomyError(
            "line {line}, column {column}: no JSON ({reason})", line=error.lineno, column=error.colno, reason=error.msg
        ) from error
    except RecursionError as error:
        raise TaxonomyError("$: the file is nested too deeply") from error
    problems = Problems()
    root = JsonObject([])
    with problems.at("$"):
        root = mapping(whole)
    problems.check()
    drafts = _read_own(root, problems) if isinstance(root.get("format"), str) else read_aem(root, problems)
    return assembled(drafts, problems)


def write_json(tags: Iterable[dict[str, Any]]) -> bytes:
    """Return our own form of these tags, one a line, so that two files can be compared."""
    lines = ",\n".join(json.dumps(tag, ensure_ascii=False) for tag in tags)
    start = json.dumps({"format": FORMAT, "version": VERSION})[:-1]
    return f'{start}, "tags": [\n{lines}\n]}}\n'.encode()


def _read_own(root: JsonObject, problems: Problems) -> list[Draft]:
    if root["format"] != FORMAT or root.get("version") != VERSION:
        said = f"{root['format']!r}, version {root.get('version')!r}"
        raise TaxonomyError(
            "$: this is {said}; known is {known!r}, version {version}", said=said, known=FORMAT, version=VERSION
        )
    check_names(root, "$", ("format", "version", "tags"), problems)
    tags = root.get("tags")
    if not isinstance(tags, list):
        raise TaxonomyError("$.tags: is no list")
    return [_read_tag(tag, f"$.tags[{number}]", problems) for number, tag in enumerate(tags)]


def _read_tag(value: object, place: str, problems: Problems) -> Draft:
    draft = Draft(problems, place)
    with problems.at(place):
        tag = mapping(value)
        check_names(tag, place, _MEMBERS, problems)
        if "id" not in tag:
            raise TaxonomyError("the tag has no id")
        for name in _MEMBERS:
            if name in tag:
                with problems.at(f"{place}.{name}"):
                    _read_member(draft, name, tag[name], problems)
    return draft


def _read_member(draft: Draft, name: str, value: object, problems: Problems) -> None:
    place = f"{draft.place}.{name}"
    match name:
        case "id":
            draft.set_key(place, text(value))
        case "description":
            draft.set_description(place, text(value))
        case "blocked":
            draft.blocked = flag(value)
        case "redirects":
            draft.set_redirects(place, texts(value))
        case _:
            for language, said in mapping(value).items():
                with problems.at(f"{place}.{language}"):
                    if name == "titles":
                        draft.set_title(f"{place}.{language}", language, text(said))
                    else:
                        draft.set_synonyms(f"{place}.{language}", language, texts(said))
