"""What a tag's words may be: languages, labels, descriptions. Knows nothing of the database."""

import re
import unicodedata

from tagsmith.errors import TaxonomyError

LONGEST_LABEL = 500
LONGEST_DESCRIPTION = 20_000
LONGEST_LANGUAGE = 10
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_UNPRINTABLE = ("Cc", "Cs", "Zl", "Zp")


def checked_language(code: str) -> str:
    """Return a language's code in one spelling: `pt_BR` and `pt-br` are `pt-br`."""
    clean = code.strip().lower().replace("_", "-")
    if len(clean) > LONGEST_LANGUAGE or not _LANGUAGE.fullmatch(clean):
        raise TaxonomyError("{code!r} is no language code such as en or pt-br", code=code)
    return clean


def fallbacks(language: str) -> tuple[str, ...]:
    """Return in which languages a title is looked for: the reader's, that without its region or script, English."""
    return tuple(dict.fromkeys((language, language.partition("-")[0], "en")))


def checked_label(text: str) -> str:
    """Return a title or synonym without outer spaces, in composed form; raises TaxonomyError if it cannot be one."""
    clean = unicodedata.normalize("NFC", text).strip()
    if not clean:
        raise TaxonomyError("a title or synonym is empty")
    if len(clean) > LONGEST_LABEL:
        raise TaxonomyError(
            "{name}…: a title or synonym has at most {longest} characters", name=clean[:40], longest=LONGEST_LABEL
        )
    if any(unicodedata.category(character) in _UNPRINTABLE for character in clean):
        raise TaxonomyError("{name!r}: a title or synonym cannot hold control characters", name=clean)
    return clean


def checked_description(text: str) -> str:
    """Return a description without outer spaces and with plain line ends."""
    clean = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(clean) > LONGEST_DESCRIPTION:
        raise TaxonomyError("a description has at most {longest} characters", longest=LONGEST_DESCRIPTION)
    for character in clean:
        if character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cs"):
            raise TaxonomyError("a description cannot hold the control character {character!r}", character=character)
    return clean


def folded_label(text: str) -> str:
    """Return what is equal for labels that differ in case and width; cut, since an index holds no long text."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())[:LONGEST_LABEL]
