import pytest

from tagsmith.accounts.models import Role
from tagsmith.accounts.selectors import find_person
from tagsmith.accounts.services import set_password
from tagsmith.errors import WriteError
from tagsmith.operations.demo.person import demo_password

pytestmark = [pytest.mark.django_db, pytest.mark.req("A6f")]


def test_person_is_made_once_and_the_password_stays(tmp_path):
    password = demo_password(tmp_path)
    person = find_person("demo")
    assert person.check_password(password)
    assert Role(person.role) is Role.ADMINISTRATOR
    assert demo_password(tmp_path) == password
    assert (tmp_path / "demo-password").stat().st_mode & 0o777 == 0o600


def test_password_that_was_changed_since_is_not_said(tmp_path):
    demo_password(tmp_path)
    set_password(find_person("demo"), "correct horse battery")
    assert demo_password(tmp_path) == ""
    assert find_person("demo").check_password("correct horse battery")


@pytest.mark.parametrize("lost", [True, False])
def test_password_that_was_lost_or_never_written_is_made_anew(tmp_path, lost):
    before = demo_password(tmp_path)
    file = tmp_path / "demo-password"
    file.unlink() if lost else file.write_text("")
    password = demo_password(tmp_path)
    assert password != before
    assert find_person("demo").check_password(password)


def test_folder_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(WriteError, match="missing/demo-password: No such file"):
        demo_password(tmp_path / "missing")
