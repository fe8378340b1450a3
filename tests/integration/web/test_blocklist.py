import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integration.tagging.test_taxonomy_changes import kinds  # noqa: F401 - a fixture
from integration.web.suggested import suggest
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.tagging.models import SmartTag
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.selectors import live_tags
from tagsmith.taxonomy.services import block, create_tag, set_title
from tagsmith.training.models import Version

pytestmark = [pytest.mark.django_db, pytest.mark.req("X5b")]


@pytest.fixture
def trainer(client, add_person, root):
    client.force_login(add_person("tia", "trainer"))
    return client


@pytest.fixture
def tags(db):
    found = [create_tag(COMMAND_LINE, key) for key in ("clothing/hat", "toys/hat", "mood/happy", "sock")]
    set_title(COMMAND_LINE, found[0], "Hats")
    return found


def blocked():
    return list(live_tags().filter(blocked=True).values_list("key", flat=True))


def change(client, act="block", **sent):
    return client.post("/tags/blocklist/change/", {"act": act, **sent}, follow=True)


def undo_of(page):
    return re.search(r'action="(/tags/blocklist/[^"]+/undo/)"', page)[1]


def test_empty_list_says_what_it_is_for(trainer):
    assert "Nothing is blocked" in trainer.get("/tags/blocklist/").text


def test_written_lines_are_blocked_and_that_is_undone(trainer, tags):
    page = change(trainer, tags="Hats\r\ndefault:mood/happy\r\n").text
    assert "2 tags are on the blocklist now." in page
    assert blocked() == ["default:clothing/hat", "default:mood/happy"]
    assert "Undone on 2 tags." in trainer.post(undo_of(page), follow=True).text
    assert blocked() == []


def test_unclear_lines_are_named_and_kept_while_the_others_are_done(trainer, tags):
    answer = change(trainer, tags="sock\nhat\nnothing\n")
    assert blocked() == ["default:sock"]
    assert "1 tag is on the blocklist now." in answer.text
    assert "2 lines are not clear. They are left in the box; all others are done." in answer.text
    assert re.search(r"Line 2: .*hat.* may be default:clothing/hat or default:toys/hat", answer.text)
    assert re.search(r"Line 3: there is no tag", answer.text)
    assert re.search(r"<textarea[^>]*>\s*hat\nnothing</textarea>", answer.text)


@pytest.mark.parametrize(("name", "content"), [("list.csv", b"id\nsock\nnothing\n"), ("list.txt", b"\nsock\nnothing")])
def test_file_is_read_and_its_unclear_lines_are_kept_in_the_box(trainer, tags, name, content):
    page = change(trainer, file=SimpleUploadedFile(name, content)).text
    assert blocked() == ["default:sock"]
    assert "Line 3: " in page
    assert re.search(r"<textarea[^>]*>\s*nothing</textarea>", page)


def test_file_that_is_no_text_is_refused_and_what_was_written_stays(trainer, tags):
    answer = change(trainer, file=SimpleUploadedFile("list.csv", b"\xff\xfea\0"), tags="kept")
    assert answer.status_code == 400
    assert "UTF-16: save it as UTF-8" in answer.text
    assert re.search(r"<textarea[^>]*>\s*kept</textarea>", answer.text)
    assert change(trainer).status_code == 400


def test_tags_below_go_along(trainer, tags):
    assert "2 tags are on" in change(trainer, tags="mood", below="on").text
    assert "2 tags are off" in change(trainer, "unblock", tags="mood", below="on").text


def test_ticked_ones_and_all_that_a_search_finds_are_taken_off(trainer, tags):
    block(COMMAND_LINE, tags)
    page = trainer.post("/tags/blocklist/allow/", {"tag": [tags[3].pk], "find": ""}, follow=True).text
    assert "1 tag is off the blocklist now." in page
    answer = trainer.post("/tags/blocklist/allow/", {"all": "1", "find": "hat"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/tags/blocklist/?find=hat"
    assert "2 tags are off the blocklist now." in answer.text
    assert blocked() == ["default:mood/happy"]
    assert trainer.post("/tags/blocklist/allow/", {}).status_code == 400


def test_list_is_searched_by_title_and_paged_in_as_many_queries(trainer, tags):
    block(COMMAND_LINE, tags)
    assert "default:clothing/hat" in trainer.get("/tags/blocklist/?find=HATS").text
    assert "No blocked tag is called so" in trainer.get("/tags/blocklist/?find=zebra").text
    with CaptureQueriesContext(connection) as few:
        trainer.get("/tags/blocklist/")
    Tag.objects.bulk_create(
        Tag(name=f"t{one}", key=f"default:t{one:03}", folded=f"default:t{one:03}", blocked=True) for one in range(150)
    )
    with CaptureQueriesContext(connection) as many:
        page = trainer.get("/tags/blocklist/")
    assert len(few) == len(many)
    assert "154 tags" in page.text
    assert "default:t149" not in page.text
    assert "default:t149" in trainer.get("/tags/blocklist/", {"after": page.context["next"]}).text


def test_file_that_is_sent_is_taken_in_again(trainer, tags):
    block(COMMAND_LINE, tags)
    file = trainer.get("/tags/blocklist.csv")
    assert "attachment" in file.headers["Content-Disposition"]
    change(trainer, "unblock", tags="sock")
    assert "1 tag is on" in change(trainer, file=SimpleUploadedFile("b.csv", file.content)).text


def test_smart_tags_that_go_are_said_and_come_back(trainer, kinds, add_folder, add_asset):
    asset = add_asset(add_folder("shoes"))
    boot = suggest([asset])
    SmartTag.objects.create(asset=asset, tag=boot, version=Version.objects.get(), confidence=900)
    page = change(trainer, tags="boot").text
    assert "1 tag is on the blocklist now. 1 smart tag is gone." in page
    assert not SmartTag.objects.exists()
    trainer.post(undo_of(page))
    assert SmartTag.objects.count() == 1


def test_tag_is_blocked_and_unblocked_on_its_page(trainer, tags):
    address = f"/tags/{tags[3].pk}/"
    page = trainer.post(f"{address}change/", {"what": "block"}, follow=True).text
    assert "never by machine" in page
    assert "Take it off the blocklist" in page
    trainer.post(f"{address}change/", {"what": "unblock"})
    assert blocked() == []


def test_viewer_sees_the_list_and_changes_nothing(client, add_person, tags):
    block(COMMAND_LINE, tags)
    client.force_login(add_person("vi"))
    page = client.get("/tags/blocklist/").text
    assert "default:sock" in page
    assert "<textarea" not in page
    assert "Take all" not in page
