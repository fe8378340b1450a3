"""The dry run says what a run does."""

from collections import Counter
from uuid import uuid4

import pytest

from integration.stages import (  # noqa: F401 - fixtures
    TEACHING,
    ada,
    library,
    settings,
    shoes,
    smart,
    tags,
    taught,
    trained,
)
from integration.stages import tag_everything as run
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.audit.models import Entry
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.tagging.dry_run import dry_run
from tagsmith.tagging.models import Change, SmartTag
from tagsmith.tagging.moderation import promote, remove
from tagsmith.tagging.publishing import publish
from tagsmith.taxonomy.models import Tag
from tagsmith.training.aims import set_aims
from tagsmith.training.learn import train
from tagsmith.training.models import Example, TagModel, Version
from tagsmith.training.overrides import override
from tagsmith.training.services import add_examples, remove_examples

pytestmark = [pytest.mark.django_db, pytest.mark.req("M10c")]


@pytest.fixture
def confused(trained, library, settings, tags):
    """Give a version that waits for a review: it takes boots for hats, and socks for boots."""
    Example.objects.filter(model=trained).delete()
    for kind, shown in (("hat", "boot"), ("boot", "sock")):
        add_examples(COMMAND_LINE, trained, tags[kind], library[shown][:TEACHING])
    return reviewed(trained, settings)


def reviewed(model, settings):
    model = set_aims(COMMAND_LINE, TagModel.objects.get(pk=model.pk), review_before_publishing=True)
    return train(model, settings)


def live(model):
    return Version.objects.get(model=model, live=True)


def really(version, library):
    """Publish a version and tag everything; return smart tags before and after, and how many changed."""
    before = set(smart())
    publish(COMMAND_LINE, version)
    unit = uuid4()
    run(library, unit)
    return before, set(smart()), Change.objects.filter(unit=unit).count()


def check(result, before, after):
    """Compare a dry run with what a run did, exclusive model or not."""
    flips = Counter()
    for move in result.moves:
        flips[move.source.name, "out"] += move.assets
        flips[move.target.name, "in"] += move.assets
    for effect in result.effects:
        had, has = ({asset for asset, name in some if name == effect.tag.name} for some in (before, after))
        assert (effect.before, effect.after, effect.kept) == (len(had), len(has), len(had & has))
        assert effect.lost + flips[effect.tag.name, "out"] == len(had - has)
        assert effect.gained + flips[effect.tag.name, "in"] == len(has - had)
        assert {one.asset.pk for one in effect.gained_samples} <= has - had
        assert {one.asset.pk for one in effect.lost_samples} <= had - has


def test_dry_run_says_exactly_what_publishing_and_a_run_then_do(trained, confused, library, tags, ada):
    run(library)
    (promoted, _), (removed, _), *_ = sorted(smart("boot"))
    promote(EVERYTHING, ada, [promoted], tags["boot"])
    remove(EVERYTHING, ada, [removed], tags["boot"])
    result = dry_run(EVERYTHING, confused, live(trained), samples=100)
    assert (result.judged, result.unjudged, result.stale) == (54, 0, 0)
    before, after, changes = really(confused, library)
    check(result, before, after)
    assert result.changes == changes
    effects = {effect.tag.name: effect for effect in result.effects}
    assert effects["boot"].gained > 0
    assert effects["hat"].lost > 0
    assert [(move.source.name, move.target.name) for move in result.moves] == [("boot", "hat")]


def test_tags_that_give_way_to_each_other_are_named_with_the_most_confident_assets(trained, confused, library):
    run(library)
    before = smart()
    result = dry_run(EVERYTHING, confused, live(trained), samples=2)
    publish(COMMAND_LINE, confused)
    run(library)
    after = smart()
    flipped = [asset for asset, name in before if name == "boot" and (asset, "hat") in after]
    [move] = result.moves
    assert (move.target.name, move.assets) == ("hat", len(flipped))
    best = sorted(flipped, key=lambda asset: (-after[asset, "hat"], asset))[:2]
    assert [(one.asset.pk, one.before, one.after) for one in move.samples] == [
        (asset, before[asset, "boot"], after[asset, "hat"]) for asset in best
    ]


def test_first_version_of_a_model_only_gives(shoes, settings, library):
    version = reviewed(shoes, settings)
    result = dry_run(EVERYTHING, version, None, samples=100)
    before, after, changes = really(version, library)
    check(result, before, after)
    assert (result.moves, result.changes, sum(effect.gained for effect in result.effects)) == ([], changes, changes)


def test_tags_that_pass_between_models_count(trained, settings, library, tags):
    run(library)
    version = reviewed(taught("Clothes", tags, library, "sock", "boot"), settings)
    result = dry_run(EVERYTHING, version, None, samples=100)
    before, after, changes = really(version, library)
    check(result, before, after)
    assert result.changes == changes
    [boot] = [effect for effect in result.effects if effect.tag.name == "boot"]
    assert boot.rescored > 0


def test_blocked_tags_and_thresholds_set_by_hand_count(trained, confused, library, tags):
    Tag.objects.filter(name="boot").update(blocked=True)
    override(COMMAND_LINE, trained, tags["hat"], apply_from=0.9)
    run(library)
    result = dry_run(EVERYTHING, confused, live(trained), samples=100)
    before, after, changes = really(confused, library)
    check(result, before, after)
    assert result.changes == changes
    assert not any(effect.after for effect in result.effects if effect.tag.name == "boot")


def test_independent_tags_are_gained_and_lost_and_never_flip(trained, library, settings, tags):
    TagModel.objects.update(exclusive=False)
    train(TagModel.objects.get(), settings)
    run(library)
    remove_examples(COMMAND_LINE, trained, tags["hat"], library["hat"][:2])
    version = reviewed(trained, settings)
    result = dry_run(EVERYTHING, version, live(trained), samples=100)
    before, after, changes = really(version, library)
    check(result, before, after)
    assert (result.moves, result.changes) == ([], changes)


def test_smart_tags_that_are_not_as_the_live_version_says_are_counted(trained, confused, library):
    run(library)
    gone, *others = SmartTag.objects.values_list("asset_id", flat=True)
    SmartTag.objects.filter(asset=gone).delete()
    assert dry_run(EVERYTHING, confused, live(trained)).stale == 1
    assert dry_run(EVERYTHING, live(trained), confused).stale is None
    assert others


def test_nothing_is_written(trained, confused, library):
    run(library)
    before = smart(), Change.objects.count(), Entry.objects.count()
    dry_run(EVERYTHING, confused, live(trained))
    assert (smart(), Change.objects.count(), Entry.objects.count()) == before
    assert live(trained) != confused


def test_version_against_itself_changes_nothing(trained, library):
    result = dry_run(EVERYTHING, live(trained), live(trained))
    assert (result.changes, result.moves) == (0, [])
    assert sum(effect.kept for effect in result.effects) > 0


def test_assets_that_a_run_would_not_look_at_are_left_out(trained, confused, library):
    seen = []
    Asset.objects.filter(pk=library["boot"][0].pk).update(state="failed")
    result = dry_run(EVERYTHING, confused, live(trained), advance=seen.append)
    assert (result.judged, result.unjudged, sum(seen)) == (53, 1, 53)


def test_nothing_outside_the_scope_is_counted_or_shown(trained, confused, library):
    result = dry_run(Scope(("elsewhere",)), confused, live(trained))
    assert (result.judged, result.unjudged, result.changes) == (0, 0, 0)
