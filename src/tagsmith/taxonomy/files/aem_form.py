"""The `cq:tags` tree of Adobe Experience Manager: a node per tag, the node's name is the tag's.

What AEM has no place for stands in `tagsmith:` properties, which no tag's name can be. A node that AEM left
behind when it moved a tag (`cq:movedTo`) is read as a redirect.
"""

import re
from collections.abc import Iterator
from typing import Any

from tagsmith.errors import TaxonomyError
from tagsmith.sentences import say
from tagsmith.taxonomy.files.content import Draft, Problems
from tagsmith.taxonomy.files.json_values import JsonObject, flag, mapping, text, texts
from tagsmith.taxonomy.keys import DEEPEST
from tagsmith.taxonomy.selectors import Node

FOLDER = {"jcr:primaryType": "sling:Folder"}
TAG = {"jcr:primaryType": "cq:Tag", "sling:resourceType": "cq/tagging/components/tag"}
_ILLEGAL = re.compile(r'[%/:\[\]|*"]|^\.+$')
_ESCAPE = re.compile(r"%(2[25AEF]|3A|5[BD]|7C)", re.IGNORECASE)  # these characters and no others
_ROOT = re.compile(r"^.*(?:/cq:tags|/etc/tags)/")


def read_aem(root: JsonObject, problems: Problems) -> list[Draft]:
    """Return the tags of a tree whose root is the folder of the namespaces."""
    top, place = root, "$"
    if isinstance(root.get("cq:tags"), JsonObject):
        top, place = root["cq:tags"], "$.cq:tags"
    if not any(_is_node(name, value) for name, value in top.items()) and "jcr:primaryType" not in top:
        raise TaxonomyError("$: neither Tagsmith's form (no 'format') nor a tree of cq:tags")
    if top.get("jcr:primaryType") == "cq:Tag":
        raise TaxonomyError(
            "{place}: this is a tag or a namespace without its name: export the folder above it", place=place
        )
    reader = _Reader(problems)
    for name, namespace in _nodes(top):
        with problems.at(f"{place}.{name}"):
            reader.read_below(mapping(namespace), f"{place}.{name}", f"{_unescaped(name)}:", 1)
    return reader.finished()


class _Reader:
    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._drafts: list[Draft] = []
        self._moved: dict[str, tuple[str, str]] = {}

    def read_below(self, node: JsonObject, place: str, start: str, depth: int) -> None:
        """Read the nodes below one; `start` is what their ids begin with."""
        if depth > DEEPEST:
            raise TaxonomyError("a tag stands at most {deepest} levels deep", deepest=DEEPEST)
        for name, value in _nodes(node):
            within, key = f"{place}.{name}", start + _unescaped(name)
            with self._problems.at(within):
                child = mapping(value)
                if "cq:movedTo" in child:
                    self._moved[key] = (within, _as_key(text(child["cq:movedTo"])))
                else:
                    self._drafts.append(self._tag(child, within, start, _unescaped(name)))
                self.read_below(child, within, key + "/", depth + 1)

    def finished(self) -> list[Draft]:
        """Return the tags; those that were moved to know it."""
        by_key = {str(draft.key): draft for draft in self._drafts}
        for key, (place, _) in self._moved.items():
            with self._problems.at(place):
                draft = by_key.get(self._end(key))
                if draft is None:
                    raise TaxonomyError("was moved to {end}, which is not in this file", end=self._end(key))
                draft.set_redirects(place, [*map(str, draft.redirects), key])
        return self._drafts

    def _end(self, key: str) -> str:
        seen = [key]
        while key in self._moved:
            key = self._moved[key][1]
            if key in seen:
                raise TaxonomyError("was moved in a cycle: {way}", way=" to ".join([*seen, key]))
            seen.append(key)
        return key

    def _tag(self, node: JsonObject, place: str, start: str, name: str) -> Draft:
        draft = Draft(self._problems, place)
        if "/" in name or ":" in name:
            self._problems.add(place, say("{name!r}: a tag's name cannot hold ':' or '/'", name=name))
        else:
            draft.set_key(place, start + name)
        for kind, value in node.items():
            with self._problems.at(f"{place}.{kind}"):
                _read_property(draft, kind, value)
        return draft


def _read_property(draft: Draft, kind: str, value: Any) -> None:
    place = f"{draft.place}.{kind}"
    name, _, language = kind.partition(".")
    match name:
        case "jcr:title":
            draft.set_title(place, language or "en", text(value))
        case "jcr:description" if not language:
            draft.set_description(place, text(value))
        case "tagsmith:synonyms":
            draft.set_synonyms(place, language or "en", texts(value))
        case "tagsmith:redirects":
            draft.set_redirects(place, texts(value))
        case "tagsmith:blocked":
            draft.blocked = flag(value)


def aem_node(node: Node, redirects: dict[int, list[str]]) -> dict[str, Any]:
    """Return a tag with all below it."""
    shown: dict[str, Any] = dict(TAG)
    for language, title in node.titles.items():
        shown["jcr:title" if language == "en" else f"jcr:title.{language.replace('-', '_')}"] = title
    for language, synonyms in node.synonyms.items():
        shown[f"tagsmith:synonyms.{language}"] = list(synonyms)
    if node.description:
        shown["jcr:description"] = node.description
    if node.blocked:
        shown["tagsmith:blocked"] = True
    if node.id in redirects:
        shown["tagsmith:redirects"] = redirects[node.id]
    return shown | {escaped(child.name): aem_node(child, redirects) for child in node.children}


def escaped(name: str) -> str:
    """Return a name without what AEM allows in no node's name, written as it writes it (%5B)."""
    return _ILLEGAL.sub(lambda match: "".join(f"%{ord(char):02X}" for char in match[0]), name)


def _unescaped(name: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), name)


def _as_key(path: str) -> str:
    """Return the id of a tag of which AEM gives the path in its repository."""
    namespace, _, names = _ROOT.sub("", path).partition("/")
    return f"{_unescaped(namespace)}:{_unescaped(names)}"


def _nodes(node: JsonObject) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in node.items() if _is_node(name, value))


def _is_node(name: str, value: object) -> bool:
    """Tell tags from properties and from what the repository keeps for itself (`rep:policy`)."""
    return isinstance(value, JsonObject) and (":" not in name or value.get("jcr:primaryType") == "cq:Tag")
