"""Settings of the sign-in provider: all that belong together, or what is missing named; the secret never shown."""

from pathlib import Path

import pytest

from tagsmith.accounts.models import Role
from tagsmith.config.openid_settings import OpenIdSettings, RoleName
from tagsmith.config.settings import load_settings
from tagsmith.errors import SettingsError

pytestmark = pytest.mark.req("A1e", "O5a")

WHOLE = {"ISSUER": "https://id.example.org/realm", "CLIENT_ID": "tagsmith", "CLIENT_SECRET": "geheim"}


@pytest.fixture
def load(monkeypatch):
    def loaded(**values):
        for name, value in values.items():
            monkeypatch.setenv(f"TAGSMITH_OIDC_{name}", str(value))
        return load_settings()

    return loaded


def test_without_any_people_sign_in_by_password_alone(load):
    assert load().oidc_issuer == ""


def test_groups_and_folders_stand_between_commas(load):
    settings = load(
        **WHOLE, ROLE_CLAIM="groups", ROLES="dam=editor, it=administrator,", UNKNOWN="viewer", FOLDERS="a/b, c"
    )
    assert settings.oidc_roles == {"dam": "editor", "it": "administrator"}
    assert settings.oidc_folders == ("a/b", "c")


def test_group_may_hold_the_sign_itself(load):
    assert load(**WHOLE, ROLE_CLAIM="groups", ROLES="ou=dam=editor").oidc_roles == {"ou=dam": "editor"}


def test_file_says_groups_as_a_table(load, monkeypatch, tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text('oidc_role_claim = "groups"\noidc_folders = ["a,b"]\noidc_unknown = "viewer"\n'
                    '[oidc_roles]\n"cn=dam,ou=x" = "trainer"\n')  # fmt: skip
    monkeypatch.setenv("TAGSMITH_SETTINGS", str(file))
    settings = load(**WHOLE)
    assert (settings.oidc_roles, settings.oidc_folders) == ({"cn=dam,ou=x": "trainer"}, ("a,b",))


def test_secret_comes_from_a_file(load, tmp_path):
    file = tmp_path / "secret"
    file.write_text("geheim\n")
    settings = load(ISSUER=WHOLE["ISSUER"], CLIENT_ID="tagsmith", CLIENT_SECRET_FILE=file)
    assert settings.oidc_client_secret.get_secret_value() == "geheim"


def test_secret_is_never_shown(load):
    assert "geheim" not in repr(load(**WHOLE))


@pytest.mark.parametrize("content", ["oidc_client_secret = 4711", "oidc_client_secret = ['4711']"])
def test_secret_that_is_wrong_is_not_shown_either(load, monkeypatch, tmp_path, content):
    file = tmp_path / "settings.toml"
    file.write_text(content)
    monkeypatch.setenv("TAGSMITH_SETTINGS", str(file))
    with pytest.raises(SettingsError, match="TAGSMITH_OIDC_CLIENT_SECRET") as caught:
        load(ISSUER=WHOLE["ISSUER"], CLIENT_ID="tagsmith")
    assert "4711" not in str(caught.value)


@pytest.mark.parametrize("missing", WHOLE)
def test_what_is_missing_is_named(load, missing):
    with pytest.raises(SettingsError, match=f"oidc_{missing.lower()} is missing"):
        load(**{name: value for name, value in WHOLE.items() if name != missing})


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ISSUER": "http://id.example.org"}, "does not begin with https://"),
        ({"ISSUER": "id.example.org"}, "does not begin with https://"),
        ({"ISSUER": "https://id.example.org/.well-known/openid-configuration"}, "is more than the issuer's address"),
        ({"ISSUER": "https://id.example.org/?tenant=1"}, "is more than the issuer's address"),
        ({"ROLE_CLAIM": "groups"}, "oidc_roles is missing"),
        ({"ROLES": "dam=editor"}, "oidc_role_claim is missing"),
        ({"ROLE_CLAIM": "groups", "ROLES": "dam"}, "TAGSMITH_OIDC_ROLES: .*pairs"),
        ({"ROLE_CLAIM": "groups", "ROLES": "dam=chief"}, "TAGSMITH_OIDC_ROLES_DAM: .*'viewer'.*not 'chief'"),
        ({"UNKNOWN": "editor"}, "TAGSMITH_OIDC_UNKNOWN: .*'refuse' or 'viewer'"),
        ({"FOLDERS": "shoes"}, "oidc_folders is for new viewers"),
        ({"SCOPES": "email"}, "lacks openid"),
        ({"SIGN_OUT": "perhaps"}, "TAGSMITH_OIDC_SIGN_OUT"),
        ({"CLIENT_SECRET_FILE": "/none"}, "both set"),
    ],
)
def test_what_is_wrong_is_named(load, wrong, words):
    with pytest.raises(SettingsError, match=words):
        load(**{**WHOLE, **wrong})


@pytest.mark.parametrize(("name", "words"), [("none", "No such file"), ("empty", "is empty"), (".", "Is a directory")])
def test_secret_that_cannot_be_read_is_named(load, tmp_path, name, words):
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(SettingsError, match=f"oidc_client_secret_file: .*{words}"):
        load(ISSUER=WHOLE["ISSUER"], CLIENT_ID="tagsmith", CLIENT_SECRET_FILE=tmp_path / name)


def test_provider_on_this_machine_may_do_without_https(load):
    assert load(**{**WHOLE, "ISSUER": "http://localhost:8080/realms/x"}).oidc_issuer


def test_roles_are_those_that_there_are():
    assert set(RoleName.__args__) == set(Role)


def test_every_setting_is_documented():
    page = (Path(__file__).parents[3] / "docs" / "sign-in-provider.md").read_text(encoding="utf-8")
    assert [name for name in OpenIdSettings.model_fields if f"`TAGSMITH_{name.upper()}`" not in page] == []
