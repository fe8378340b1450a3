import pytest
from django.contrib.auth import authenticate

from tagsmith.accounts.models import Person, Role
from tagsmith.accounts.selectors import find_person
from tagsmith.accounts.services import add_person, deactivate, set_password, set_role
from tagsmith.errors import BadInputError, ConflictError, NotFoundError

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.mark.req("A1b")
@pytest.mark.parametrize(("role", "may"), [("viewer", 1), ("editor", 2), ("trainer", 3), ("administrator", 4)])
def test_each_role_may_do_what_the_ones_before_may(role, may):
    person = add_person("ada", PASSWORD, Role(role))
    assert [person.may(other) for other in Role] == [True] * may + [False] * (4 - may)


@pytest.mark.req("A1b")
def test_who_is_deactivated_may_nothing_and_cannot_sign_in():
    add_person("boss", PASSWORD, Role.ADMINISTRATOR)
    person = add_person("ada", PASSWORD, Role.EDITOR)
    deactivate(person)
    assert not person.may(Role.VIEWER)
    assert authenticate(username="ada", password=PASSWORD) is None


@pytest.mark.req("A1b")
def test_signing_in_takes_the_name_in_any_case_and_only_the_right_password():
    person = add_person("Ada", PASSWORD, Role.VIEWER)
    assert authenticate(username="ADA", password=PASSWORD) == person
    assert authenticate(username="ada", password="another") is None


def test_new_password_replaces_the_old():
    person = add_person("ada", PASSWORD, Role.VIEWER)
    set_password(person, "another long password")
    assert authenticate(username="ada", password=PASSWORD) is None
    assert authenticate(username="ada", password="another long password") == person


def test_weak_password_changes_nothing():
    person = add_person("ada", PASSWORD, Role.VIEWER)
    with pytest.raises(BadInputError, match="password: "):
        set_password(person, "password")
    assert authenticate(username="ada", password=PASSWORD) == person


@pytest.mark.parametrize("change", [deactivate, lambda person: set_role(person, Role.TRAINER)])
def test_last_administrator_stays_one(change):
    boss = add_person("boss", PASSWORD, Role.ADMINISTRATOR)
    with pytest.raises(ConflictError, match="boss is the last administrator"):
        change(boss)
    add_person("other", PASSWORD, Role.ADMINISTRATOR)
    change(boss)
    boss.refresh_from_db()
    assert not boss.may(Role.ADMINISTRATOR)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 151])
def test_unfit_name_is_refused(name):
    with pytest.raises(BadInputError, match="username"):
        add_person(name, PASSWORD, Role.VIEWER)
    assert not Person.objects.exists()


def test_nobody_of_that_name():
    with pytest.raises(NotFoundError, match="nobody is called 'ada'"):
        find_person("ada")
