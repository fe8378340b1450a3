"""A tag's id as people and programs write it: `namespace:path/leaf`. Knows nothing of the database."""

import unicodedata
from dataclasses import dataclass

from tagsmith.errors import TaxonomyError

DEFAULT_NAMESPACE = "default"
LONGEST_NAMESPACE = 100
LONGEST_NAME = 200
LONGEST_KEY = 2000  # bytes: a page of PostgreSQL's index holds no longer one
DEEPEST = 100
FORBIDDEN = ":/"
_UNPRINTABLE = ("Cc", "Cs", "Zl", "Zp")


@dataclass(frozen=True)
class Key:
    """A namespace and the names from its top to the tag; without names, the top of the namespace."""

    namespace: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.namespace}:{'/'.join(self.names)}"

    @property
    def parent(self) -> "Key | None":
        """The key above, if there is one."""
        return Key(self.namespace, self.names[:-1]) if len(self.names) > 1 else None

    @property
    def folded(self) -> str:
        """What is equal for two keys that differ in case only."""
        return fold(str(self))

    def below(self, *names: str) -> "Key":
        """Return the key of these names under this one; raises TaxonomyError if it is too long or too deep."""
        return _checked_size(Key(self.namespace, (*self.names, *names)))


def fold(text: str) -> str:
    """Return the text without case; canonical forms only, so that no `:` or `/` can appear."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


def parse_key(text: str) -> Key:
    """Return the key in a text; without a namespace it belongs to `default`.

    Raises
    ------
    TaxonomyError
        A name is empty, too long, or holds what no name can hold.
    """
    namespace, colon, path = text.partition(":")
    if not colon:
        namespace, path = DEFAULT_NAMESPACE, text
    return Key(checked_namespace(namespace), ()).below(*(checked_name(name) for name in path.split("/")))


def parse_place(text: str) -> Key:
    """Return where tags can stand: `namespace:` is the top of a namespace, anything else is a tag's key."""
    namespace, colon, path = text.partition(":")
    if colon and not path.strip():
        return Key(checked_namespace(namespace), ())
    return parse_key(text)


def checked_namespace(name: str) -> str:
    """Return a namespace's name as `checked_name` does; it is shorter."""
    clean = checked_name(name)
    if len(clean) > LONGEST_NAMESPACE:
        raise TaxonomyError(
            "{name}…: a namespace has at most {longest} characters", name=clean[:40], longest=LONGEST_NAMESPACE
        )
    return clean


def checked_name(name: str) -> str:
    """Return a tag's name without outer spaces, in composed form; raises TaxonomyError if it cannot be one."""
    clean = unicodedata.normalize("NFC", name).strip()
    if not clean:
        raise TaxonomyError("{name!r}: a tag's name is empty", name=name)
    if len(clean) > LONGEST_NAME:
        raise TaxonomyError(
            "{name}…: a tag's name has at most {longest} characters", name=clean[:40], longest=LONGEST_NAME
        )
    for character in FORBIDDEN:
        if character in clean:
            raise TaxonomyError("{name!r}: a tag's name cannot hold {character!r}", name=clean, character=character)
    if any(unicodedata.category(character) in _UNPRINTABLE for character in clean):
        raise TaxonomyError("{name!r}: a tag's name cannot hold control characters", name=clean)
    return clean


def _checked_size(key: Key) -> Key:
    if len(key.names) > DEEPEST:
        raise TaxonomyError("{key}…: a tag stands at most {deepest} levels deep", key=str(key)[:40], deepest=DEEPEST)
    if max(len(str(key).encode()), len(key.folded.encode())) > LONGEST_KEY:
        raise TaxonomyError("{key}…: a tag's id has at most {longest} bytes", key=str(key)[:40], longest=LONGEST_KEY)
    return key
