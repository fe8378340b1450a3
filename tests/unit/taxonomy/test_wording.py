import pytest

from tagsmith.errors import TaxonomyError
from tagsmith.taxonomy.wording import checked_description, checked_label, checked_language, folded_label


@pytest.mark.parametrize(("code", "clean"), [("en", "en"), ("pt_BR", "pt-br"), (" zh-Hans ", "zh-hans")])
def test_language_codes_get_one_spelling(code, clean):
    assert checked_language(code) == clean


@pytest.mark.parametrize("code", ["", "e", "english", "en-", "de.at", "en-latn-abcd"])
def test_what_is_no_language_code_is_refused(code):
    with pytest.raises(TaxonomyError, match="no language code"):
        checked_language(code)


@pytest.mark.parametrize("text", ["", "  ", "a\0b", "a\nb", "x" * 501])
def test_what_no_label_can_be_is_refused(text):
    with pytest.raises(TaxonomyError, match="title or synonym"):
        checked_label(text)


def test_a_description_has_plain_line_ends_and_no_zero_byte():
    assert checked_description(" one\r\ntwo\rthree ") == "one\ntwo\nthree"
    with pytest.raises(TaxonomyError, match="control character"):
        checked_description("a\0b")


def test_labels_fold_case_and_width_and_stay_short():
    assert folded_label("Ｂoots") == folded_label("bOOTS")  # noqa: RUF001
    assert len(folded_label("\ufdfa" * 500)) == 500
