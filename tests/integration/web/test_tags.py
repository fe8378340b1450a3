import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integration.tagging.test_taxonomy_changes import kinds  # noqa: F401 - a fixture
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.curation.models import HumanTag
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.selectors import find_tag, live_tags
from tagsmith.taxonomy.services.create import create_tag
from tagsmith.taxonomy.services.words import add_synonym

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def trainer(client, add_person, root):
    client.force_login(add_person("tia", "trainer"))
    return client


@pytest.fixture
def boot(db):
    return create_tag(COMMAND_LINE, "clothing/shoes/boot", "Boot")


def change(client, changed, **sent):
    return client.post(f"/tags/{changed.pk}/change/", sent, follow=True)


@pytest.mark.req("X2c")
def test_tree_opens_branch_by_branch(trainer, boot):
    page = trainer.get("/tags/").text
    assert "clothing" in page
    assert f"/tags/{boot.parent.pk}/" not in page
    part = trainer.get(f"/tags/{find_tag('clothing').pk}/branch/").text
    assert "shoes" in part
    assert "<h1" not in part


@pytest.mark.req("X2c")
@pytest.mark.parametrize("text", ["BOOT", "welling"])
def test_tag_is_found_by_name_or_synonym(trainer, boot, text):
    add_synonym(COMMAND_LINE, boot, "Wellington")
    page = trainer.get("/tags/", {"find": text}).text
    assert "default:clothing/shoes/boot" in page
    assert "No tag is called so" in trainer.get("/tags/", {"find": "zebra"}).text


def test_tree_asks_the_database_as_often_for_many_tags(trainer, boot):
    trainer.get("/tags/")
    with CaptureQueriesContext(connection) as few:
        trainer.get("/tags/")
    for name in "abcdef":
        create_tag(COMMAND_LINE, f"{name}/below", "Below")
    with CaptureQueriesContext(connection) as many:
        trainer.get("/tags/")
    assert len(few) == len(many)


@pytest.mark.req("X2c")
def test_tag_is_made_and_a_bad_name_refused(trainer, boot):
    page = trainer.post("/tags/new/", {"name": "clothing/hat", "title": "Hat"}, follow=True).text
    assert "default:clothing/hat is made." in page
    trainer.post("/tags/new/", {"above": "default:clothing", "name": "sock"})
    assert find_tag("clothing/sock")
    assert trainer.post("/tags/new/", {"name": "a:b:c"}).status_code == 400
    assert trainer.post("/tags/new/", {"name": "clothing/HAT"}).status_code == 409


@pytest.mark.req("X2c")
def test_words_are_changed_by_language(trainer, boot):
    change(trainer, boot, what="title", language="de", text="Stiefel")
    change(trainer, boot, what="synonym", language="en", text="Wellington")
    page = change(trainer, boot, what="description", description="High <b>shoes</b>").text
    for said in ("Stiefel", "Wellington", "High &lt;b&gt;shoes"):
        assert said in page
    change(trainer, boot, what="no-title", language="de")
    page = change(trainer, boot, what="no-synonym", language="en", text="Wellington").text
    assert "Stiefel" not in page
    assert "Wellington" not in page
    assert change(trainer, boot, what="title", language="de", text=" ").status_code == 400
    assert change(trainer, boot, what="dance").status_code == 400


@pytest.mark.req("X2c")
def test_tag_is_renamed_moved_and_merged(trainer, boot):
    change(trainer, boot, what="rename", name="boots")
    assert find_tag("clothing/shoes/boot").key == "default:clothing/shoes/boots"
    change(trainer, boot, what="move", tag="default:")
    assert find_tag("clothing/shoes/boots").key == "default:boots"
    other = create_tag(COMMAND_LINE, "footwear")
    answer = change(trainer, boot, what="merge", tag="footwear")
    assert answer.redirect_chain[-1][0] == f"/tags/{other.pk}/"
    assert find_tag("boots") == other


@pytest.mark.req("X2c")
def test_deleting_lists_first_what_it_takes_along_and_is_undone(trainer, boot, add_folder, add_asset):
    HumanTag.objects.create(asset=add_asset(add_folder("shoes"), "red.png"), tag=boot)
    top = find_tag("clothing")
    page = trainer.get(f"/tags/{top.pk}/delete/").text
    assert "2 tags below it" in page
    assert "red.png" in page
    page = trainer.post(f"/tags/{top.pk}/delete/", follow=True).text
    assert "3 tags are deleted." in page
    assert not live_tags().exists()
    unit = Tag.objects.get(pk=boot.pk).deletion
    assert "default:clothing" in trainer.get("/tags/deleted/").text
    trainer.post(f"/tags/deleted/{unit}/restore/")
    assert live_tags().count() == 3


@pytest.mark.req("A1a")
def test_names_of_assets_are_not_told_to_who_may_not_see_them(client, add_person, boot, add_folder, add_asset):
    HumanTag.objects.create(asset=add_asset(add_folder("secret"), "secret.png"), tag=boot)
    client.force_login(add_person("tia", "trainer", folders=(add_folder("open"),)))
    for page in (f"/tags/{boot.pk}/", f"/tags/{boot.pk}/delete/"):
        assert "secret" not in client.get(page).text


@pytest.mark.req("X3c")
def test_file_is_imported_or_its_problems_are_named_by_line(trainer):
    wrong = SimpleUploadedFile("tags.csv", b"id,title\nshoes,Shoes\na:b:c,Wrong\n")
    answer = trainer.post("/tags/import/", {"file": wrong})
    assert answer.status_code == 400
    assert "Nothing was imported." in answer.text
    assert "line 3" in answer.text
    assert trainer.post("/tags/import/").status_code == 400


@pytest.mark.req("X3c")
@pytest.mark.parametrize("form", ["csv", "json", "aem"])
def test_what_is_exported_is_taken_in_again(trainer, boot, form):
    file = trainer.get(f"/tags/export/{form}")
    assert "attachment" in file.headers["Content-Disposition"]
    name = "tags.csv" if form == "csv" else "tags.json"
    page = trainer.post("/tags/import/", {"file": SimpleUploadedFile(name, file.content)}, follow=True).text
    assert "0 created, 0 changed, 3 as before." in page


@pytest.mark.req("X2d")
@pytest.mark.parametrize("sent", [{"what": "rename", "name": "boots"}, {"what": "move", "tag": "default:"}])
def test_renamed_or_moved_tag_goes_back_with_undo(trainer, boot, sent):
    page = change(trainer, boot, **sent).text
    trainer.post(re.search(r'action="(/tags/moves/[^"]*)"', page)[1])
    boot.refresh_from_db()
    assert boot.key == "default:clothing/shoes/boot"
