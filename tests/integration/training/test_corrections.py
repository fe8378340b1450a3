"""What people say of tags teaches the next training."""

from dataclasses import replace
from uuid import uuid4

import pytest

from integration.stages import (  # noqa: F401 - fixtures
    TEACHING,
    ada,
    library,
    settings,
    shoes,
    tag_everything,
    tags,
    trained,
)
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING
from tagsmith.learning.examples import Limits
from tagsmith.tagging.moderation import promote, remove, set_tag, undo_moderation
from tagsmith.training.corrections import Waiting, waiting_corrections
from tagsmith.training.learn import load_version, train
from tagsmith.training.models import TagModel

pytestmark = pytest.mark.django_db


def learned(version):
    return {tag: [name.name for name in names] for tag, names in load_version(version).examples.names.items()}


def ids(assets):
    return [asset.pk for asset in assets]


@pytest.mark.req("M12a")
def test_tags_that_people_set_or_promoted_teach_the_next_training(trained, settings, tags, library, ada):
    tag_everything(library)
    promoted, by_hand = library["boot"][TEACHING], library["hat"][TEACHING]
    assert promote(EVERYTHING, ada, [promoted.pk], tags["boot"]) == 1
    assert set_tag(EVERYTHING, ada, [by_hand.pk], tags["hat"]) == 1
    assert waiting_corrections(trained) == Waiting(promoted=2, rejected=0)
    names = learned(train(trained, settings))
    assert promoted.name in names["default:boot"]
    assert by_hand.name in names["default:hat"]
    assert waiting_corrections(trained) == Waiting(0, 0)


@pytest.mark.req("M12a")
def test_rejected_images_are_negatives_of_the_next_training(trained, settings, tags, library, ada):
    tag_everything(library)
    refused = remove(EVERYTHING, ada, ids(library["boot"][TEACHING:]), tags["boot"])
    assert refused > 2
    assert waiting_corrections(trained) == Waiting(promoted=0, rejected=refused)
    before = load_version(trained.versions.get()).classifier.scorer_
    after = load_version(train(trained, settings)).classifier.scorer_
    assert after.presence.bias.sum() != before.presence.bias.sum()
    assert waiting_corrections(trained) == Waiting(0, 0)


@pytest.mark.req("M12a")
def test_what_was_undone_teaches_nothing(trained, tags, library, ada):
    tag_everything(library)
    unit = uuid4()
    promote(EVERYTHING, ada, [library["boot"][TEACHING].pk], tags["boot"], unit)
    undo_moderation(EVERYTHING, ada, unit)
    assert waiting_corrections(trained) == Waiting(0, 0)


@pytest.mark.req("M12a")
def test_rejection_of_a_content_that_was_replaced_teaches_nothing(trained, tags, library, ada):
    tag_everything(library)
    remove(EVERYTHING, ada, [library["boot"][TEACHING].pk], tags["boot"])
    Asset.objects.filter(pk=library["boot"][TEACHING].pk).update(content="f" * 64)
    assert waiting_corrections(trained) == Waiting(0, 0)


@pytest.mark.req("M12b")
def test_examples_chosen_for_the_model_come_first(trained, settings, tags, library, ada):
    tight = replace(settings, limits=Limits(max_examples=TEACHING + 1))
    set_tag(EVERYTHING, ada, ids(library["boot"][TEACHING : TEACHING + 3]), tags["boot"])
    names = learned(train(trained, tight))["default:boot"]
    assert len(names) == TEACHING + 1
    assert {asset.name for asset in library["boot"][:TEACHING]} < set(names)


@pytest.mark.req("M12b")
def test_asset_with_two_of_an_exclusive_models_tags_teaches_neither(trained, settings, tags, library, ada):
    both = library["sock"][0]
    for kind in ("boot", "hat"):
        set_tag(EVERYTHING, ada, [both.pk], tags[kind])
    assert waiting_corrections(trained) == Waiting(0, 0)
    assert all(both.name not in names for names in learned(train(trained, settings)).values())


@pytest.mark.req("M12b")
def test_model_that_does_not_learn_from_people_does_not(trained, settings, tags, library, ada):
    TagModel.objects.filter(pk=trained.pk).update(learn_from_people=False)
    trained.refresh_from_db()
    set_tag(EVERYTHING, ada, [library["boot"][TEACHING].pk], tags["boot"])
    assert waiting_corrections(trained) == Waiting(0, 0)
    assert library["boot"][TEACHING].name not in learned(train(trained, settings))["default:boot"]
