"""Pages in the reader's language: how it is chosen, and that nothing on any page stays English."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.urls import get_resolver, reverse
from django.utils import timezone

from integration.stages import library, settings, shoes, tags, trained  # noqa: F401 - fixtures
from tagsmith.accounts.models import Identity, Person
from tagsmith.assets.models import Asset, FolderGrant, State
from tagsmith.assets.scope import EVERYTHING
from tagsmith.assets.services.assets import edit_asset, rename_asset
from tagsmith.assets.services.trash import trash_assets
from tagsmith.audit.services import COMMAND_LINE, Actor
from tagsmith.collecting.picking import add_assets
from tagsmith.collecting.services import create_collection, save_search
from tagsmith.errors import ImageError
from tagsmith.reports.services import create_report, make_report
from tagsmith.tagging.models import Suggestion
from tagsmith.tagging.moderation import promote, remove, set_tag
from tagsmith.taxonomy.services import block
from tagsmith.taxonomy.services.create import create_tag
from tagsmith.taxonomy.services.delete import delete
from tagsmith.taxonomy.services.words import add_synonym, set_title
from tagsmith.training.learn import fail
from tagsmith.training.services import create_tag_model
from tagsmith.workflows.launching import Setting, set_launcher
from tagsmith.workflows.models import Event, Run
from tagsmith.workflows.scheduling import create_schedule
from tagsmith.workflows.services import create_run, do_chunk, plan

from .spoken import english_in

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}
PICTURES = {"original", "preview", "training-heat"}  # which need real files
UNIT = "00000000-0000-0000-0000-000000000000"


def german(client):
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "de"
    return client


@pytest.fixture
def boss(client, add_person, storage):
    add_person("bob", "editor")
    client.force_login(add_person("Ada", "administrator"))
    return german(client)


@pytest.fixture
def world(boss, library, trained, tags):
    """One of everything that pages show, named by the words of addresses."""
    ada = Actor(Person.objects.get(username="Ada"))
    boot, hat = library["boot"][0], library["hat"][0]
    top = boot.folder
    run = create_run(ada, EVERYTHING, folders=[top.pk], comment="Kommentar")
    for number in plan(run.pk, timezone.now()):
        do_chunk(run.pk, number)
    promote(EVERYTHING, ada, [boot.pk], tags["boot"])
    set_tag(EVERYTHING, ada, [hat.pk], tags["sock"])
    remove(EVERYTHING, ada, [hat.pk], tags["hat"])
    edit_asset(EVERYTHING, ada, boot.pk, {"title": "Stiefel", "creator": "Eva", "custom": {"Regal": "B4"}}, revision=1)
    rename_asset(EVERYTHING, ada, boot.pk, "stiefel.jpg")
    set_title(COMMAND_LINE, tags["boot"], "Stiefel", "de")
    add_synonym(COMMAND_LINE, tags["boot"], "Wanderschuh", "de")
    block(ada, [tags["sock"]])
    delete(ada, create_tag(COMMAND_LINE, "alt/weg"))
    failed = create_tag_model(COMMAND_LINE, "Entwurf", [tags["hat"], tags["sock"]], description="Text")
    fail(failed, ImageError("empty file").sentence)
    broken = library["sock"][0]
    broken.state, broken.failure = (
        State.FAILED,
        ImageError("{count:,} bytes; the limit is {limit:,}", count=1, limit=0).sentence,
    )
    broken.save()
    trash_assets(EVERYTHING, ada, [library["sock"][1].pk])
    Suggestion.objects.create(asset=hat, tag=tags["boot"], version=trained.versions.get(), confidence=550)
    schedule = create_schedule(ada, EVERYTHING, title="Nachts", folders=[top.pk], cron="0 3 * * *")
    set_launcher(ada, EVERYTHING, top.pk, Event.IMPORT, Setting.ON)
    report = create_report(ada, "smart-tags-training", "Bericht", description="Text")
    make_report(report.pk)
    create_report(ada, "smart-tags-training", "Zukunft", at=timezone.now() + timedelta(days=1))
    collection = create_collection(ada.person, "Herbst", shared=True)
    add_assets(EVERYTHING, ada, collection, [boot.pk, hat.pk])
    search = save_search(ada.person, "Alle Stiefel", "boot", shared=True)
    other = Person.objects.get(username="bob")
    FolderGrant.objects.create(folder=top, person=other)
    bound = Identity.objects.create(person=other, issuer="https://id.example", subject="7", shown="bob@id.example")
    return {
        "asset_id": [boot.pk, hat.pk, broken.pk],
        "folder_id": [top.pk],
        "tag_id": [tags["boot"].pk, tags["sock"].pk],
        "model_id": [trained.pk, failed.pk],
        "run_id": [run.pk],
        "schedule_id": [schedule.pk],
        "report_id": list(range(report.pk, report.pk + 2)),
        "person_id": [ada.person.pk, other.pk],
        "grant_id": [FolderGrant.objects.get().pk],
        "identity_id": [bound.pk],
        "number": sorted({1, collection.pk, search.pk}),
        "unit": [UNIT],
        "token": ["x"],
        "form": ["csv"],
    }


def addresses(world):
    """Every address below the root, with all that it can show."""
    for name, ((pattern, *_), *_) in get_resolver().reverse_dict.items():
        if isinstance(name, str) and name not in PICTURES:
            _, names = pattern
            for turn in range(max((len(world[one]) for one in names), default=1)):
                yield name, reverse(name, kwargs={one: world[one][turn % len(world[one])] for one in names})


def leftovers(answer):
    is_page = answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming
    return english_in(answer.text) if is_page else []


@pytest.mark.req("A5b")
def test_no_page_or_part_shows_anything_in_english_to_who_reads_german(boss, world):
    found, shown = {}, set()
    for name, address in addresses(world):
        for headers in ({}, PART):
            answer = boss.get(address, headers=headers)
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                shown.add(name)
            if english := leftovers(answer):
                found.setdefault(str(english), address)
    assert found == {}
    assert len(shown) > 55


MORE = [
    "/library/?view=list",
    "/assets/{asset}/?edit=1",
    "/search/?q=boot",
    "/search/?q=boot+width:+zebra*x",
    "/search/?q=zebra",
    "/tags/?find=boot",
    "/tags/?find=zebra",
    "/review/?low=99",
    "/workflows/start/?folder={folder}&asset={asset}",
    "/training/create/?q=zebra",
    "/training/{model}/examples/{tag}/pick/?q=zebra",
    "/training/{model}/examples/?open={tag}",
    "/collections/choose/?asset={asset}",
    "/selection/metadata/?asset={asset}",
    "/tags/blocklist/?find=zebra",
    "/no/such/page/",
]


@pytest.mark.req("A5b")
@pytest.mark.parametrize("address", MORE)
def test_other_states_of_pages_are_german_too(boss, world, address):
    values = {name: world[f"{name}_id"][0] for name in ("asset", "folder", "tag", "model")}
    answer = boss.get(address.format(**values))
    assert leftovers(answer) == []


REFUSED = [
    ("/library/new/", {"name": "a/b"}),
    ("/library/new/", {"name": ""}),
    ("/assets/{asset}/", {"title": "x", "revision": "0"}),
    ("/assets/{asset}/", {"title": "x", "custom": "x", "revision": "1"}),
    ("/selection/tag/", {"act": "set", "tag": "nirgends", "asset": "{asset}"}),
    ("/selection/tag/", {}),
    ("/selection/move/", {"into": "nirgends", "asset": "{asset}"}),
    ("/people/", {"username": "bob", "password": "x", "role": "viewer"}),
    ("/people/", {"username": "", "password": "", "role": "nobody"}),
    ("/people/{person}/", {"change": "password", "password": "1"}),
    ("/people/{person}/", {"change": "role", "role": "viewer"}),
    ("/people/{person}/", {"change": "folder", "folder": "nirgends"}),
    ("/reports/", {"kind": "smart-tags-training", "title": "x", "at": "2001-01-01T00:00"}),
    ("/reports/", {"kind": "x", "title": "", "at": "x"}),
    ("/tags/new/", {"name": "a//b"}),
    ("/tags/import/", {}),
    ("/tags/{tag}/change/", {"what": "title", "text": "", "language": "?"}),
    ("/tags/{tag}/change/", {"what": "merge", "tag": "hat/nirgends"}),
    ("/tags/{tag}/change/", {}),
    ("/training/create/", {"title": ""}),
    ("/training/{model}/aims/", {"target_precision": "50", "suggest_precision": "80"}),
    ("/training/{model}/roll-back/", {}),
    ("/training/{draft}/submit/", {}),
    ("/training/import/", {}),
    ("/workflows/runs/{run}/steer/", {"act": "pause"}),
    ("/workflows/runs/{run}/steer/", {"act": "retry"}),
    ("/workflows/runs/{run}/steer/", {}),
    ("/workflows/schedules/new/", {"title": "x", "cron": "* *"}),
    ("/workflows/schedules/new/", {"title": "x", "cron": "61 * * * *", "folder": "{folder}"}),
    ("/workflows/start/", {"start": "1", "title": "x"}),
    ("/review/decide/", {}),
    ("/collections/choose/", {}),
    ("/collections/", {"name": "Herbst"}),
]


@pytest.mark.req("A5b")
@pytest.mark.parametrize(("address", "sent"), REFUSED)
def test_what_is_refused_is_refused_in_german(boss, world, address, sent):
    values = {name: world[f"{name}_id"][0] for name in ("asset", "folder", "tag", "model", "run", "person")}
    values["draft"] = world["model_id"][1]
    data = {name: value.format(**values) for name, value in sent.items()}
    for headers in ({}, PART):
        answer = boss.post(address.format(**values), data, headers=headers, follow=True)
        assert answer.status_code < 500
        assert leftovers(answer) == []


@pytest.mark.req("A5b")
def test_failed_file_and_failed_training_tell_why_in_german(boss, world):
    home = boss.get("/").text
    assert "leere Datei" in home
    assert "1 Bytes; die Grenze ist 0" in home


@pytest.mark.req("A5b")
def test_title_that_a_machine_gave_is_said_in_the_reader_s_language(boss, world):
    assert Run.objects.get().title == "Tag the whole library"
    assert "Taggen: die ganze Bibliothek" in boss.get("/workflows/").text
    assert "Lauf „Taggen: die ganze Bibliothek“ beendet" in boss.get(f"/folders/{world['folder_id'][0]}/timeline/").text
    boss.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Tag the whole library" in boss.get("/workflows/").text


@pytest.mark.req("A5b")
def test_dates_and_numbers_are_written_as_in_german(boss, world):
    Asset.objects.filter(pk=world["asset_id"][0]).update(size=1536)
    page = boss.get(f"/assets/{world['asset_id'][0]}/").text
    assert "1,5\N{NO-BREAK SPACE}KB" in page
    assert f"{timezone.now():%d.%m.%Y}" in boss.get("/workflows/").text


@pytest.mark.req("A5b")
def test_tag_is_called_by_its_german_title_where_it_has_one(boss, world):
    asset = boss.get(f"/assets/{world['asset_id'][0]}/").text
    assert ">Stiefel<" in asset
    assert ">hat<" in boss.get("/tags/").text


@pytest.mark.req("A5c")
@pytest.mark.parametrize("language", [code for code, _ in django_settings.LANGUAGES if code not in {"en", "de"}])
def test_every_page_can_be_shown_in_every_language(boss, world, language):
    boss.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    for _, address in addresses(world):
        answer = boss.get(address)
        assert answer.status_code < 500, address
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            assert not answer.text.startswith("<!doctype") or f'<html lang="{language}"' in answer.text


@pytest.mark.req("A5a")
@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("en-GB", "en"),
        ("pt-BR", "pt"),
        ("zh-CN", "zh-hans"),
        ("xx", "en"),
        ("", "en"),
    ],
)
def test_browser_s_language_is_that_of_the_sign_in_page(client, root, accepted, language):
    answer = client.get("/sign-in/", headers={"Accept-Language": accepted})
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]
    assert ("Anmelden" in answer.text) == (language == "de")


@pytest.mark.req("A5a")
def test_choice_is_kept_for_a_year_and_goes_before_the_browser_s_language(client, root):
    answer = client.post("/language/", {"language": "de", "next": "/sign-in/"}, headers={"Accept-Language": "en"})
    assert answer.url == "/sign-in/"
    cookie = answer.cookies[django_settings.LANGUAGE_COOKIE_NAME]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (365 * 24 * 3600, True, "Lax")
    page = client.get("/sign-in/", headers={"Accept-Language": "en"}).text
    assert '<html lang="de">' in page
    assert '<option value="de" lang="de" selected>Deutsch</option>' in page


@pytest.mark.req("A5a")
@pytest.mark.parametrize("language", ["xx", "nl", ""])
def test_language_that_is_not_offered_is_not_taken(client, root, language):
    client.post("/language/", {"language": language, "next": "/sign-in/"})
    assert '<html lang="en">' in client.get("/sign-in/").text


@pytest.mark.req("A5a")
def test_what_a_page_asked_for_in_german_leaves_the_command_line_english(boss, world):
    boss.get("/")
    assert str(ImageError("empty file")) == "empty file"
    assert Asset.objects.get(pk=world["asset_id"][2]).failure == "1 bytes; the limit is 0"
