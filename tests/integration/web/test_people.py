import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tagsmith.accounts.models import Person
from tagsmith.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.req("A1d")]

GOOD = "correct horse battery"


@pytest.fixture
def boss(client, add_person, root):
    person = add_person("boss", "administrator")
    client.force_login(person)
    return person


def test_somebody_is_added_and_can_sign_in(client, boss):
    wanted = {"username": "ada", "name": "Ada", "role": "editor", "password": GOOD}
    page = client.post("/people/", wanted, follow=True).text
    assert "ada can sign in now." in page
    assert "Editor" in page
    assert client.login(username="ada", password=GOOD)
    entry = Entry.objects.get(action="person.added", actor=boss)
    assert GOOD not in str(entry.after)


def test_what_was_typed_stays_when_it_is_refused(client, boss):
    page = client.post("/people/", {"username": "ada", "name": "Ada", "role": "editor", "password": "short"}).text
    assert "data-open" in page
    assert 'value="ada"' in page
    assert "password" in page
    assert not Person.objects.filter(username="ada").exists()


def test_role_is_changed_and_noted(client, boss, add_person):
    ada = add_person("ada")
    client.post(f"/people/{ada.pk}/", {"change": "role", "role": "trainer"})
    ada.refresh_from_db()
    assert ada.role == "trainer"
    assert Entry.objects.get(action="person.role").before == {"role": "viewer"}


def test_last_administrator_stays_one(client, boss):
    page = client.post(f"/people/{boss.pk}/", {"change": "role", "role": "viewer"}).text
    assert "is the last administrator" in page
    assert client.post(f"/people/{boss.pk}/switch/").status_code == 409
    boss.refresh_from_db()
    assert (boss.role, boss.is_active) == ("administrator", True)


def test_somebody_kept_from_signing_in_can_be_let_in_again(client, boss, add_person):
    ada = add_person("ada")
    for can in (False, True):
        client.post(f"/people/{ada.pk}/switch/")
        ada.refresh_from_db()
        assert ada.is_active == can


def test_whoever_changes_their_own_password_stays_signed_in(client, boss):
    client.post(f"/people/{boss.pk}/", {"change": "password", "password": "another horse battery"})
    assert client.get("/people/").status_code == 200
    assert client.login(username="boss", password="another horse battery")


def test_folder_is_given_by_its_path_and_taken_back(client, boss, add_person, add_folder):
    ada, folder = add_person("ada"), add_folder("shoes")
    address = f"/people/{ada.pk}/"
    assert "no folder" in client.post(address, {"change": "folder", "path": "hats"}).text
    assert "shoes" in client.post(address, {"change": "folder", "path": "/shoes/"}, follow=True).text
    grant = ada.grants.get(folder=folder)
    client.post(f"{address}folders/{grant.pk}/revoke/")
    assert not ada.grants.exists()


@pytest.mark.req("T5b")
def test_folder_that_is_gone_for_good_is_taken_back_and_the_log_says_so(client, boss, add_person, add_folder):
    ada, folder = add_person("ada"), add_folder("shoes")
    client.post(f"/people/{ada.pk}/", {"change": "folder", "path": "shoes"})
    grant = ada.grants.get()
    folder.delete()
    client.post(f"/people/{ada.pk}/folders/{grant.pk}/revoke/")
    assert not ada.grants.exists()
    entry = Entry.objects.latest("pk")
    assert (entry.action, entry.subject, entry.subject_id) == ("grant.removed", "person", ada.pk)


def test_number_of_queries_does_not_grow_with_people(client, boss, add_person, add_folder):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/people/").status_code == 200
        return len(caught)

    few = queries()
    for number in range(5):
        add_person(f"person {number}", folders=(add_folder(f"folder {number}"),))
    assert queries() == few
