"""The tool behind `make messages`: finding texts, merging them without losing a translation, and compiling."""

import gettext
import io

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import messages

pytestmark = pytest.mark.req("A5a")

PYTHON = """
from django.utils.translation import gettext_lazy as _
label = _("One text")
many = ngettext("%(count)s asset", "%(count)s assets", count)
month = pgettext("a month", "May")
raise LibraryError("{name!r} cannot " "be a name", name=name)
raise NotFoundError(f"no asset {number}")
said = say("{tag} fits it too", tag=tag)
counted = say_many("{count} image", "{count} images", 3)
_WORDS = forms("{who} moved it")
_MANY = forms("{who} moved {count} asset", "{who} moved {count} assets")
# Translators: of a lens
width = _("Width")
nothing = say(words)
"""
TEMPLATE = """
{% if x %}<p title="{% translate 'A title' %}">{% translate "Take back" context "a right" %}</p>
    {% blocktranslate count count=n with name=x.name trimmed %}
      {{ count }} folder
      in {{ name }}{% plural %}{{ count }} folders in {{ name }}{% endblocktranslate %}
  {{ folder.name|default:_("Library") }}
{% endif %}
"""


def found(path, text):
    path.write_text(text, encoding="utf-8")
    return {text: context for text, context, _ in messages._texts(path, messages.FUNCTIONS | messages.errors())}


def test_texts_of_python_are_found_with_their_contexts(tmp_path):
    assert found(tmp_path / "x.py", PYTHON) == {
        "One text": None,
        ("%(count)s asset", "%(count)s assets"): None,
        "May": "a month",
        "{name!r} cannot be a name": None,
        "{tag} fits it too": None,
        ("{count} image", "{count} images"): None,
        "{who} moved it": None,
        ("{who} moved {count} asset", "{who} moved {count} assets"): None,
        "Width": None,
    }


def test_texts_of_templates_are_found_however_they_are_indented(tmp_path):
    assert found(tmp_path / "x.html", TEMPLATE) == {
        "A title": None,
        "Take back": "a right",
        ("%(count)s folder in %(name)s", "%(count)s folders in %(name)s"): None,
        "Library": None,
    }


def catalogue(language="de", **texts):
    made = Catalog(locale=language, charset="utf-8", header_comment="# German.")
    for text, translation in texts.items():
        made.add(text, translation, locations=[("x.py", 0)])
    return made


def again(made):
    return read_po(io.BytesIO(messages.written(made)), locale="de", charset="utf-8")


def test_translation_survives_its_text_going_and_coming_back():
    kept = catalogue(asset="Asset", folder="Ordner")
    messages.merge(kept, catalogue(asset=""))
    kept = again(kept)
    assert [message.id for message in kept if message.id] == ["asset"]
    messages.merge(kept, catalogue(asset="", folder="", tag=""))
    assert {message.id: message.string for message in again(kept) if message.id} == {
        "asset": "Asset",
        "folder": "Ordner",
        "tag": "",
    }


def test_file_says_the_same_however_often_it_is_written():
    made = catalogue(b="B", a="A")
    text = messages.written(made)
    assert text == messages.written(again(made))
    assert text.startswith(b'# German.\nmsgid ""\n')
    assert text.index(b'"a"') < text.index(b'"b"')


def test_compiled_form_holds_what_is_translated_and_how_to_count():
    made = catalogue(asset="Asset", folder="")
    made.add(("%(count)s tag", "%(count)s tags"), ("%(count)s Tag", "%(count)s Tags"))
    read = gettext.GNUTranslations(io.BytesIO(messages.compiled(made)))
    assert (read.gettext("asset"), read.gettext("folder")) == ("Asset", "folder")
    assert read.ngettext("%(count)s tag", "%(count)s tags", 1) == "%(count)s Tag"
    assert read.ngettext("%(count)s tag", "%(count)s tags", 0) == "%(count)s Tags"


def test_sheet_of_what_is_missing_can_be_filled_in():
    made = catalogue(language="ja", asset="Asset", folder="")
    made.add(("%(count)s tag", "%(count)s tags"))
    made.add("Take back", context="a right")
    sheet = messages.sheet(made)
    assert [(row["context"], row["text"][0], len(row["translation"])) for row in sheet] == [
        ("", "folder", 1),
        ("", "%(count)s tag", 1),
        ("a right", "Take back", 1),
    ]
    sheet[0]["translation"], sheet[2]["translation"] = ["F"], ["T"]
    messages.fill(made, sheet)
    assert [row["text"][0] for row in messages.sheet(made)] == ["%(count)s tag"]
    assert made.get("Take back", "a right").string == "T"
