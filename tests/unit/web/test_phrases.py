"""How sentences of the rooms below are said in the reader's language; the words are those of the German catalogue."""

import pytest
from django.template import Context, Template
from django.utils import translation

from tagsmith.errors import LibraryError
from tagsmith.search.query import parse
from tagsmith.sentences import joined, say, say_many
from tagsmith.web.phrases import phrase, phrases
from tagsmith.web.templatetags.phrases import number, stop

pytestmark = pytest.mark.req("A5a")


@pytest.fixture
def german():
    with translation.override("de"):
        yield


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def test_without_a_translation_it_is_english(german):
    assert phrase(say("not in any catalogue: {what}", what="x")) == "not in any catalogue: x"


def test_text_of_a_person_is_not_translated(german):
    assert phrase("Home") == "Home"
    assert phrase(say("{reason}", reason="Home")) == "Home"
    assert phrase("") == ""


def test_sentence_and_those_in_it_are_said_in_the_reader_s_language(german):
    problems = joined("\n", [say_many("{count} asset", "{count} assets", count) for count in (1, 2)])
    assert phrases(problems) == ["1 Asset", "2 Assets"]


def test_error_is_said_in_the_reader_s_language(german):
    assert phrase(LibraryError("the topmost folder stays as it is")) == "der oberste Ordner bleibt, wie er ist"


def test_note_on_a_search_is_said_in_the_reader_s_language(german):
    (note,) = parse("width:").notes
    assert str(note) != phrase(note)
    assert "width:" in phrase(note)


def test_numbers_are_written_as_readers_write_them(german):
    assert phrase(say("{count:,} x", count=1234567)) == "1.234.567 x"
    assert phrase(say("{share:.0%} x", share=0.875)) == "88\N{NO-BREAK SPACE}% x"
    assert phrase(say("{share:.1%} x", share=0.875)) == "87,5\N{NO-BREAK SPACE}% x"
    assert phrase(say("{value:g} x", value=0.5)) == "0,5 x"
    assert number(100000) == "100.000"


def test_in_english_it_is_what_a_terminal_says(english):
    for sentence in (say("{count:,} x", count=12345), say("{share:.1%} x", share=0.875), say("{value:g}", value=0.5)):
        assert phrase(sentence) == str(sentence)
    assert number(100000) == "100,000"


def test_names_are_put_in_as_they_are(german):
    assert phrase(say("{name!r} and {name}", name="{0} % x")) == "'{0} % x' and {0} % x"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Run `tagsmith check` & wait.", "Run <code>tagsmith check</code> &amp; wait."),
        ("`a <b>` and `c`", "<code>a &lt;b&gt;</code> and <code>c</code>"),
        ("one ` alone", "one ` alone"),
        ("none <b>", "none &lt;b&gt;"),
    ],
)
def test_what_stands_in_backticks_is_code_and_nothing_else_is_markup(text, shown):
    assert Template("{{ text|code }}").render(Context({"text": text})) == shown


@pytest.mark.parametrize(
    ("language", "said"), [("en", "so <b>."), ("de", "so <b>."), ("ja", "so <b>。"), ("zh-hans", "so <b>。")]
)
def test_a_full_stop_is_that_of_the_language(language, said):
    with translation.override(language):
        assert stop("so <b>") == said
        assert Template("{{ text|stop }}").render(Context({"text": "so <b>"})) == said.replace("<b>", "&lt;b&gt;")
