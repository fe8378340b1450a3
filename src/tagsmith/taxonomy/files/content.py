"""What a taxonomy file says, whatever its form; and all that is wrong with it, told at once."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from tagsmith.errors import TaxonomyError
from tagsmith.sentences import Sentence, joined, say
from tagsmith.taxonomy.keys import Key, parse_key
from tagsmith.taxonomy.wording import checked_description, checked_label, checked_language

MOST_PROBLEMS = 20


@dataclass(frozen=True)
class TagEntry:
    """What a file says of one tag, and where; what it does not say stays as it is.

    An empty title takes the title away. The synonyms of a language are all of them. Redirects are added.
    """

    key: Key
    place: str
    titles: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]]
    description: str | None
    blocked: bool | None
    redirects: tuple[Key, ...]


@dataclass(frozen=True)
class TaxonomyFile:
    """The tags of a file, parents before their children, none twice and no parent missing."""

    entries: tuple[TagEntry, ...]


class Problems:
    """Collects what is wrong, so that nobody mends a file one line at a time."""

    def __init__(self) -> None:
        self._found: list[Sentence] = []

    def add(self, place: str, message: str) -> None:
        """Remember one."""
        self._found.append(say("{place}: {problem}", place=place, problem=message))

    @contextmanager
    def at(self, place: str) -> Iterator[None]:
        """Turn a TaxonomyError inside into a problem of this place, and go on behind."""
        try:
            yield
        except TaxonomyError as error:
            self.add(place, error.sentence)

    def check(self) -> None:
        """Raise a TaxonomyError that names the first of them, if there are any."""
        if self._found:
            more = len(self._found) - MOST_PROBLEMS
            rest = [say("… and {count} more", count=more)] if more > 0 else []
            raise TaxonomyError(joined("\n", [*self._found[:MOST_PROBLEMS], *rest]))


class Draft:
    """One tag while its file is being read: checks each part where it stands."""

    def __init__(self, problems: Problems, place: str) -> None:
        self._problems = problems
        self.place = place
        self.key: Key | None = None
        self.titles: dict[str, str] = {}
        self.synonyms: dict[str, tuple[str, ...]] = {}
        self.description: str | None = None
        self.blocked: bool | None = None
        self.redirects: tuple[Key, ...] = ()

    def set_key(self, place: str, text: str) -> None:
        """Read the tag's own id."""
        with self._problems.at(place):
            self.key = parse_key(text)

    def set_title(self, place: str, language: str, text: str) -> None:
        """Read the title in a language; an empty one is none."""
        with self._problems.at(place):
            self.titles[checked_language(language)] = checked_label(text) if text.strip() else ""

    def set_synonyms(self, place: str, language: str, texts: Iterable[str]) -> None:
        """Read the synonyms in a language; each counts once."""
        with self._problems.at(place):
            self.synonyms[checked_language(language)] = tuple(sorted({checked_label(text) for text in texts}))

    def set_description(self, place: str, text: str) -> None:
        """Read the description."""
        with self._problems.at(place):
            self.description = checked_description(text)

    def set_redirects(self, place: str, texts: Iterable[str]) -> None:
        """Read the old ids that lead to this tag."""
        with self._problems.at(place):
            self.redirects = tuple(parse_key(text) for text in texts)

    def finished(self) -> TagEntry | None:
        """Return what was read; nothing if the tag has no id."""
        if self.key is None:
            return None
        words = (self.titles, self.synonyms, self.description)
        return TagEntry(self.key, self.place, *words, self.blocked, self.redirects)


def assembled(drafts: Iterable[Draft], problems: Problems) -> TaxonomyFile:
    """Return the file of these tags; raises a TaxonomyError that names every problem, the collected ones too."""
    entries: dict[str, TagEntry] = {}
    for entry in filter(None, (draft.finished() for draft in drafts)):
        first = entries.setdefault(entry.key.folded, entry)
        if first is not entry:
            problems.add(entry.place, say("{tag} is there already ({place})", tag=entry.key, place=first.place))
    for entry in list(entries.values()):
        _add_parents(entries, entry)
    _check_redirects(entries, problems)
    problems.check()
    return TaxonomyFile(tuple(sorted(entries.values(), key=lambda entry: (len(entry.key.names), entry.key.folded))))


def _add_parents(entries: dict[str, TagEntry], entry: TagEntry) -> None:
    bare = replace(entry, titles={}, synonyms={}, description=None, blocked=None, redirects=())
    parent = entry.key.parent
    while parent is not None and parent.folded not in entries:
        entries[parent.folded] = replace(bare, key=parent)
        parent = parent.parent


def _check_redirects(entries: Mapping[str, TagEntry], problems: Problems) -> None:
    owners: dict[str, TagEntry] = {}
    for entry in entries.values():
        for old in entry.redirects:
            if old.folded in entries:
                problems.add(
                    entry.place, say("{old} cannot lead to {tag}: it is a tag of this file", old=old, tag=entry.key)
                )
            other = owners.setdefault(old.folded, entry)
            if other is not entry:
                problems.add(
                    entry.place,
                    say(
                        "{old} cannot lead to {tag}: it leads to {other} ({place})",
                        old=old,
                        tag=entry.key,
                        other=other.key,
                        place=other.place,
                    ),
                )
