import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tagsmith.assets.scope import EVERYTHING
from tagsmith.audit.models import Entry
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.workflows.models import Chunk, Launcher, Run, Schedule, Status
from tagsmith.workflows.services import create_run

pytestmark = [pytest.mark.django_db, pytest.mark.req("W1b")]


@pytest.fixture
def editor(client, add_person, root):
    client.force_login(add_person("ed", "editor"))
    return client


@pytest.fixture
def trainer(client, add_person, root):
    client.force_login(add_person("tia", "trainer"))
    return client


@pytest.fixture
def shoes(add_folder):
    return add_folder("shoes")


def run_over(title, status=Status.QUEUED, **fields):
    return Run.objects.create(title=title, status=status, **fields)


def with_chunks(run, asset):
    now = timezone.now()
    Chunk.objects.create(run=run, number=0, assets=[asset.pk], done=now, looked=1, tagged=1, changes=3)
    Chunk.objects.create(run=run, number=1, assets=[asset.pk + 1, asset.pk + 2])
    return run


def test_run_is_started_over_a_folder_with_the_title_that_was_offered(editor, shoes):
    page = editor.get(f"/workflows/start/?folder={shoes.pk}").text
    assert "DAM Smart Tag Assets – " in page
    assert f'value="{shoes.pk}" checked' in page
    wanted = {"start": "1", "folder": shoes.pk, "title": "Spring", "comment": "for the board", "force": "on"}
    page = editor.post("/workflows/start/", wanted, follow=True).text
    run = Run.objects.get()
    assert (run.folders, run.title, run.comment, run.force) == ([shoes.pk], "Spring", "for the board", True)
    assert "The run has started." in page
    assert "for the board" in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_selection_is_brought_along_and_started(editor, shoes, add_asset, method):
    first, second = add_asset(shoes, "a.png"), add_asset(shoes, "b.png", seed=1)
    page = getattr(editor, method)("/workflows/start/", {"asset": [first.pk, second.pk]}).text
    assert "2 selected assets" in page
    assert not Run.objects.exists()
    editor.post("/workflows/start/", {"start": "1", "asset": [first.pk, second.pk], "title": "Two"})
    assert Run.objects.get().assets == [first.pk, second.pk]


def test_all_of_the_library_is_its_folder(editor, root):
    editor.post("/workflows/start/", {"start": "1", "all": "library", "title": "All"})
    assert Run.objects.get().folders == [root.pk]


def test_empty_payload_is_refused_and_what_was_typed_stays(editor):
    page = editor.post("/workflows/start/", {"start": "1", "title": "Mine"}).text
    assert "choose at least one folder or asset" in page
    assert 'value="Mine"' in page


def test_folders_outside_the_granted_ones_are_not_started(client, add_person, shoes, add_folder):
    client.force_login(add_person("ed", "editor", folders=(shoes,)))
    client.post("/workflows/start/", {"start": "1", "folder": add_folder("secret").pk, "title": "x"})
    assert not Run.objects.exists()
    assert client.get(f"/workflows/start/folders/{shoes.parent.pk}/").status_code == 404


@pytest.mark.req("W2b")
def test_list_tells_how_runs_are_going_and_asks_again_while_one_is_under_way(editor, shoes, add_asset):
    run = with_chunks(run_over("Spring", Status.RUNNING, started=timezone.now()), add_asset(shoes))
    page = editor.get("/workflows/").text
    assert "1 of 3" in page
    assert "Running" in page
    assert 'hx-trigger="every 2s"' in page
    Run.objects.filter(pk=run.pk).update(status=Status.SUCCESS, ended=timezone.now())
    part = editor.get("/workflows/", headers={"HX-Request": "true"}).text
    assert "Success" in part
    assert "every 2s" not in part
    assert "<h1" not in part


def test_list_asks_the_database_as_often_for_many_runs(editor, shoes, add_asset):
    asset = add_asset(shoes)
    counts = []
    for _ in range(2):
        for number in range(5):
            with_chunks(run_over(f"Run {number}", person=None), asset)
        editor.get("/workflows/")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            editor.get("/workflows/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_older_runs_are_on_the_next_page(editor, root):
    for number in range(31):
        run_over(f"Run {number:02}")
    first = editor.get("/workflows/")
    assert "Run 30" in first.text
    assert "Run 00" not in first.text
    assert "Run 00" in editor.get(f"/workflows/?after={first.context['next']}").text


@pytest.mark.req("W2b")
def test_run_shows_its_counts_what_was_skipped_and_what_failed_by_name(editor, shoes, add_asset):
    asset = add_asset(shoes, "torn.png")
    run = run_over("Spring", Status.FAILED, skipped={"tagged not long ago": 7}, failure="killed its workers")
    Chunk.objects.create(run=run, number=0, assets=[asset.pk], done=timezone.now(), failure="killed its workers")
    page = editor.get(f"/workflows/runs/{run.pk}/").text
    for said in (
        "Skipped: tagged not long ago",
        "<dd>7</dd>",
        "shoes/torn.png",
        "killed its workers",
        "Retry what failed",
    ):
        assert said in page
    page = editor.post(f"/workflows/runs/{run.pk}/steer/", {"act": "retry"}, follow=True).text
    assert "What failed is done again." in page
    run.refresh_from_db()
    assert run.status == Status.QUEUED


def test_run_says_who_started_it(editor, shoes):
    by_command = create_run(COMMAND_LINE, EVERYTHING, folders=[shoes.pk])
    assert "<dd>the command line</dd>" in editor.get(f"/workflows/runs/{by_command.pk}/").text
    editor.post("/workflows/start/", {"start": "1", "folder": shoes.pk, "title": "Mine"})
    by_person = Run.objects.latest("pk")
    assert "<dd>ed</dd>" in editor.get(f"/workflows/runs/{by_person.pk}/").text
    Entry.objects.all().delete()
    assert "<dd>–</dd>" in editor.get(f"/workflows/runs/{by_person.pk}/").text


@pytest.mark.req("W2b")
def test_run_is_paused_resumed_and_cancelled(editor, shoes):
    run = create_run(COMMAND_LINE, EVERYTHING, folders=[shoes.pk])
    for act, status in (("pause", Status.PAUSED), ("resume", Status.QUEUED), ("cancel", Status.CANCELLED)):
        editor.post(f"/workflows/runs/{run.pk}/steer/", {"act": act})
        run.refresh_from_db()
        assert run.status == status
    assert editor.post(f"/workflows/runs/{run.pk}/steer/", {"act": "pause"}).status_code == 409
    assert editor.post(f"/workflows/runs/{run.pk}/steer/", {"act": "dance"}).status_code == 400


@pytest.mark.req("W5a")
def test_undo_says_how_many_smart_tags_it_takes_back(editor, shoes, add_asset):
    run = run_over("Spring", Status.SUCCESS, ended=timezone.now())
    Chunk.objects.create(run=run, number=0, assets=[add_asset(shoes).pk], done=timezone.now(), changes=3)
    assert "Up to 3 smart tags go back" in editor.get(f"/workflows/runs/{run.pk}/").text
    page = editor.post(f"/workflows/runs/{run.pk}/undo/", follow=True).text
    assert "Undone" in page
    assert editor.post(f"/workflows/runs/{run.pk}/undo/").status_code == 409


@pytest.mark.req("A1a")
def test_runs_over_hidden_folders_or_assets_are_neither_listed_nor_opened(
    client, add_person, shoes, add_folder, add_asset
):
    secret = add_folder("secret")
    client.force_login(add_person(folders=(shoes,)))
    seen = [run_over("seen folder", folders=[shoes.pk]), run_over("seen asset", assets=[add_asset(shoes).pk])]
    own, other = add_asset(shoes, "b.png", seed=1), add_asset(secret, seed=2)
    hidden = [
        run_over("hidden folder", folders=[secret.pk]),
        run_over("hidden asset", assets=[own.pk, other.pk]),
        run_over("all gone", assets=[999_999]),
        run_over("both", folders=[shoes.pk, secret.pk]),
    ]
    page = client.get("/workflows/").text
    for run in seen:
        assert run.title in page
        assert client.get(f"/workflows/runs/{run.pk}/").status_code == 200
    for run in hidden:
        assert run.title not in page
        assert client.get(f"/workflows/runs/{run.pk}/").status_code == 404


@pytest.mark.req("W4a")
def test_launcher_is_set_and_folders_below_show_where_it_comes_from(trainer, shoes, add_folder):
    boots = add_folder("boots", shoes)
    sent = {"folder": shoes.pk, "event": "import", "setting": "on", "at": shoes.pk}
    page = trainer.post("/workflows/launchers/", sent, follow=True)
    assert page.redirect_chain[-1][0] == f"/workflows/launchers/?folder={shoes.pk}"
    assert "said here" in page.text
    assert "from shoes" in page.text
    trainer.post("/workflows/launchers/", {"folder": boots.pk, "event": "import", "setting": "off"})
    assert dict(Launcher.objects.values_list("folder__path", "enabled")) == {"shoes": True, "shoes/boots": False}
    trainer.post("/workflows/launchers/", {"folder": boots.pk, "event": "import", "setting": "inherit"})
    assert not Launcher.objects.filter(folder=boots).exists()


def test_launchers_ask_the_database_as_often_for_many_folders(trainer, shoes, add_folder):
    counts = []
    for names in ("ab", "cdefgh"):
        for name in names:
            add_folder(name, shoes)
        trainer.get("/workflows/launchers/")
        with CaptureQueriesContext(connection) as asked:
            trainer.get(f"/workflows/launchers/?folder={shoes.pk}")
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.req("W4c")
def test_schedule_is_made_changed_switched_and_deleted(trainer, shoes):
    wanted = {"title": "Nightly", "cron": "0 3 * *", "folder": shoes.pk}
    page = trainer.post("/workflows/schedules/new/", wanted).text
    assert "five are needed" in page
    assert 'value="0 3 * *"' in page
    trainer.post("/workflows/schedules/new/", {**wanted, "cron": "0 3 * * *"})
    schedule = Schedule.objects.get()
    page = trainer.get("/workflows/schedules/").text
    assert "Nightly" in page
    assert " UTC" in page
    trainer.post(f"/workflows/schedules/{schedule.pk}/", {**wanted, "cron": "0 4 * * *"})
    trainer.post(f"/workflows/schedules/{schedule.pk}/switch/")
    schedule.refresh_from_db()
    assert (schedule.cron, schedule.enabled) == ("0 4 * * *", False)
    trainer.post(f"/workflows/schedules/{schedule.pk}/delete/")
    assert not Schedule.objects.exists()


@pytest.mark.req("L7")
def test_timeline_of_a_folder_tells_of_runs_and_leads_to_starting_one(editor, shoes):
    run = run_over("Spring", folders=[shoes.pk], started=timezone.now())
    page = editor.get(f"/folders/{shoes.pk}/timeline/").text
    assert "started the run Spring" in page
    assert f'href="/workflows/runs/{run.pk}/"' in page
    assert f'href="/workflows/start/?folder={shoes.pk}"' in page
