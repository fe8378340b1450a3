import pytest

from tagsmith.audit.services import COMMAND_LINE
from tagsmith.errors import TaxonomyError
from tagsmith.taxonomy.meaning import tag_meant
from tagsmith.taxonomy.models import Label
from tagsmith.taxonomy.services.create import create_tag
from tagsmith.taxonomy.suggesting import suggest_tags
from tagsmith.taxonomy.wording import folded_label

pytestmark = pytest.mark.django_db


@pytest.fixture
def boots(db):
    tag = create_tag(COMMAND_LINE, "shoes/boots")
    for language, text, is_title in (("en", "Boots", True), ("de", "Stiefel", True), ("en", "wellies", False)):
        folded = folded_label(text)
        Label.objects.create(tag=tag, language=language, text=text, folded=folded, is_title=is_title)
    return tag


@pytest.mark.parametrize("typed", ["boo", "Stief", "WELL", "shoes/b"])
def test_tag_is_suggested_by_the_beginning_of_its_words_and_by_its_key(boots, typed):
    assert [found.key for found in suggest_tags(typed)] == ["default:shoes/boots"]


def test_suggestion_has_the_title_of_the_language(boots):
    assert suggest_tags("boo", "de")[0].title == "Stiefel"


def test_nothing_typed_suggests_nothing(boots):
    assert suggest_tags(" ") == []


@pytest.mark.parametrize("typed", ["default:shoes/boots", "shoes/boots", "boots", "stiefel", " Wellies "])
def test_tag_is_meant_by_its_key_and_by_any_of_its_words(boots, typed):
    assert tag_meant(typed) == boots


def test_word_of_two_tags_is_refused_with_both_named(boots):
    create_tag(COMMAND_LINE, "toys/boots")
    with pytest.raises(TaxonomyError, match="shoes/boots or default:toys/boots"):
        tag_meant("boots")


@pytest.mark.parametrize("typed", ["", "no such", "a\0b", "a:b:c"])
def test_what_is_no_tag_is_refused(boots, typed):
    with pytest.raises(TaxonomyError, match="there is no tag"):
        tag_meant(typed)
