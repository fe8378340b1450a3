"""Thresholds that people set, and what they want of the next training."""

import pytest

from integration.stages import ada, library, settings, shoes, smart, tag_everything, tags, trained  # noqa: F401 - fixtures
from tagsmith.audit.models import Entry
from tagsmith.errors import BadInputError, NotFoundError
from tagsmith.tagging.heads import live_boards
from tagsmith.taxonomy.references import REFERENCES
from tagsmith.taxonomy.services import merge
from tagsmith.training.aims import set_aims
from tagsmith.training.learn import load_version, train
from tagsmith.training.models import TagModel
from tagsmith.training.overrides import Override, clear, override, overrides
from tagsmith.training.references import TagModels

pytestmark = pytest.mark.django_db


def thresholds(tag):
    [[head]] = [board.heads for board in live_boards()]
    place = head.tags.tolist().index(tag.pk)
    return head.thresholds[place], head.suggest_thresholds[place]


@pytest.mark.req("M11d")
def test_threshold_set_by_hand_decides_from_the_next_look_on(trained, library, tags, ada):
    tag_everything(library)
    before = smart("boot")
    strictest = max(before.values())
    override(ada, trained, tags["boot"], apply_from=strictest / 1000)
    assert smart("boot") == before
    tag_everything(library)
    assert smart("boot") == {key: confidence for key, confidence in before.items() if confidence == strictest}
    clear(ada, trained, tags["boot"])
    tag_everything(library)
    assert smart("boot") == before


@pytest.mark.req("M11d")
def test_threshold_set_by_hand_holds_for_later_versions(trained, tags, settings, ada):
    override(ada, trained, tags["boot"], apply_from=0.987, suggest_from=0.321)
    train(trained, settings)
    assert thresholds(tags["boot"]) == (0.987, 0.321)


@pytest.mark.req("M11d")
def test_tag_that_applies_need_not_be_suggested(trained, tags, ada):
    override(ada, trained, tags["boot"], apply_from=0.012)
    assert thresholds(tags["boot"]) == (0.012, 0.012)


@pytest.mark.req("M11d")
def test_thresholds_are_audited_with_what_they_were(trained, tags, ada):
    override(ada, trained, tags["boot"], apply_from=0.9)
    override(ada, trained, tags["boot"], suggest_from=0.4)
    override(ada, trained, tags["boot"], suggest_from=0.4)
    entry, *others = Entry.objects.filter(action="set thresholds").order_by("-pk")
    assert (entry.actor, entry.subject_id, len(others)) == (ada.person, trained.pk, 1)
    assert entry.before == {"tag": "default:boot", "apply_from": 0.9, "suggest_from": None}
    assert entry.after == {"tag": "default:boot", "apply_from": 0.9, "suggest_from": 0.4}


@pytest.mark.req("M11d")
@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"apply_from": 0}, "apply: 0 is not a threshold"),
        ({"apply_from": 1.1}, "apply: 1.1 is not a threshold"),
        ({"suggest_from": float("nan")}, "suggest: nan is not a threshold"),
        ({"apply_from": 0.5, "suggest_from": 0.6}, "suggest: 0.6 is above 0.5"),
    ],
)
def test_wrong_threshold_is_refused_and_nothing_is_set(trained, tags, ada, said, problem):
    with pytest.raises(BadInputError, match=problem):
        override(ada, trained, tags["boot"], **said)
    assert overrides([trained.pk]) == {}


@pytest.mark.req("M11d")
def test_threshold_of_a_tag_that_is_not_taught_is_refused(trained, tags, ada):
    with pytest.raises(NotFoundError, match="does not teach"):
        override(ada, trained, tags["sock"], apply_from=0.5)


@pytest.fixture
def tag_models_hear_of_merges():
    REFERENCES.register(TagModels())
    yield
    REFERENCES.unregister(TagModels.kind)


@pytest.mark.req("M11d")
@pytest.mark.usefixtures("tag_models_hear_of_merges")
def test_threshold_follows_a_merged_tag(trained, tags, ada):
    override(ada, trained, tags["boot"], apply_from=0.987)
    merge(ada, tags["boot"], tags["sock"])
    assert overrides([trained.pk]) == {(trained.pk, tags["sock"].pk): Override(apply_from=0.987)}
    assert thresholds(tags["sock"])[0] == 0.987


@pytest.mark.req("M9a")
def test_model_that_is_to_be_reviewed_leaves_a_new_version_unpublished(trained, settings, ada):
    model = set_aims(ada, trained, review_before_publishing=True)
    assert not train(model, settings).live


@pytest.mark.req("M11b")
def test_target_precision_is_that_of_the_next_training(trained, settings, ada):
    model = set_aims(ada, trained, target_precision=0.8, suggest_precision=0.4)
    classifier = load_version(train(model, settings)).classifier
    assert (classifier.target_precision, classifier.suggest_precision) == (0.8, 0.4)


def test_aims_are_audited_and_what_stays_is_not_named(trained, ada):
    model = set_aims(ada, trained, prevalence=0.2, learn_from_people=True)
    assert (model.prevalence, model.learn_from_people) == (0.2, True)
    entry = Entry.objects.latest("pk")
    assert (entry.action, entry.before, entry.after) == ("set aims", {"prevalence": None}, {"prevalence": 0.2})
    assert set_aims(ada, trained, prevalence=None).prevalence is None


@pytest.mark.parametrize(
    "aims", [{"target_precision": 0}, {"prevalence": 1.5}, {"suggest_precision": 0.95}, {"target_precision": 0.4}]
)
def test_aims_that_cannot_be_reached_are_refused(trained, ada, aims):
    with pytest.raises(BadInputError, match=r"precision|prevalence"):
        set_aims(ada, trained, **aims)
    assert TagModel.objects.filter(pk=trained.pk, target_precision=0.9, prevalence=None, suggest_precision=0.5).exists()
