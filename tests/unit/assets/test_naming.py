"""Names of folders and assets: what is refused, what imported ones become, how siblings are told apart."""

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.assets.naming import LONGEST_NAME, checked_name, fold, imported_name, join, numbered, steps_of
from tagsmith.errors import LibraryError

FILE_NAMES = st.binary(min_size=1, max_size=60).filter(lambda name: not set(name) & {0, ord("/")}).map(os.fsdecode)


@pytest.mark.req("L1a")
@pytest.mark.parametrize("name", ["", "  ", ".", "..", "a/b", "a\nb", "a\0", "a\u2028b", "\ud800", "x" * 256])
def test_what_cannot_be_a_name_is_refused(name):
    with pytest.raises(LibraryError):
        checked_name(name)


@pytest.mark.parametrize(("given_name", "name"), [(" a ", "a"), ("e\u0301", "é"), ("...", "..."), ("x" * 255,) * 2])
def test_name_is_trimmed_and_composed(given_name, name):
    assert checked_name(given_name) == name


@pytest.mark.req("L2a")
@pytest.mark.parametrize(
    ("file_name", "name"),
    [(b"caf\xe9.jpg", "caf\\xe9.jpg"), (b"a\nb.jpg", "a\\nb.jpg"), (b"a\x01.jpg", "a\\x01.jpg"), (b"\xc3\xa9", "é")],
)
def test_name_that_is_not_utf8_or_holds_control_characters_is_written_out(file_name, name):
    assert imported_name(os.fsdecode(file_name)) == name


@given(FILE_NAMES)
def test_any_file_name_becomes_a_name_that_can_be_stored_or_is_refused(file_name):
    try:
        name = imported_name(file_name)
    except LibraryError:
        return
    assert name == checked_name(name)
    assert name.encode()


@given(st.text(max_size=30))
def test_case_and_form_do_not_tell_siblings_apart(text):
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert fold(fold(text)) == fold(text)
    assert fold(composed) == fold(unicodedata.normalize("NFC", decomposed))


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("a.jpg", "a (2).jpg"),
        ("a", "a (2)"),
        ("a.b.png", "a.b (2).png"),
        ("x" * 251 + ".jpg", "x" * 247 + " (2).jpg"),
        ("a." + "x" * 253, ("a." + "x" * 253)[:251] + " (2)"),
    ],
)
def test_second_of_a_name_has_a_number_before_its_extension(name, second):
    assert numbered(name, 2) == second
    assert len(second) <= LONGEST_NAME


def test_path_that_no_index_could_hold_is_refused():
    longest = join("a" * 2396, "ü" * 51 + "x")
    assert len(longest.encode()) == 2500
    with pytest.raises(LibraryError, match="at most 2,500 bytes"):
        join("a" * 2396, "ü" * 52)


def test_steps_of_a_path():
    assert steps_of("") == ()
    assert steps_of("a/b c/d") == ("a", "b c", "d")
    for path in ("/a", "a/", "a//b", "a/../b"):
        with pytest.raises(LibraryError):
            steps_of(path)
