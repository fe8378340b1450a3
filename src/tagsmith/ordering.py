"""The order in which readers look for words, which is not that of code points: by letters, without case and accents.

Chinese is in the order of its characters: how they sound is written nowhere here.
"""

import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
# letters of their own, which come behind the one that they look like
_OWN = {"es": str.maketrans({"ñ": "n\U0010ffff"})}


@lru_cache(maxsize=10_000)
def sorting_key(text: str, language: str = "en") -> tuple[str, str]:
    """Return what texts are sorted by in a language; of those that differ in accents alone, the text itself decides."""
    small = unicodedata.normalize("NFKC", text).casefold().translate(_OWN.get(language.partition("-")[0], {}))
    letters = unicodedata.normalize("NFKD", small.translate(_LETTERS))
    return "".join(one for one in letters if not unicodedata.combining(one)).translate(_KATAKANA), text
