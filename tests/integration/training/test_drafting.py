import pytest

from integration.stages import ada, library, settings, shoes, tags, taught  # noqa: F401 - fixtures
from tagsmith.errors import BadInputError, ConflictError, ExamplesError
from tagsmith.training import jobs
from tagsmith.training.drafting import choose_tags, describe, move_examples
from tagsmith.training.selectors import example_counts
from tagsmith.training.services import add_examples, remove_examples
from tagsmith.training.submitting import submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def configured(settings, monkeypatch):
    monkeypatch.setattr(jobs, "_current", [lambda: settings])


@pytest.mark.req("M1e")
def test_words_change_and_are_checked(ada, shoes):
    described = describe(ada, shoes, title=" Footwear ", description="What feet wear", exclusive=True)
    assert (described.title, described.description) == ("Footwear", "What feet wear")
    with pytest.raises(BadInputError, match="needs one"):
        describe(ada, shoes, title=" ", description="", exclusive=True)


@pytest.mark.req("M2a")
def test_tags_cannot_exclude_each_other_while_an_image_teaches_two(ada, shoes, tags, library):
    describe(ada, shoes, title="Shoes", description="", exclusive=False)
    shoes.refresh_from_db()
    add_examples(ada, shoes, tags["hat"], library["boot"][:1])
    with pytest.raises(ConflictError, match=r"boot-0\.jpg"):
        describe(ada, shoes, title="Shoes", description="", exclusive=True)


@pytest.mark.req("M3")
def test_tag_that_is_no_longer_chosen_takes_its_examples_along(ada, shoes, tags):
    choose_tags(ada, shoes, [tags["boot"], tags["sock"]])
    assert example_counts(shoes) == {"default:boot": 12, "default:sock": 0}


@pytest.mark.req("M3")
def test_moved_example_teaches_the_other_tag_alone(ada, shoes, tags, library):
    assert move_examples(ada, shoes, tags["boot"], tags["hat"], library["boot"][:2]) == 2
    assert example_counts(shoes) == {"default:boot": 10, "default:hat": 14}


@pytest.mark.req("M1b")
@pytest.mark.usefixtures("configured")
def test_submit_is_refused_with_the_tag_and_its_count(ada, shoes, tags, library):
    remove_examples(ada, shoes, tags["hat"], library["hat"][:5])
    with pytest.raises(ExamplesError, match="default:hat: 7 different examples; a tag needs 10 to 50"):
        submit(ada, shoes)
    shoes.refresh_from_db()
    assert shoes.training == "none"
