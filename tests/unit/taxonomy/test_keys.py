import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.errors import TaxonomyError
from tagsmith.taxonomy.keys import Key, fold, parse_key, parse_place


@pytest.mark.req("X1a")
def test_a_key_without_namespace_belongs_to_default():
    assert str(parse_key("shoes/boots")) == "default:shoes/boots"


@pytest.mark.req("X1a")
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a:b:c", "cannot hold ':'"),
        ("a:b//c", "is empty"),
        ("a: ", "is empty"),
        (":a", "is empty"),
        ("x" * 201, "at most 200 characters"),
        ("n" * 101 + ":x", "at most 100 characters"),
        ("a\nb", "control characters"),
        ("/".join("x" * 101), "at most 100 levels"),
        ("/".join(["\N{GRINNING FACE}" * 200] * 3), "at most 2000 bytes"),
    ],
)
def test_what_no_key_can_be_is_refused_with_the_reason(text, reason):
    with pytest.raises(TaxonomyError, match=reason):
        parse_key(text)


def test_spaces_around_names_do_not_count():
    assert str(parse_key(" brand : a / b ")) == "brand:a/b"


def test_composed_and_decomposed_letters_are_one():
    assert parse_key("caf\u00e9") == parse_key("cafe\u0301")


def test_the_top_of_a_namespace_is_a_place():
    assert parse_place("brand:") == Key("brand", ())
    assert parse_place("brand:a") == parse_key("brand:a")


@pytest.mark.parametrize(("one", "other"), [("Boot", "bOOT"), ("STRASSE", "straße"), ("ΣΑΣ", "σας")])
def test_keys_that_differ_in_case_only_fold_alike(one, other):
    assert parse_key(one).folded == parse_key(other).folded


@given(st.text())
def test_folding_makes_no_separator(text):
    assert [fold(text).count(one) for one in ":/"] == [text.count(one) for one in ":/"]


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=4))
def test_what_is_a_key_is_one_when_written_and_read_again(names):
    try:
        key = parse_key("n:" + "/".join(names))
    except TaxonomyError:
        return
    assert parse_key(str(key)) == key
