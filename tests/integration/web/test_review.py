import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from integration.web.suggested import suggest
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.tagging import deciding
from tagsmith.tagging.jobs import decide
from tagsmith.tagging.models import Decision, Suggestion
from tagsmith.training.models import TagModel

pytestmark = [pytest.mark.django_db, pytest.mark.req("W6e")]
PART = {"HX-Request": "true"}


@pytest.fixture
def shoes(add_folder):
    return add_folder("shoes")


@pytest.fixture
def assets(shoes, add_asset):
    return [add_asset(shoes, f"{number}.png", seed=number) for number in range(3)]


@pytest.fixture
def editor(client, add_person, assets):
    client.force_login(add_person("ed", "editor"))
    return client


def test_empty_queue_says_so(editor):
    assert "Nothing waits for you" in editor.get("/review/").text


def test_card_shows_image_tag_and_confidence_in_words(editor, assets):
    suggest(assets)
    page = editor.get("/review/").text
    assert f'src="/assets/{assets[0].pk}/preview/' in page
    assert "boot, perhaps, 55 %, 0.png" in page
    assert "3 wait" in page


def test_decision_is_taken_said_and_undone(editor, assets):
    tag = suggest(assets)
    pair = f"{assets[0].pk}-{tag.pk}"
    part = editor.post("/review/decide/", {"act": "accept", "pair": pair}, headers=PART)
    assert "1 suggestion accepted." in part.text
    assert HumanTag.objects.get().asset == assets[0]
    undo = part.text.split('action="')[1].split('"')[0]
    page = editor.post(undo, follow=True).text
    assert "1 decision is taken back." in page
    assert not HumanTag.objects.exists()
    assert Suggestion.objects.count() == 3


def test_those_that_are_ticked_are_rejected_as_one(editor, assets):
    tag = suggest(assets)
    pairs = [f"{asset.pk}-{tag.pk}" for asset in assets[:2]]
    page = editor.post("/review/decide/", {"act": "reject", "pair": pairs}, follow=True).text
    assert "2 suggestions rejected." in page
    assert "Undo" in page
    assert Rejection.objects.count() == 2


def test_filters_are_in_the_address_and_hold_for_all_that_match(editor, assets):
    boot, hat = suggest(assets), suggest(assets, "hat", confidence=300, model="Hats")
    page = editor.get(f"/review/?tag={hat.pk}").text
    assert "Accept 3 suggestions?" in page
    assert "boot, perhaps" not in page
    hats = TagModel.objects.get(title="Hats")
    assert "3 wait" in editor.get(f"/review/?model={hats.pk}").text
    assert "3 wait" in editor.get("/review/?low=50&high=60").text
    done = editor.post("/review/decide/", {"act": "accept", "all": "1", "tag": hat.pk})
    assert done.url == f"/review/?tag={hat.pk}"
    assert set(HumanTag.objects.values_list("tag", flat=True)) == {hat.pk}
    assert Suggestion.objects.filter(tag=boot).count() == 3


@pytest.mark.parametrize("query", ["low=x", "tag=99999999999999999999", "high=101"])
def test_filters_that_make_no_sense_are_refused(editor, query):
    assert editor.get(f"/review/?{query}").status_code == 400


@pytest.mark.parametrize("sent", [{"act": "accept"}, {"pair": "1-1"}, {"act": "accept", "pair": "x"}])
def test_decision_without_sense_is_refused(editor, sent):
    assert editor.post("/review/decide/", sent).status_code == 400


def test_counts_follow_each_decision_without_a_reload(editor, assets):
    tag = suggest(assets)
    pair = f"{assets[0].pk}-{tag.pk}"
    part = editor.post("/review/decide/", {"act": "accept", "pair": pair, "tag": tag.pk}, headers=PART).text
    assert re.search(r'id="waits"[^>]*hx-swap-oob="true">2 wait<', part)
    assert 'id="accept-all-title" hx-swap-oob="true">Accept 2 suggestions?' in part
    pairs = [f"{asset.pk}-{tag.pk}" for asset in assets]
    part = editor.post("/review/decide/", {"act": "reject", "pair": pairs}, headers=PART).text
    assert re.search(r'id="waits"[^>]*>0 wait<', part)
    assert "Accept all that match" not in part


def work():
    """Do what waits in the background."""
    for job in ProcrastinateJob.objects.filter(status="todo", task_name=decide.name):
        decide.work(**job.args)
        connection.cursor().execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])


def test_thousands_are_decided_in_the_background_with_progress_and_undone_so(editor, assets, monkeypatch):
    monkeypatch.setattr(deciding, "AT_ONCE", 2)
    monkeypatch.setattr(deciding, "PART", 2)
    suggest(assets)
    page = editor.post("/review/decide/", {"act": "accept", "all": "1"}, follow=True).text
    assert "Suggestions are being accepted: 0 of 3." in page
    assert 'hx-trigger="every 1s"' in page
    assert not HumanTag.objects.exists()
    decision = Decision.objects.get()
    assert deciding.go_on(decision.pk)
    part = editor.get("/review/progress/", headers=PART)
    assert "Suggestions are being accepted: 2 of 3." in part.text
    assert "HX-Refresh" not in part.headers
    work()
    assert editor.get("/review/progress/", headers=PART).headers["HX-Refresh"] == "true"
    page = editor.get("/review/").text
    assert "3 suggestions accepted." in page
    assert HumanTag.objects.count() == 3
    undo = re.search(r'action="(/review/[^"]+/undo/)"', page)[1]
    page = editor.post(undo, follow=True).text
    assert "Decisions are being taken back: 0 of 3." in page
    work()
    page = editor.get("/review/").text
    assert "3 decisions are taken back." in page
    assert "3 wait" in page
    assert "Undo" not in page
    assert not HumanTag.objects.exists()


def test_decisions_of_others_are_not_shown(client, editor, add_person, assets, monkeypatch):
    monkeypatch.setattr(deciding, "AT_ONCE", 2)
    suggest(assets)
    editor.post("/review/decide/", {"act": "reject", "all": "1"})
    client.force_login(add_person("eve", "editor"))
    assert "being rejected" not in client.get("/review/").text


@pytest.mark.req("A1a")
def test_suggestions_for_hidden_assets_are_neither_shown_nor_decided(client, add_person, assets, add_folder, add_asset):
    hidden = add_asset(add_folder("secret"), "secret.png", seed=9)
    client.force_login(add_person("ed", "editor", folders=(assets[0].folder,)))
    tag = suggest([*assets, hidden])
    page = client.get("/review/").text
    assert "3 wait" in page
    assert "secret" not in page
    client.post("/review/decide/", {"act": "accept", "pair": f"{hidden.pk}-{tag.pk}"})
    assert not HumanTag.objects.exists()


def test_further_cards_come_as_a_part_and_cost_as_many_queries(editor, shoes, assets, add_asset):
    suggest(assets)
    editor.get("/review/")
    with CaptureQueriesContext(connection) as few:
        editor.get("/review/")
    suggest([add_asset(shoes, f"more-{number}.png", seed=7) for number in range(50)], "hat", confidence=500)
    with CaptureQueriesContext(connection) as many:
        page = editor.get("/review/")
    assert len(few) == len(many)
    part = editor.get(f"/review/?after={page.context['next']}", headers=PART).text
    assert part.count("data-card") == 5
    assert "<h1" not in part
