"""The texts of a page that people read or hear, and which of them are English where they should not be."""

import re
from functools import cache
from html.parser import HTMLParser

import messages

SPOKEN = {"alt", "aria-label", "aria-description", "placeholder", "title", "label"}
SILENT = {"script", "style", "code", "kbd", "time", "template"}
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
ENGLISH = re.compile(
    r"\b(?:the|of|and|is|are|with|this|that|those|from|to|has|have|by|for|its|were|can|be|which|without|who|what|at)\b",
    re.IGNORECASE,
)
VALUE = re.compile(r"%%?\(\w+\)[a-z]|\{\w*[^}]*\}")


class Texts(HTMLParser):
    """Collects texts and spoken attributes, but for code and what is marked as of another language."""

    def __init__(self, page):
        super().__init__()
        self.open, self.texts, self.page = [], [], page
        self.feed(page)
        self.close()

    @property
    def is_silent(self):
        return any(silent for _, silent in self.open)

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        other = tag not in ("html", "body") and (said.get("lang", "de") != "de" or said.get("translate") == "no")
        if not self.is_silent and not other:
            self.add(*(value for name, value in attributes if name in SPOKEN or name.startswith("data-")))
            if tag == "input" and said.get("type") == "submit":
                self.add(said.get("value"))
        if tag not in VOID:
            self.open.append((tag, tag in SILENT or other))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, text):
        if not self.is_silent:
            self.add(text)

    def add(self, *texts):
        self.texts.extend(" ".join(text.split()) for text in texts if text and text.strip())


@cache
def _known():
    """Texts in English that are others in German; with values, as patterns."""
    german = messages.read("de")
    said = {form for message in german if message.id for form in messages.strings(message)}
    plain, patterns = set(), []
    for message in german:
        for text in message.id if isinstance(message.id, tuple) else (message.id,):
            if not text or text in said:
                continue
            words = VALUE.split(text)
            if len(words) == 1:
                plain.add(text.replace("%%", "%"))
            elif len(re.findall(r"[^\W\d_]{2,}", " ".join(words))) > 1:
                patterns.append(".+".join(map(re.escape, words)))
    return plain, re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def english_in(page):
    """Return the texts of a German page that are English."""
    plain, pattern = _known()
    texts = Texts(page).texts
    return sorted({text for text in texts if text in plain or pattern.fullmatch(text) or ENGLISH.search(text)})
