import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tagsmith.audit.services import COMMAND_LINE
from tagsmith.taxonomy.selectors import live_tags
from tagsmith.taxonomy.services import block, create_tag, set_title

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer(client, add_person, root):
    client.force_login(add_person("tia", "trainer"))
    return client


@pytest.fixture
def tags(db):
    return {key: create_tag(COMMAND_LINE, key) for key in ("summer", "winter", "collarless", "shoe", "shoes", "boot")}


def blocked():
    return list(live_tags().filter(blocked=True).values_list("key", flat=True))


@pytest.mark.req("X4e")
def test_page_shows_each_kind_with_its_tags_reason_and_remedy(trainer, tags):
    page = trainer.get("/tags/advice/").text
    assert "“summer” is a season, and most images show no sign of one." in page
    assert "Tag the signs instead, such as snow, blossom or coats" in page
    assert "default:collarless" not in page
    assert "“collarless” is a detail" in trainer.get("/tags/advice/?kind=too+fine").text
    alike = trainer.get("/tags/advice/?kind=alike").text
    for shown in ("default:shoe<", "default:shoes", "Singular and plural", f'href="/tags/{tags["shoes"].pk}/"'):
        assert shown in alike
    assert "no tag model is to learn it" in trainer.get("/tags/advice/?kind=unused").text
    assert "What tagging cannot see" in page


@pytest.mark.req("X4e")
def test_nothing_to_advise_is_said(trainer):
    assert "Nothing to advise" in trainer.get("/tags/advice/").text
    create_tag(COMMAND_LINE, "boot")
    assert "Nothing of this kind" in trainer.get("/tags/advice/?kind=alike").text


@pytest.mark.req("X4e")
def test_tag_is_left_to_people_with_one_click_alone_or_with_all_of_its_kind_and_that_is_undone(trainer, tags):
    page = trainer.post("/tags/advice/leave/", {"kind": "unseen", "tag": tags["summer"].pk}, follow=True).text
    assert "1 tag is left to people now." in page
    assert blocked() == ["default:summer"]
    page = trainer.post("/tags/advice/leave/", {"kind": "unseen"}, follow=True).text
    assert blocked() == ["default:summer", "default:winter"]
    assert "“winter”" not in page
    trainer.post(page.split('action="/tags/blocklist/')[1].split('"')[0].join(("/tags/blocklist/", "")))
    assert blocked() == ["default:summer"]
    assert trainer.post("/tags/advice/leave/", {"kind": "alike"}).status_code == 400


@pytest.mark.req("X4e")
def test_many_findings_are_paged_in_as_many_queries(trainer):
    create_tag(COMMAND_LINE, "one:summer")
    trainer.get("/tags/advice/?kind=unused")
    with CaptureQueriesContext(connection) as few:
        trainer.get("/tags/advice/?kind=unused")
    for number in range(150):
        create_tag(COMMAND_LINE, f"plain{number}x")
    trainer.get("/tags/advice/?kind=unused")
    with CaptureQueriesContext(connection) as many:
        page = trainer.get("/tags/advice/?kind=unused")
    assert len(few) == len(many)
    assert page.text.count("no tag model is to learn it") == 100
    rest = trainer.get("/tags/advice/", {"kind": "unused", "after": page.context["next"]}).text
    assert rest.count("no tag model is to learn it") == 51


@pytest.mark.parametrize("query", ["kind=nonsense", "after=x", "after=-1", "after=999999999999"])
def test_address_that_makes_no_sense_shows_what_there_is(trainer, tags, query):
    assert trainer.get(f"/tags/advice/?{query}").status_code == 200


@pytest.mark.req("X4f")
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("title=Happy", "is a mood or an emotion"),
        ("name=clothing/boots", "Like boot (default:boot)"),
        ("name=x&title=Boots", "Like boot (default:boot)"),
        ("text=Traurig&language=de", "“Traurig” is a mood"),
        ("title=<b>2024", "“2024”"),
    ],
)
def test_title_that_is_being_typed_gets_a_hint(trainer, tags, query, words):
    part = trainer.get(f"/tags/advice/hints/?{query}").text
    assert words in part
    assert "<h1" not in part


@pytest.mark.req("X4f")
def test_ordinary_title_and_nothing_get_none(trainer, tags):
    for query in ("title=Sandal", "", "name=", "title=%00", f"title=boots&but={tags['boot'].pk}"):
        assert trainer.get(f"/tags/advice/hints/?{query}").text.strip() == ""


@pytest.mark.req("X4f")
def test_forms_of_tags_ask_for_hints_and_the_page_of_a_tag_shows_them(trainer, tags):
    assert 'hx-get="/tags/advice/hints/"' in trainer.get("/tags/").text
    page = trainer.get(f"/tags/{tags['summer'].pk}/").text
    assert f'hx-get="/tags/advice/hints/?but={tags["summer"].pk}"' in page
    assert "“summer” is a season" in page
    block(COMMAND_LINE, [tags["summer"]])
    assert "“summer” is a season" not in trainer.get(f"/tags/{tags['summer'].pk}/").text


@pytest.mark.req("X4f")
def test_tags_to_be_taught_are_advised_on_in_the_first_step(trainer, tags):
    set_title(COMMAND_LINE, tags["boot"], "Boots")
    block(COMMAND_LINE, [tags["winter"]])
    part = trainer.get("/training/tags/").text
    assert "Boots <span" in part
    assert "“summer” is a season" in part
    assert "It is on the blocklist: no tag model gives it" in part
    assert part.count('class="hint"') == 3
    sent = {"title": " ", "tags": [tags["summer"].pk, tags["boot"].pk]}
    page = trainer.post("/training/create/", sent).text
    assert "summer: “summer” is a season" in page


@pytest.mark.req("X4e")
def test_viewer_reads_advice_and_changes_nothing(client, add_person, tags):
    client.force_login(add_person("vi"))
    page = client.get("/tags/advice/").text
    assert "“summer”" in page
    assert "Leave" not in page
