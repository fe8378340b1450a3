import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

pytestmark = [pytest.mark.django_db, pytest.mark.req("L8c")]
PAGE = "/library/duplicates/"


@pytest.fixture
def folder(add_folder):
    return add_folder("travel")


@pytest.fixture
def copies(folder, add_folder, add_asset):
    """Two of one file, three of another, one alone."""
    other = add_folder("archive")
    return [
        add_asset(folder, "a.png", seed=1),
        add_asset(folder, "b.png", seed=2),
        add_asset(other, "a copy.png", seed=1),
        add_asset(other, "b copy.png", seed=2),
        add_asset(folder, "c.png", seed=3),
        add_asset(folder, "b again.png", seed=2),
    ]


@pytest.fixture
def editor(client, add_person, copies):
    client.force_login(add_person("ed", "editor"))
    return client


def groups(page):
    return sorted(re.findall(r'<span class="faint">([^<]+\.png)</span>', one) for one in page.split("<section")[1:])


def test_files_that_are_there_several_times_are_side_by_side_the_oldest_first(editor):
    page = editor.get(PAGE).text
    assert groups(page) == [
        ["travel/a.png", "archive/a copy.png"],
        ["travel/b.png", "archive/b copy.png", "travel/b again.png"],
    ]
    assert "3 times the same file" in page
    assert "data-later" in page
    assert 'href="/library/duplicates/"' in editor.get("/library/").text


def test_what_is_in_the_trash_is_no_copy(editor, copies):
    editor.post("/selection/delete/", {"asset": [copies[2].pk, copies[3].pk]})
    assert groups(editor.get(PAGE).text) == [["travel/b.png", "travel/b again.png"]]


def test_library_without_any_says_so(client, add_person, folder, add_asset):
    add_asset(folder)
    client.force_login(add_person())
    assert "No file is here twice" in client.get(PAGE).text


@pytest.mark.req("A1a")
def test_copies_in_hidden_folders_are_neither_shown_nor_counted(client, add_person, copies, folder):
    client.force_login(add_person("eve", "viewer", folders=(folder,)))
    page = client.get(PAGE).text
    assert groups(page) == [["travel/b.png", "travel/b again.png"]]
    assert "archive" not in page
    assert "data-later" not in page


def test_pages_follow_each_other_and_cost_as_many_queries(editor, monkeypatch):
    monkeypatch.setattr("tagsmith.web.views.duplicates.SIZE", 1)
    with CaptureQueriesContext(connection) as one:
        first = editor.get(PAGE).text
    second = editor.get("?".join((PAGE, re.search(r'href="\?(after=[^"]*)" rel="next"', first)[1]))).text
    assert len(groups(first) + groups(second)) == 2
    assert 'rel="next"' not in second
    monkeypatch.setattr("tagsmith.web.views.duplicates.SIZE", 24)
    with CaptureQueriesContext(connection) as all_of_them:
        editor.get(PAGE)
    assert len(one) == len(all_of_them)
