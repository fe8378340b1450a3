"""Where a page ended, as a word that a client hands back: nothing is skipped or repeated when rows come and go."""

import base64
import json
from dataclasses import dataclass

from tagsmith.errors import LibraryError


@dataclass(frozen=True)
class Cursor:
    """The last row of a page: its id, and the text that it was sorted by."""

    pk: int
    name: str

    def written(self) -> str:
        """Return the word for it, of letters, digits, `-` and `_`."""
        return base64.urlsafe_b64encode(json.dumps([self.pk, self.name]).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, word: str) -> "Cursor":
        """Return what a word stands for; raises LibraryError if we never wrote it."""
        try:
            pk, name = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        except (ValueError, TypeError):
            raise LibraryError("{word!r} is not where a page ended", word=word[:40]) from None
        if not isinstance(pk, int) or not isinstance(name, str) or "\0" in name or abs(pk) >= 2**63:
            raise LibraryError("{word!r} is not where a page ended", word=word[:40])
        return cls(pk, name)
