from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from integration.stages import ada, library, settings, shoes, smart, tags, taught, trained  # noqa: F401 - fixtures
from integration.stages import tag_everything as run
from integration.tagging.test_taxonomy_changes import kinds, wellington  # noqa: F401 - fixtures
from tagsmith.assets.models import Asset, Folder, State
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.audit.models import Entry
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.embeddings.following import PREPARED
from tagsmith.errors import LibraryError
from tagsmith.search.selectors import search
from tagsmith.tagging import publishing
from tagsmith.tagging.models import Change, Suggestion
from tagsmith.tagging.moderation import promote, remove, set_tag, undo_moderation
from tagsmith.tagging.review import Which, accept, counts, matching, queue, reject
from tagsmith.tagging.services import tag_assets, undo
from tagsmith.tagging.suggesting import forget_suggestions
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.services import delete, merge, undo_delete
from tagsmith.training.learn import train
from tagsmith.training.models import TagModel, TaughtTag

pytestmark = pytest.mark.django_db


@pytest.fixture
def unsure(trained):
    """A tag model that is never sure enough to give a tag by itself."""
    return only_suggests(trained)


def only_suggests(model, low=0.2):
    TaughtTag.objects.filter(model=model).update(apply_from=1.0, suggest_from=low)
    return model


def suggested(tag=None, scope=EVERYTHING):
    """Return what waits in the queue: confidences by asset and tag name; of all tags, or of one."""
    rows = queue(scope, size=1000).suggestions
    return {(row.asset_id, row.tag.name): row.confidence for row in rows if tag in (None, row.tag.name)}


def first(tag):
    return next(asset for asset, _ in suggested(tag))


def places():
    """Return where the rows lie: writing one moves it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT asset_id, tag_id, ctid::text FROM tagging_suggestion ORDER BY 1, 2")
        return cursor.fetchall()


@pytest.mark.req("W6a")
def test_what_is_surer_than_the_one_threshold_and_not_than_the_other_is_suggested_and_no_smart_tag(trained, library):
    run(library)
    sure = smart()
    threshold = (sorted(sure.values())[len(sure) // 2] + 0.5) / 1000
    TaughtTag.objects.update(apply_from=threshold, suggest_from=0.3)
    run(library)
    assert smart() == {key: value for key, value in sure.items() if value / 1000 >= threshold}
    found = suggested()
    assert {key for key, value in sure.items() if value / 1000 < threshold} <= set(found)
    assert all(300 <= value < threshold * 1000 for value in found.values())


@pytest.mark.req("W6a")
def test_thresholds_that_were_learned_suggest_what_is_not_sure_enough(shoes, settings, library):
    shoes.target_precision = 0.9999
    shoes.save()
    train(shoes, settings)
    outcome = run(library)
    assert suggested()
    assert not set(suggested()) & set(smart())
    assert outcome.changes == len(smart()) == Change.objects.count()


@pytest.mark.req("W6a")
def test_exclusive_model_suggests_one_tag_of_an_asset_and_an_independent_one_each(library, tags, settings, shoes):
    TagModel.objects.update(exclusive=False)
    shoes.refresh_from_db()
    train(shoes, settings)
    only_suggests(shoes, low=0.0)
    run(library)
    assert len(suggested()) == 2 * 54
    TagModel.objects.update(exclusive=True)
    shoes.refresh_from_db()
    train(shoes, settings)
    run(library)
    assets = [asset for asset, _ in suggested()]
    assert len(assets) == len(set(assets)) == 54


@pytest.mark.req("W6a")
def test_running_again_writes_no_suggestion(unsure, library):
    run(library)
    before = places()
    assert run(library).changes == 0
    assert len(before) == len(suggested())
    assert places() == before


@pytest.mark.req("W6a")
def test_suggestions_are_found_by_no_search_and_stand_on_no_asset(unsure, library):
    run(library)
    assert suggested("boot")
    assert smart() == {}
    assert search(EVERYTHING, "tags:boot").hits == []


@pytest.mark.req("W6a")
def test_suggestion_becomes_a_smart_tag_when_its_model_is_surer_and_back(unsure, library):
    run(library)
    waiting = suggested()
    TaughtTag.objects.update(apply_from=0.2)
    run(library)
    assert (smart(), suggested()) == (waiting, {})
    TaughtTag.objects.update(apply_from=1.0)
    run(library)
    assert (smart(), suggested()) == ({}, waiting)


@pytest.mark.req("W6b")
def test_accepted_suggestion_is_a_persons_own_tag_and_taken_back_as_one(unsure, library, tags, ada):
    run(library)
    before, pairs = suggested(), matching(EVERYTHING, Which(tags["boot"]))
    done = accept(EVERYTHING, ada, pairs)
    assert done.count == len(pairs) > 5
    assert set(HumanTag.objects.values_list("asset_id", "tag_id", "person", "promoted")) == {
        (asset, tag, ada.person.pk, True) for asset, tag in pairs
    }
    assert Entry.objects.filter(action="accept suggestion", unit=done.unit).count() == len(pairs)
    assert not suggested("boot")
    run(library)
    assert not suggested("boot")
    assert undo_moderation(EVERYTHING, ada, done.unit) == len(pairs)
    assert suggested() == before
    assert not HumanTag.objects.exists()


@pytest.mark.req("W6b", "T3a")
def test_rejected_suggestion_never_comes_back_through_any_run_or_version_until_it_is_taken_back(
    unsure, library, settings, tags, ada
):
    run(library)
    asset = first("boot")
    done = reject(EVERYTHING, ada, [(asset, tags["boot"].pk)])
    assert list(Rejection.objects.values_list("asset_id", "tag__name", "person")) == [(asset, "boot", ada.person.pk)]
    TaughtTag.objects.update(apply_from=0.2)
    train(unsure, settings)
    run(library)
    assert (asset, "boot") not in {**smart(), **suggested()}
    assert undo_moderation(EVERYTHING, ada, done.unit) == 1
    assert not Rejection.objects.exists()
    run(library)
    assert (asset, "boot") in {**smart(), **suggested()}


@pytest.mark.req("W6b")
def test_suggestions_of_several_tags_are_accepted_as_one_and_undo_leaves_alone_what_was_said_since(
    unsure, library, tags, ada
):
    run(library)
    done = accept(EVERYTHING, ada, matching(EVERYTHING, Which()))
    changed = next(asset for asset, name in HumanTag.objects.values_list("asset_id", "tag__name") if name == "hat")
    remove(EVERYTHING, ada, [changed], tags["hat"])
    assert undo_moderation(EVERYTHING, ada, done.unit) == done.count - 1
    assert not HumanTag.objects.exists()
    assert list(Rejection.objects.values_list("asset_id", "tag__name")) == [(changed, "hat")]


@pytest.mark.req("W6b")
def test_pair_that_stands_no_more_is_left_alone(unsure, library, tags, ada):
    run(library)
    asset, boot = first("boot"), tags["boot"].pk
    assert accept(EVERYTHING, ada, [(asset, tags["hat"].pk), (asset, 10**9)]).count == 0
    assert reject(EVERYTHING, ada, [(asset, boot)]).count == 1
    assert accept(EVERYTHING, ada, [(asset, boot)]).count == 0
    assert not HumanTag.objects.exists()


@pytest.mark.req("W6b")
def test_what_a_person_says_by_hand_ends_the_suggestion_and_undoing_it_brings_it_back(unsure, library, tags, ada):
    run(library)
    before, asset, unit = suggested(), first("boot"), uuid4()
    set_tag(EVERYTHING, ada, [asset], tags["boot"], unit)
    assert (asset, "boot") not in suggested()
    undo_moderation(EVERYTHING, ada, unit)
    assert suggested() == before


@pytest.mark.req("W6b", "M5c")
def test_tag_that_a_person_set_silences_the_suggestions_of_its_exclusive_model_there(
    unsure, library, tags, ada, wellington
):
    run(library)
    before, asset, unit = suggested(), first("boot"), uuid4()
    merge(ada, tags["hat"], wellington)
    set_tag(EVERYTHING, ada, [asset], wellington, unit)
    assert [pair for pair in suggested() if pair[0] == asset] == []
    run(library)
    assert [pair for pair in suggested() if pair[0] == asset] == []
    undo_moderation(EVERYTHING, ada, unit)
    run(library)
    assert suggested("boot") == {pair: value for pair, value in before.items() if pair[1] == "boot"}


@pytest.mark.req("W6b", "A1a")
def test_nobody_sees_counts_or_decides_what_is_out_of_their_folders(unsure, library, tags, ada):
    mine = Folder.objects.create(name="mine", folded="mine", path="mine", parent=Folder.objects.get(path=""))
    run(library)
    asset = first("boot")
    Asset.objects.filter(pk=asset).update(folder=mine)
    scope, elsewhere = Scope(("mine",)), Scope(("elsewhere",))
    assert set(suggested(scope=scope)) == {(asset, "boot")}
    assert [row.count for row in counts(scope)] == [1]
    assert (suggested(scope=elsewhere), counts(elsewhere)) == ({}, [])
    assert accept(elsewhere, ada, [(asset, tags["boot"].pk)]).count == 0
    assert accept(scope, ada, matching(EVERYTHING, Which())).count == 1


@pytest.mark.req("W6a", "T4a")
def test_suggestions_of_a_retired_model_go_at_once_and_come_back_with_it(unsure, library, ada):
    run(library)
    before, live = suggested(), unsure.versions.get(live=True)
    publishing.retire(ada, unsure)
    assert (suggested(), counts(EVERYTHING)) == ({}, [])
    publishing.publish(ada, unsure.versions.get(pk=live.pk))
    assert suggested() == before
    publishing.retire(ada, unsure)
    run(library)
    assert not Suggestion.objects.exists()


@pytest.mark.req("W6a", "M10b")
def test_suggestions_of_a_version_go_when_it_is_rolled_back(unsure, library, settings, ada):
    run(library)
    train(unsure, settings)
    assert suggested()
    run(library)
    publishing.roll_back(ada, unsure)
    assert suggested() == {}
    run(library)
    assert suggested()


@pytest.mark.req("W6a")
def test_smart_tag_that_undoing_a_run_brings_back_ends_the_suggestion(trained, library, ada):
    run(library)
    before, unit = smart(), uuid4()
    only_suggests(trained)
    run(library, unit)
    assert set(before) <= set(suggested())
    undo(unit, uuid4())
    assert not set(before) & set(suggested())
    assert smart() == before


@pytest.mark.req("W6a", "T3d")
def test_suggestions_follow_a_merge_but_not_to_where_people_have_said_something(unsure, library, tags, ada, wellington):
    run(library)
    before = {asset: value for (asset, _), value in suggested("boot").items()}
    own, refused, *_ = before
    set_tag(EVERYTHING, ada, [own], wellington)
    set_tag(EVERYTHING, ada, [refused], wellington)
    remove(EVERYTHING, ada, [refused], wellington)
    page = matching(EVERYTHING, Which(tags["boot"]))
    merge(ada, tags["boot"], wellington)
    left = {(asset, "wellington"): value for asset, value in before.items() if asset not in (own, refused)}
    assert suggested("wellington") == left
    assert accept(EVERYTHING, ada, page).count == len(left)  # a page from before the merge still counts


@pytest.mark.req("W6a", "T3d")
def test_of_two_suggestions_that_become_one_tag_the_surer_stays(library, tags, settings, unsure, ada):
    other = taught("Looks", tags, library, "sock", "boot")
    run(library)
    asset = first("boot")
    was = suggested()[asset, "boot"]
    version = train(other, settings)
    Suggestion.objects.create(asset_id=asset, tag=tags["sock"], version=version, confidence=was + 1)
    merge(ada, tags["sock"], tags["boot"])
    assert suggested()[asset, "boot"] == was + 1


@pytest.mark.req("W6a", "T4b")
def test_suggestions_of_a_deleted_tag_go_and_come_back_with_it(unsure, library, tags, ada):
    run(library)
    before = suggested()
    deletion = delete(ada, tags["boot"])
    assert not suggested("boot")
    undo_delete(ada, deletion.id)
    assert suggested() == before
    Tag.objects.filter(pk=tags["boot"].pk).update(blocked=True)
    assert not suggested("boot")


@pytest.mark.req("W6a")
def test_asset_in_the_trash_or_being_prepared_has_no_suggestions_and_new_content_none_until_it_is_looked_at(
    unsure, library
):
    run(library)
    before, asset = suggested(), first("boot")
    row = Asset.objects.filter(pk=asset)
    row.update(trashed=timezone.now())
    assert (asset, "boot") not in suggested()
    row.update(trashed=None, content="n" * 64, state=State.NEW)
    assert (asset, "boot") not in suggested()
    PREPARED.register("suggestions", forget_suggestions)
    try:
        PREPARED.changed([asset])
    finally:
        PREPARED.unregister("suggestions")
    row.update(state=State.READY)
    assert set(before) - set(suggested()) == {(asset, "boot")}
    tag_assets([asset], uuid4())
    assert suggested() == before


@pytest.mark.req("W6c")
def test_queue_is_the_surest_first_in_pages_that_neither_repeat_nor_skip_when_rows_go(unsure, library, tags, ada):
    run(library)
    everything = [(row.asset_id, row.tag_id) for row in queue(EVERYTHING, size=1000).suggestions]
    confidences = [row.confidence for row in queue(EVERYTHING, size=1000).suggestions]
    assert confidences == sorted(confidences, reverse=True)
    seen, after = [], ""
    while True:
        page = queue(EVERYTHING, after=after, size=7)
        pairs = [(row.asset_id, row.tag_id) for row in page.suggestions]
        seen += pairs
        accept(EVERYTHING, ada, pairs[:3])
        if not (after := page.after):
            break
    assert seen == everything


@pytest.mark.req("W6c")
def test_assets_of_one_confidence_are_paged_through_each_once(unsure, library, tags):
    run(library)
    Suggestion.objects.update(confidence=500)
    everything = [row.asset_id for row in queue(EVERYTHING, size=1000).suggestions]
    half = queue(EVERYTHING, size=10)
    rest = queue(EVERYTHING, after=half.after, size=1000)
    assert [row.asset_id for row in half.suggestions + rest.suggestions] == everything == sorted(everything)
    assert rest.after == ""


@pytest.mark.req("W6c")
@pytest.mark.parametrize("word", ["nonsense", "WzEsICJ4Il0"])
def test_word_that_ended_no_page_is_refused(word):
    with pytest.raises(LibraryError, match="not where a page ended"):
        queue(EVERYTHING, after=word)


@pytest.mark.req("W6c")
def test_queue_and_counts_are_filtered_by_tag_model_and_confidence(unsure, library, tags, settings):
    other = only_suggests(taught("Looks", tags, library, "sock", "hat"))
    train(other, settings)
    run(library)
    everything = queue(EVERYTHING, size=1000).suggestions
    middle = sorted(row.confidence for row in everything)[len(everything) // 2] / 1000
    for which, belongs in (
        (Which(tags["boot"]), lambda row: row.tag == tags["boot"]),
        (Which(model=other), lambda row: row.version.model == other),
        (Which(low=middle), lambda row: row.confidence >= middle * 1000),
        (Which(high=middle), lambda row: row.confidence <= middle * 1000),
        (Which(tags["hat"], other, 0, middle), lambda row: row.tag == tags["hat"] and row.confidence <= middle * 1000),
    ):
        wanted = [row for row in everything if belongs(row)]
        assert wanted
        assert queue(EVERYTHING, which, size=1000).suggestions == wanted
        assert sum(row.count for row in counts(EVERYTHING, which)) == len(wanted)
        assert len(matching(EVERYTHING, which)) == len(wanted)
    rows = {(row.tag, row.model): row.count for row in counts(EVERYTHING)}
    assert set(rows) == {("default:boot", "Shoes"), ("default:hat", "Looks"), ("default:sock", "Looks")}
    assert rows["default:boot", "Shoes"] == len(suggested("boot"))


def test_promoting_takes_smart_tags_and_no_suggestions(unsure, library, tags, ada):
    run(library)
    assert promote(EVERYTHING, ada, [asset for asset, _ in suggested("boot")], tags["boot"]) == 0
