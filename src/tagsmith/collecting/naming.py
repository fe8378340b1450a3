"""What names and texts people may give to what they keep, and how names are compared."""

import unicodedata
from typing import TypedDict

from tagsmith.errors import BadInputError
from tagsmith.search.folding import fold
from tagsmith.search.query import parse

LONGEST_NAME = 200
LONGEST_TEXT = 500  # as much as the search box takes
LONGEST_DESCRIPTION = 5000
CONTROLS = ("Cc", "Cs")


class Facts(TypedDict, total=False):
    """What people say about something that they keep; what is left out stays as it is."""

    name: str
    shared: bool
    text: str
    description: str


def checked(facts: Facts) -> Facts:
    """Return facts as they are stored; raises BadInputError if one cannot be."""
    clean = facts.copy()
    if "name" in clean:
        clean["name"] = _checked_name(clean["name"])
    if "text" in clean:
        clean["text"] = _checked_text(clean["text"])
    if "description" in clean:
        clean["description"] = _storable("description", clean["description"].strip(), LONGEST_DESCRIPTION)
    return clean


def folded(name: str) -> str:
    """Return what an owner's names are told apart by, and found by: neither case nor accents nor quotes count."""
    return fold(unquoted(name))


def unquoted(name: str) -> str:
    """Return a name as it can be asked for in a search, where quotes would end it."""
    return " ".join(name.translate(_QUOTES).split())


_QUOTES = dict.fromkeys(map(ord, '"＂“”„‟«»‹›「」『』｢｣〝〞〟❝❞'), " ")  # noqa: RUF001 - they end a name in a search


def _checked_name(name: str) -> str:
    clean = _storable("name", " ".join(unicodedata.normalize("NFC", name).split()), LONGEST_NAME)
    if not folded(clean):
        raise BadInputError("name: it needs one")
    return clean


def _checked_text(text: str) -> str:
    clean = _storable("text", " ".join(text.split()), LONGEST_TEXT)
    if not parse(clean):
        raise BadInputError("text: there is nothing to search for")
    return clean


def _storable(what: str, text: str, longest: int) -> str:
    if len(text) > longest:
        raise BadInputError("{what}: it has at most {longest} characters", what=what, longest=longest)
    if any(unicodedata.category(one) in CONTROLS and one not in "\r\n\t" for one in text):
        raise BadInputError("{what}: it cannot hold control characters", what=what)
    return text
