import io
import re

import numpy as np
import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from PIL import Image

from integration.stages import ada, library, settings, shoes, tags, taught, trained  # noqa: F401 - fixtures
from tagsmith.assets.models import Folder
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.curation.models import HumanTag
from tagsmith.embeddings.models import EncoderChange
from tagsmith.embeddings.services import stored_encoder
from tagsmith.sentences import say
from tagsmith.tagging.explaining import Heat
from tagsmith.tagging.what_if import Counts
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.services.words import set_title
from tagsmith.training.aims import set_aims
from tagsmith.training.jobs import train_now
from tagsmith.training.learn import fail
from tagsmith.training.models import Example, Successor, TagModel, TaughtTag, Version
from tagsmith.training.selectors import example_counts
from tagsmith.training.services import add_examples, create_tag_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer(client, add_person):
    client.force_login(add_person("trainer", "trainer"))
    return client


def assets_of(*assets):
    return {"assets": [asset.pk for asset in assets]}


@pytest.mark.req("M4")
def test_list_says_how_each_model_stands(trainer, trained, tags):
    failed = create_tag_model(COMMAND_LINE, "Hats", [tags["hat"], tags["sock"]])
    fail(failed, "default:hat: 0 different examples; a tag needs 10 to 50")
    page = trainer.get("/training/").text
    assert re.search(r">Hats<.*>Failed<.*>Shoes<.*>Trained<.*>24<.*\d %.*finds \d+ %.*>Version 1<", page, re.DOTALL)
    assert "default:hat: 0 different examples" in page
    assert "every 2s" not in page


@pytest.mark.req("M4")
def test_list_asks_again_only_while_a_training_is_waited_for(trainer, shoes):
    TagModel.objects.update(training="pending")
    assert 'hx-trigger="every 2s"' in trainer.get("/training/").text
    part = trainer.get("/training/", headers={"HX-Request": "true"}).text
    assert "Pending" in part
    assert "<html" not in part


@pytest.mark.req("M4")
def test_number_of_queries_does_not_grow_with_models(trainer, trained, tags, library):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert trainer.get("/training/").status_code == 200
        return len(caught)

    trainer.get("/training/")
    few = queries()
    for number in range(4):
        taught(f"Model {number}", tags, library, "boot", "sock")
    assert queries() == few


@pytest.mark.req("M3")
def test_draft_is_made_with_its_tags_and_can_be_come_back_to(trainer, tags):
    sent = {"title": "Feet", "description": "", "exclusive": "on", "tags": [tags["sock"].pk, tags["boot"].pk]}
    page = trainer.post("/training/create/", sent, follow=True).text
    assert "you can leave it and come back" in page
    assert "10 more needed" in page
    model = TagModel.objects.get(title="Feet")
    assert f'href="/training/{model.pk}/examples/"' in trainer.get("/training/").text


@pytest.mark.req("M3")
def test_what_was_typed_and_chosen_stays_when_it_is_refused(trainer, tags):
    page = trainer.post("/training/create/", {"title": " ", "description": "Kept", "tags": [tags["boot"].pk]}).text
    assert "Kept" in page
    assert f'name="tags" value="{tags["boot"].pk}"' in page
    assert not TagModel.objects.exists()


@pytest.mark.req("M3")
def test_tags_are_found_by_a_word_sorted_and_made_in_place(trainer, tags):
    assert "default:boot" in trainer.get("/training/tags/?q=BOO").text
    assert "default:hat" not in trainer.get("/training/tags/?q=BOO").text
    newest = trainer.get("/training/tags/?sort=created").text
    assert newest.index("default:sock") < newest.index("default:boot")
    made = trainer.post("/training/tags/", {"q": "glove"}).text
    assert "default:glove was made and chosen." in made
    assert Tag.objects.filter(key="default:glove").exists()


@pytest.mark.req("M3")
def test_tags_below_a_tag_are_browsed(trainer, tags):
    trainer.post("/training/tags/", {"q": "fruit/apple"})
    fruit = Tag.objects.get(key="default:fruit")
    assert "default:fruit/apple" not in trainer.get("/training/tags/").text
    assert "default:fruit/apple" in trainer.get(f"/training/tags/?in={fruit.pk}").text


@pytest.mark.req("M7c")
def test_tag_that_another_live_model_teaches_is_warned_of(trainer, trained, tags):
    other = create_tag_model(COMMAND_LINE, "Winter", [tags["boot"], tags["sock"]])
    page = trainer.get(f"/training/{other.pk}/examples/").text
    assert "boot is also taught by the tag model “Shoes”" in page


@pytest.mark.req("M7c")
def test_model_whose_tag_another_one_took_over_shows_the_loss(trainer, trained, tags, library):
    train_now(taught("Winter", tags, library, "boot", "sock"))
    set_title(COMMAND_LINE, tags["boot"], "Boots")
    page = trainer.get(f"/training/{trained.pk}/").text
    assert "Boots is given by the tag model “Winter”, which went live later." in page
    assert "hat is given by" not in page


@pytest.mark.req("M3")
def test_nothing_selected_changes_nothing_and_says_so(trainer, shoes, tags):
    page = trainer.post(f"/training/{shoes.pk}/examples/{tags['boot'].pk}/remove/", follow=True).text
    assert "Nothing was selected." in page


@pytest.mark.req("M2c")
def test_examples_are_picked_from_folders_search_and_tagged_assets(trainer, shoes, tags, library):
    HumanTag.objects.create(asset=library["sock"][3], tag=tags["boot"])
    address = f"/training/{shoes.pk}/examples/{tags['boot'].pk}/pick/"
    everything, tagged = trainer.get(address).text, trainer.get(address + "?from=tagged").text
    assert "sock-3.jpg" in everything
    assert "sock-3.jpg" in tagged
    assert "sock-4.jpg" not in tagged
    folder = library["boot"][0].folder_id
    assert "boot-0.jpg" in trainer.get(f"{address}?folder={folder}").text


@pytest.mark.req("M2a", "M3")
def test_asset_that_teaches_another_tag_of_the_model_is_shown_and_refused(trainer, shoes, tags, library):
    address = f"/training/{shoes.pk}/examples/{tags['hat'].pk}/"
    page = trainer.get(f"{address}pick/?folder={library['boot'][0].folder_id}").text
    assert "Already teaches boot in this model" in page
    answer = trainer.post(f"{address}add/", assets_of(library["boot"][0]))
    assert answer.status_code == 400
    assert "already teaches default:boot" in answer.text
    assert example_counts(shoes)["default:hat"] == 12


@pytest.mark.req("M3")
def test_examples_are_added_removed_moved_and_a_removal_is_taken_back(trainer, shoes, tags, library):
    boot, hat = (f"/training/{shoes.pk}/examples/{tags[kind].pk}/" for kind in ("boot", "hat"))
    page = trainer.post(f"{boot}add/", assets_of(*library["boot"][12:14]), follow=True).text
    assert "2 examples added to boot." in page
    page = trainer.post(f"{boot}remove/", assets_of(*library["boot"][:3]), follow=True).text
    undo = re.search(r'action="([^"]+/add/\?[^"]+)"', page).group(1).replace("&amp;", "&")
    assert example_counts(shoes)["default:boot"] == 11
    trainer.post(undo)
    assert example_counts(shoes)["default:boot"] == 14
    trainer.post(f"{boot}move/", {**assets_of(library["boot"][0]), "to": tags["hat"].pk})
    assert Example.objects.get(model=shoes, asset=library["boot"][0]).tag == tags["hat"]
    assert "boot-0.jpg" in trainer.get(hat).text


@pytest.mark.req("M8i")
def test_finding_is_followed_with_one_click(trainer, shoes, tags, library):
    Example.objects.filter(model=shoes, asset=library["boot"][0]).update(tag=tags["hat"])
    page = trainer.get(f"/training/{shoes.pk}/advice/").text
    assert "<strong>hat</strong>" in page
    one = re.search(rf'action="([^"]+/(?:move|remove)/)".*?value="{library["boot"][0].pk}".*?</form>', page, re.DOTALL)
    sent = {"assets": re.findall(r'name="assets" value="(\d+)"', one.group()), "to": tags["boot"].pk}
    trainer.post(one.group(1), sent)
    assert not Example.objects.filter(model=shoes, asset=library["boot"][0], tag=tags["hat"]).exists()


@pytest.mark.req("M8h")
def test_advice_names_tags_by_title_and_tells_two_of_one_title_apart(trainer, shoes, tags, library):
    Example.objects.filter(model=shoes, asset=library["boot"][0]).update(tag=tags["hat"])
    for tag, words in (("boot", "Bottes"), ("hat", "Chapeaux")):
        set_title(COMMAND_LINE, tags[tag], words)
    page = trainer.get(f"/training/{shoes.pk}/advice/").text
    assert "<strong>Chapeaux</strong>: unlike the rest of its tag, and like Bottes. " in page
    assert "Move to Bottes" in page
    assert "default:" not in page
    set_title(COMMAND_LINE, tags["boot"], "Chapeaux")
    assert "like Chapeaux (default:boot)." in trainer.get(f"/training/{shoes.pk}/advice/").text


@pytest.mark.req("M16b")
def test_version_that_is_held_back_says_so_and_is_not_published(trainer, trained):
    encoder, live = stored_encoder("new", 64), trained.versions.get(number=1)
    like = {"columns": live.columns, "content": live.content}
    held = Version.objects.create(model=trained, number=2, encoder=encoder, **like)
    change = EncoderChange.objects.create(encoder=encoder)
    Successor.objects.create(change=change, model=trained, of=live, version=held)
    page = trainer.get(f"/training/{trained.pk}/").text
    assert "Held back until the encoder changes" in page
    assert "Waits for a review" not in page
    assert "Publish version 2" not in page


@pytest.mark.req("M1b", "M3")
def test_submit_names_what_is_missing_and_keeps_the_draft(trainer, shoes, tags):
    Example.objects.filter(model=shoes, tag=tags["hat"]).delete()
    answer = trainer.post(f"/training/{shoes.pk}/submit/")
    assert answer.status_code == 400
    assert "default:hat: 0 different examples; a tag needs 10 to 50" in answer.text
    shoes.refresh_from_db()
    assert shoes.training == "none"


@pytest.mark.req("M3", "M4")
def test_submitted_model_is_pending_then_trained(trainer, shoes):
    page = trainer.post(f"/training/{shoes.pk}/submit/", follow=True).text
    assert "Training of Shoes has started." in page
    assert "every 2s" in page
    shoes.refresh_from_db()
    train_now(shoes, shoes.token)
    part = trainer.get(f"/training/{shoes.pk}/", headers={"HX-Request": "true"}).text
    assert "Trained" in part
    assert "every 2s" not in part


@pytest.mark.req("M11a")
def test_page_shows_metrics_with_their_intervals_in_words(trainer, trained):
    page = trainer.get(f"/training/{trained.pk}/").text
    assert re.search(r"Right on \d+ of the \d+ images given it; probably \d+ to \d+ %", page)
    assert "Confusion, tag by tag" in page


@pytest.mark.req("M10a")
def test_version_is_published_rolled_back_and_retired(trainer, trained):
    set_aims(COMMAND_LINE, trained, review_before_publishing=True)
    train_now(trained)
    address = f"/training/{trained.pk}/"
    assert "Waits for a review" in trainer.get(address).text
    assert "Version 2 is live." in trainer.post(f"{address}versions/2/publish/", follow=True).text
    assert "Version 1 is live." in trainer.post(f"{address}roll-back/", follow=True).text
    assert "No version is live now" in trainer.post(f"{address}retire/", follow=True).text
    assert not trained.versions.filter(live=True).exists()


@pytest.mark.req("M10c")
def test_dry_run_shows_what_would_be_gained_before_publishing(trainer, shoes, tags):
    set_aims(COMMAND_LINE, shoes, review_before_publishing=True)
    train_now(shoes)
    address = f"/training/{shoes.pk}/versions/1/try/"
    assert "Publish version 1" in trainer.get(address).text
    part = trainer.get(address, headers={"HX-Request": "true"}).text
    assert "Gain boot" in part
    assert f"/{tags['boot'].pk}/" in part
    assert not shoes.versions.filter(live=True).exists()


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((1, 1), "<strong>1</strong> asset would have it. <strong>1</strong> would wait in the review."),
        ((0, 1200), "<strong>0</strong> assets would have it. <strong>1,200</strong> would wait in the review."),
    ],
)
@pytest.mark.req("M11d")
def test_one_asset_is_one(counts, said):
    shown = Counts(Tag(), None, None, *counts, None)
    assert said in render_to_string("web/training/counts.html", {"counts": shown})


@pytest.mark.req("M2a", "A5a")
def test_messages_name_tags_by_their_titles_in_the_language_of_who_reads(trainer, shoes, tags, library):
    for tag, words in ((tags["boot"], "Stiefel"), (tags["hat"], "Hut")):
        set_title(COMMAND_LINE, tag, words, "de")
    trainer.cookies["tagsmith_language"] = "de"
    sent = {"assets": [library["boot"][0].pk]}
    refused = trainer.post(f"/training/{shoes.pk}/examples/{tags['hat'].pk}/add/", sent)
    assert refused.status_code == 400
    assert "Stiefel" in refused.text
    assert "default:boot" not in refused.text
    Example.objects.filter(model=shoes, tag=tags["hat"]).delete()
    page = trainer.post(f"/training/{shoes.pk}/submit/").text
    assert re.search(r"<li>Hut: .*0", page)
    fail(shoes, say("{tag}: {count} examples", tag="default:hat", count=3))
    for address in ("/", "/training/", f"/training/{shoes.pk}/"):
        shown = trainer.get(address).text
        assert "Hut: 3 examples" in shown, address


@pytest.mark.req("A5a")
def test_tags_and_tag_models_are_in_the_order_of_the_readers_alphabet(trainer, shoes, tags):
    for tag, words in ((tags["boot"], "Zipfel"), (tags["hat"], "Äpfel")):
        set_title(COMMAND_LINE, tag, words)
    for words in ("Ärmel", "Zebra"):
        create_tag_model(COMMAND_LINE, words, list(tags.values()))
    page = trainer.get("/training/").text
    assert re.findall(r"<th[^>]*>\s*<a[^>]*>(\w+)</a>", page) == ["Ärmel", "Shoes", "Zebra"]
    page = trainer.get(f"/training/{shoes.pk}/examples/").text
    assert page.index("Äpfel") < page.index("Zipfel")


@pytest.mark.req("M15e")
def test_commands_in_help_are_shown_as_such(trainer):
    page = trainer.get("/training/import/").text
    assert "As Export gives it, or <code>tagsmith learn</code>." in page


@pytest.mark.req("M11d", "M11e")
def test_threshold_is_tried_saved_and_taken_back(trainer, trained, tags):
    address = f"/training/{trained.pk}/thresholds/"
    boot = f"{address}{tags['boot'].pk}/"
    few, many = (trainer.get(f"{boot}?apply={at}&suggest=1").text for at in (100, 1))
    counts = [int(re.search(r"<strong>(\d+)</strong> assets? would have it", text).group(1)) for text in (few, many)]
    assert counts[0] < counts[1]
    learned = float(re.search(r'name="apply"[^>]+value="([\d.]+)"', trainer.get(address).text).group(1))
    trainer.post(boot, {"apply": learned, "suggest": 30})
    row = TaughtTag.objects.get(model=trained, tag=tags["boot"])
    assert (row.apply_from, row.suggest_from) == (None, 0.3)  # what was not moved stays as it was learned
    assert "Set by hand" in trainer.get(address).text
    trainer.post(f"{boot}clear/")
    assert "Set by hand" not in trainer.get(address).text


@pytest.mark.req("M11d")
def test_threshold_that_is_none_is_refused(trainer, trained, tags):
    assert trainer.get(f"/training/{trained.pk}/thresholds/{tags['boot'].pk}/?apply=much").status_code == 400


@pytest.mark.req("M12a")
def test_corrections_that_wait_are_shown(trainer, trained, tags, library):
    HumanTag.objects.create(asset=library["boot"][15], tag=tags["boot"])
    assert "people set 1 of these tags" in trainer.get(f"/training/{trained.pk}/").text
    assert "boot-15.jpg" in trainer.get(f"/training/{trained.pk}/next/").text


@pytest.mark.req("M13d")
def test_suggestion_of_what_to_label_becomes_an_example_with_one_click(trainer, trained):
    part = trainer.get(f"/training/{trained.pk}/next/", headers={"HX-Request": "true"}).text
    action, asset = re.search(r'action="([^"]+/add/)".*?name="assets" value="(\d+)"', part, re.DOTALL).groups()
    trainer.post(action, {"assets": asset})
    assert Example.objects.filter(model=trained, asset=asset).exists()


@pytest.mark.req("M3")
def test_aims_are_changed_and_checked(trainer, shoes):
    address, sent = f"/training/{shoes.pk}/aims/", {"target_precision": "95", "suggest_precision": "60"}
    trainer.post(address, {**sent, "review_before_publishing": "on"})
    shoes.refresh_from_db()
    assert (shoes.target_precision, shoes.review_before_publishing, shoes.learn_from_people) == (0.95, True, False)
    assert "above the target precision" in trainer.post(address, {**sent, "suggest_precision": "99"}).text


@pytest.mark.req("M15a", "M15e")
def test_version_is_exported_and_comes_back_as_another_model(trainer, trained):
    content = trainer.get(f"/training/{trained.pk}/versions/1/file/").content
    file = io.BytesIO(content)
    file.name = "shoes.tagsmith"
    page = trainer.post("/training/import/", {"title": "Again", "file": file}, follow=True).text
    assert "Its version waits to be published." in page


@pytest.mark.req("M15b")
def test_file_that_is_no_model_is_refused_with_the_reason(trainer, root):
    file = io.BytesIO(b"nothing of the kind")
    file.name = "photo.jpg"
    page = trainer.post("/training/import/", {"title": "Again", "file": file}).text
    assert "photo.jpg" in page
    assert not TagModel.objects.exists()


@pytest.mark.req("M14c")
def test_why_shows_the_nearest_examples_and_the_lit_image(trainer, trained, tags, library, monkeypatch):
    grid, image = np.full((4, 4), 1 / 16), Image.new("RGB", (64, 48))
    monkeypatch.setattr("tagsmith.web.views.training.why.heat", lambda *_: Heat(image, grid))
    address = f"/training/why/{library['boot'][14].pk}/{tags['boot'].pk}/"
    assert re.search(r"boot-\d+\.jpg", trainer.get(address, headers={"HX-Request": "true"}).text)
    answer = trainer.get(address + "heat/")
    assert answer["Content-Type"] == "image/webp"
    assert Image.open(io.BytesIO(answer.content)).size == (64, 48)


@pytest.mark.req("A1c")
def test_viewer_looks_and_changes_nothing(client, add_person, trained, tags):
    client.force_login(add_person("viewer"))
    page = client.get(f"/training/{trained.pk}/").text
    assert "Retire" not in page
    assert client.post(f"/training/{trained.pk}/retire/").status_code == 403
    assert "Add assets" not in client.get(f"/training/{trained.pk}/examples/").text


@pytest.mark.req("A1a")
def test_examples_outside_the_granted_folders_are_not_shown(client, add_person, shoes, tags, library):
    empty = Folder.objects.create(name="open", folded="open", path="open", parent=library["boot"][0].folder)
    client.force_login(add_person("guest", "trainer", folders=(empty,)))
    address = f"/training/{shoes.pk}/examples/{tags['boot'].pk}/"
    assert "boot-0.jpg" not in client.get(address).text
    client.post(f"{address}remove/", assets_of(library["boot"][0]))
    assert example_counts(shoes)["default:boot"] == 12


def test_number_of_queries_does_not_grow_with_examples(trainer, shoes, tags, library):
    def queries(address):
        with CaptureQueriesContext(connection) as caught:
            assert trainer.get(address).status_code == 200
        return len(caught)

    boot = tags["boot"].pk
    for address in (f"/training/{shoes.pk}/examples/?open={boot}", f"/training/{shoes.pk}/examples/{boot}/pick/"):
        few = queries(address)
        add_examples(COMMAND_LINE, shoes, tags["boot"], library["boot"][12:])
        assert queries(address) == few
        Example.objects.filter(asset__in=library["boot"][12:]).delete()
