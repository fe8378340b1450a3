"""The slider says what a run gives."""

import pytest

from integration.stages import ada, library, settings, shoes, smart, tag_everything, tags, trained  # noqa: F401 - fixtures
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.services.trash import trash_assets
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.embeddings import selectors
from tagsmith.tagging import over_library
from tagsmith.tagging.moderation import remove, set_tag
from tagsmith.tagging.what_if import reach_of, what_if
from tagsmith.training.learn import train
from tagsmith.training.models import TagModel, Version
from tagsmith.training.overrides import Override, override

pytestmark = [pytest.mark.django_db, pytest.mark.req("M11e")]


@pytest.fixture
def version(trained):
    return Version.objects.get(model=trained, live=True)


@pytest.fixture
def version_of(shoes, settings):
    """Train a model whose tags exclude each other, or not."""

    def trained(exclusive):
        TagModel.objects.update(exclusive=exclusive)
        return train(TagModel.objects.get(), settings)

    return trained


def counts(version, said=None, scope=EVERYTHING):
    return {one.tag.name: one for one in what_if(scope, version, said)}


def applied(version, said=None):
    return {name: one.applied for name, one in counts(version, said).items()}


def given():
    return {name: len(smart(name)) for name in ("boot", "hat")}


@pytest.mark.parametrize("exclusive", [True, False])
@pytest.mark.parametrize("threshold", [None, 0.2, 0.731, 0.95, 1])
def test_counts_at_a_threshold_are_what_a_run_gives_with_it(version_of, library, tags, exclusive, threshold):
    version = version_of(exclusive)
    tried = {tags["boot"].pk: Override(apply_from=threshold)}
    expected = applied(version, tried)
    if threshold is not None:
        override(COMMAND_LINE, version.model, tags["boot"], apply_from=threshold)
    tag_everything(library)
    assert expected == given()
    assert applied(version) == given()


def test_lower_thresholds_give_more_and_suggestions_are_counted_apart(version, library, tags):
    tag_everything(library)
    boot, best = tags["boot"].pk, max(smart("boot").values()) / 1000
    low, high = (counts(version, {boot: Override(one, 0.05)})["boot"] for one in (0.3, best))
    assert low.applied > high.applied
    assert low.applied + low.suggested == high.applied + high.suggested
    assert low.precision < high.precision


def test_what_people_said_counts(version, library, tags, ada):
    tag_everything(library)
    (asset, _), *_ = smart("boot")
    remove(EVERYTHING, ada, [asset], tags["boot"])
    (by_hand, _), *_ = smart("hat")
    set_tag(EVERYTHING, ada, [by_hand], tags["boot"])
    assert applied(version) != given()
    tag_everything(library)
    assert applied(version) == given()


def test_library_is_scored_once_until_something_changes(version, library, tags, monkeypatch):
    reads = []
    monkeypatch.setattr(over_library, "read_vectors", lambda *given: reads.append(1) or selectors.read_vectors(*given))
    for threshold in (0.5, 0.6, 0.7):
        what_if(EVERYTHING, version, {tags["boot"].pk: Override(apply_from=threshold)})
    assert len(reads) == 1
    trash_assets(EVERYTHING, COMMAND_LINE, [library["boot"][0].pk])
    assert reach_of(EVERYTHING, version).assets == 53
    assert len(reads) == 2


def test_precision_is_turned_into_the_lowest_threshold_that_reaches_it(version, tags):
    boot, reach = tags["boot"].pk, reach_of(EVERYTHING, version)
    threshold = reach.threshold(boot, 0.9)
    assert reach.precision(boot, threshold) >= 0.9
    assert reach.precision(boot, threshold - 0.001) < 0.9 or reach.at(boot, threshold) == reach.at(boot, 0.001)


def test_nothing_outside_the_scope_is_counted(version):
    assert applied(version)["boot"] > 0
    assert {one.applied for one in counts(version, scope=Scope(("elsewhere",))).values()} == {0}
