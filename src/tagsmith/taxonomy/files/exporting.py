"""The whole taxonomy as a file. Equal taxonomies give equal bytes; deleted tags are not in it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from tagsmith.sheets import several
from tagsmith.taxonomy.files.aem_form import FOLDER, TAG, aem_node, escaped
from tagsmith.taxonomy.files.csv_form import write_csv
from tagsmith.taxonomy.files.json_form import write_json
from tagsmith.taxonomy.models import Redirect
from tagsmith.taxonomy.selectors import Node, tree


def export_csv() -> bytes:
    """Return the taxonomy as CSV: UTF-8 with the mark that Excel needs, commas, CRLF."""
    redirects, nodes = _redirects(), list(_flat(tree()))
    languages = sorted({language for node in nodes for language in (*node.titles, *node.synonyms)} | {"en"})
    rows = (
        [
            node.key,
            *(node.titles.get(language, "") for language in languages),
            *(several(node.synonyms.get(language, ())) for language in languages),
            node.description,
            "true" if node.blocked else "false",
            several(redirects.get(node.id, ())),
        ]
        for node in nodes
    )
    return write_csv(languages, rows)


def export_json() -> bytes:
    """Return the taxonomy as JSON in our own form."""
    redirects = _redirects()
    return write_json(
        {
            "id": node.key,
            "titles": dict(node.titles),
            "synonyms": {language: list(synonyms) for language, synonyms in node.synonyms.items()},
            "description": node.description,
            "blocked": node.blocked,
            "redirects": redirects.get(node.id, []),
        }
        for node in _flat(tree())
    )


def export_aem() -> bytes:
    """Return the taxonomy as the `cq:tags` tree of AEM."""
    redirects = _redirects()
    root: dict[str, Any] = dict(FOLDER)
    for node in tree():
        name = escaped(node.key.partition(":")[0])
        namespace = root.setdefault(name, dict(TAG))
        namespace[escaped(node.name)] = aem_node(node, redirects)
    return (json.dumps(root, ensure_ascii=False, indent=1) + "\n").encode()


def _flat(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _flat(node.children)


def _redirects() -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = Redirect.objects.filter(tag__deleted__isnull=True).order_by("folded")
    for key, tag in rows.values_list("key", "tag_id"):
        found[tag].append(key)
    return dict(found)
