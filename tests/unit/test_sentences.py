import copy
import pickle
from pathlib import Path

import numpy as np
import pytest

from tagsmith.errors import BadInputError, LibraryError, NotFoundError, SignInError, TagsmithError
from tagsmith.sentence_field import SentenceField, restored, stored
from tagsmith.sentences import Sentence, fill, forms, joined, say, say_many


def test_sentence_is_its_english_text_and_knows_what_it_was_made_of():
    sentence = say("{name!r} has {count:,} words", name="a b", count=1234)
    assert sentence == "'a b' has 1,234 words"
    assert (sentence.words, sentence.values) == (("{name!r} has {count:,} words",), {"name": "a b", "count": 1234})


@pytest.mark.parametrize(("count", "text"), [(0, "0 images"), (1, "1 image"), (2, "2 images"), (1000, "1,000 images")])
def test_form_follows_the_number(count, text):
    assert say_many("{count} image", "{count:,} images", count) == text
    assert fill(forms("{count} image", "{count:,} images"), count=count) == text


def test_words_without_values_are_left_alone_also_with_braces():
    assert say("all of {this} stays, and } too") == "all of {this} stays, and } too"


def test_braces_in_values_are_never_read_as_words():
    assert say("{what} is no field", what="{what}{0}") == "{what}{0} is no field"


def test_several_are_one():
    whole = joined("; ", [say("no {what}", what="tag"), "{plain}"])
    assert whole == "no tag; {plain}"
    assert [part.words for part in whole.values.values() if isinstance(part, Sentence)] == [("no {what}",)]
    assert joined("\n", []) == ""


def test_what_is_already_a_sentence_stays_it():
    sentence = say("no {what}", what="tag")
    assert say(sentence) is sentence


@pytest.mark.parametrize(
    "sentence",
    [
        say("{number:,} and {share:.1%}", number=np.int64(12345), share=np.float32(0.5)),
        say("{path}: {reason}", path=Path("a/b.png"), reason=say("no {what}", what="image")),
        say_many("{count} image", "{count} images", 1),
        say("nothing to put in"),
        joined(", ", [say("a"), "b"]),
    ],
)
def test_sentence_comes_back_from_a_column_a_copy_and_another_process_as_it_was(sentence):
    for other in (restored(stored(sentence)), copy.deepcopy(sentence), pickle.loads(pickle.dumps(sentence))):
        assert isinstance(other, Sentence)
        assert (other, other.words, other.values) == (sentence, sentence.words, dict(sentence.values))
        assert [type(value) for value in other.values.values()] == [type(value) for value in sentence.values.values()]


@pytest.mark.parametrize("text", ["", "plain", "{braces}", '{"json": 1}'])
def test_plain_text_in_a_column_stays_plain(text):
    assert stored(text) == text
    assert type(restored(text)) is str
    assert stored(say("")) == ""


def test_column_is_one_of_text_to_migrations():
    _name, path, _args, _kwargs = SentenceField(blank=True).deconstruct()
    assert path == "django.db.models.TextField"


def test_error_reads_as_its_sentence():
    error = LibraryError("{name!r} cannot be a name", name="a/b")
    assert str(error) == "'a/b' cannot be a name"
    assert error.sentence.words == ("{name!r} cannot be a name",)
    assert pickle.loads(pickle.dumps(error)).sentence.values == {"name": "a/b"}


@pytest.mark.parametrize("error", [BadInputError(say("no")), NotFoundError("no"), TagsmithError(), SignInError(3)])
def test_every_error_has_a_sentence(error):
    assert error.sentence == str(error)
