import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tagsmith.assets.models import State
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.training.models import TagModel
from tagsmith.workflows.services import create_run

pytestmark = pytest.mark.django_db


def test_empty_library_says_what_to_do_first(client, add_person, root):
    client.force_login(add_person("boss", "administrator"))
    page = client.get("/").text
    assert "There are no images yet." in page
    assert "Upload some" in page
    assert "workers alive" in page


def test_what_waits_and_what_failed_is_named(client, add_person, add_folder, add_asset):
    from tagsmith.assets.scope import EVERYTHING

    folder = add_folder("shoes")
    add_asset(folder, "good.png")
    broken = add_asset(folder, "broken.png", seed=1)
    type(broken).objects.filter(pk=broken.pk).update(state=State.FAILED, failure="it ends too early")
    TagModel.objects.create(title="Shoes", training=TagModel.Training.FAILED, failure="too few examples")
    create_run(COMMAND_LINE, EVERYTHING, folders=[folder.pk], title="Tag the shoes")
    client.force_login(add_person("ed", "editor"))
    page = client.get("/").text
    for said in ("shoes/broken.png", "it ends too early", "too few examples", "Tag the shoes"):
        assert said in page
    assert "workers alive" not in page


@pytest.mark.req("A1a")
def test_nothing_outside_the_granted_folders_is_told(client, add_person, add_folder, add_asset):
    seen, secret = add_folder("open"), add_folder("secret")
    add_asset(seen, "good.png")
    hidden = add_asset(secret, "plan.png", seed=1)
    type(hidden).objects.filter(pk=hidden.pk).update(state=State.FAILED)
    client.force_login(add_person("ada", "editor", folders=(seen,)))
    page = client.get("/").text
    assert "secret" not in page
    assert "plan.png" not in page
    assert "<dd>1</dd>" in page


def test_number_of_queries_does_not_grow(client, add_person, add_folder, add_asset):
    from tagsmith.assets.scope import EVERYTHING

    client.force_login(add_person("boss", "administrator"))
    folder = add_folder("shoes")

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/").status_code == 200
        return len(caught)

    def fill(number):
        add_asset(folder, f"{number}.png", seed=number)
        TagModel.objects.create(title=f"Model {number}")
        create_run(COMMAND_LINE, EVERYTHING, folders=[folder.pk], title=f"Run {number}")

    fill(0)
    few = queries()
    for number in range(1, 4):
        fill(number)
    assert queries() == few
