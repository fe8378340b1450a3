"""The catalogues of texts: up to date, whole, and true to what they translate."""

import ast
import re
from collections import Counter
from html.parser import HTMLParser
from string import Formatter

import pytest
from babel.messages.plurals import get_plural
from django.conf import settings
from django.utils.translation import to_locale

import messages
from tagsmith import errors

OFFERED = sorted(to_locale(code) for code, _ in settings.LANGUAGES if code != "en")
UP_TO_DATE = "run `make messages`"
PERCENT = re.compile(r"%\((\w+)\)[a-z]|%%")
LETTERS = re.compile(r"[^\W\d_]")

pytestmark = pytest.mark.req("A5a")


@pytest.fixture(scope="module")
def texts():
    return messages.extract()


@pytest.fixture(scope="module", params=messages.LANGUAGES)
def catalogue(request):
    return messages.read(request.param)


def keys(catalogue):
    return {(message.id, message.context) for message in catalogue if message.id}


def translated(catalogue):
    """Give each translated form with what it may say: the form for one may leave its number out."""
    for message in catalogue:
        if not message.id or not all(messages.strings(message)):
            continue
        if isinstance(message.id, str):
            yield message.id, message.string, set()
        else:
            for place, form in enumerate(message.string):
                is_one = place == 0 and len(message.string) > 1
                yield message.id[-1], form, {"count"} if is_one else set()


def test_every_text_of_the_sources_is_in_every_catalogue_and_no_other(texts, catalogue):
    assert keys(catalogue) == keys(texts), UP_TO_DATE


def test_files_are_as_the_tool_writes_them_without_dates_places_or_numbers_of_lines(catalogue):
    path = messages.place_of(str(catalogue.locale))
    text = path.read_bytes()
    assert text == messages.written(catalogue), UP_TO_DATE
    assert not re.search(rb"Date:|Translator:|^#: .*(?:/home/|/work/|:\d)", text, re.MULTILINE)


def test_compiled_form_is_not_older_than_the_text(catalogue):
    path = messages.place_of(str(catalogue.locale)).with_suffix(".mo")
    assert path.read_bytes() == messages.compiled(catalogue), UP_TO_DATE


def test_plural_forms_are_those_of_the_language(catalogue):
    forms = get_plural(catalogue.locale)
    text = messages.place_of(str(catalogue.locale)).read_text("utf-8")
    assert f"Plural-Forms: {forms}\\n" in text
    for message in catalogue:
        if message.pluralizable and any(messages.strings(message)):
            assert len(message.string) == forms.num_plurals


@pytest.mark.parametrize("language", OFFERED)
def test_language_that_is_offered_lacks_nothing(language):
    assert [message.id for message in messages.missing(messages.read(language))] == []
    assert not any(message.fuzzy for message in messages.read(language))


@pytest.mark.req("A5b", "A5c")
def test_all_languages_are_offered():
    assert sorted(messages.LANGUAGES) == OFFERED


def placeholders(text):
    named = Counter(found[1] or "%%" for found in PERCENT.finditer(text))
    if "{" in text:
        named.update(name for _, name, _, _ in Formatter().parse(text) if name is not None)
    return named


def test_values_of_a_text_are_those_of_its_translation(catalogue):
    for source, translation, may_lack in translated(catalogue):
        wanted, found = placeholders(source), placeholders(translation)
        assert wanted.keys() - found.keys() <= may_lack, (source, translation)
        assert found.keys() <= wanted.keys(), (source, translation)


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.seen = [], Counter()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self.seen[tag, tuple(attributes)] += 1

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_elements_of_a_text_are_those_of_its_translation_and_are_closed(catalogue):
    for source, translation, _ in translated(catalogue):
        assert Tags(source).seen == Tags(translation).seen, (source, translation)
        assert Tags(translation).open == [], (source, translation)


def test_translations_end_as_their_texts_do(catalogue):
    """What is put together of several texts depends on it: spaces, ends of sentences, three dots."""
    ends = {ord(wide): plain for wide, plain in zip("\u3002\uff1a\uff1f\uff01", ".:?!", strict=True)}  # full-width
    for source, translation, _ in translated(catalogue):
        if not LETTERS.search(source):
            continue
        assert source.strip() == source, source
        assert translation.strip() == translation, translation
        last, said = source[-1], translation.translate(ends)[-1]
        assert (last in ".:?!…") == (said in ".:?!…"), (source, translation)


def test_pages_and_errors_say_words_that_can_be_found():
    """Words put together in the program itself are in no catalogue: `{name}` stands in them, and values come beside."""
    shown = messages.errors().keys() | {"say", "say_many", "forms"} | messages.FUNCTIONS.keys()
    wrong = []
    for path in messages.sources():
        if path.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in shown and node.args:
                said = node.args[0]
                said = said.left if isinstance(said, ast.BinOp) and isinstance(said.left, ast.Call) else said
                if isinstance(said, ast.JoinedStr | ast.IfExp | ast.BinOp):
                    wrong.append(f"{path.relative_to(messages.SOURCES)}:{node.lineno}")
    assert wrong == []


def test_errors_that_pages_show_are_those_of_the_tree():
    assert messages.errors().keys() < vars(errors).keys()
    assert "LibraryError" in messages.errors()
    assert "NotFoundError" not in messages.errors()  # what is not there, and what is not for them, look alike
