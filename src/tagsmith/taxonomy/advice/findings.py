"""What advice on tags says, and how: a kind, the tags it names, the reason, the remedy."""

from dataclasses import dataclass
from enum import StrEnum

from tagsmith.sentences import Sentence, say


class Kind(StrEnum):
    """What a finding is about."""

    UNSEEN = "unseen"  # no image shows it
    TOO_FINE = "too fine"  # an image shows it, and nobody sees it at the size at which images are looked at
    ALIKE = "alike"  # titles that are nearly the same
    SYNONYM = "synonym"  # a synonym that is another tag's title
    UNUSED = "unused"


KINDS = {
    Kind.UNSEEN: say("Cannot be seen"),
    Kind.TOO_FINE: say("Too fine to see"),
    Kind.ALIKE: say("Nearly the same"),
    Kind.SYNONYM: say("Synonym and title"),
    Kind.UNUSED: say("Unused"),
}


@dataclass(frozen=True)
class Named:
    """A tag by its number, its id, and the word that a finding is about."""

    id: int
    key: str
    text: str


@dataclass(frozen=True)
class Finding:
    """One piece of advice on one or several tags."""

    kind: Kind
    tags: tuple[Named, ...]
    reason: Sentence
    remedy: Sentence
