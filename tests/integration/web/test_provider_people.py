"""Whom the provider of OpenID Connect means: who is bound to it, who is new, and which roles its groups give."""

import pytest
from django.test import Client

from tagsmith.accounts.models import Identity, Person
from tagsmith.accounts.services import deactivate
from tagsmith.assets.models import FolderGrant
from tagsmith.assets.selectors.folders import scope_of
from tagsmith.audit.models import Entry

from .providing import EMAIL, ada, is_in, logged, provider, rules, sign_in  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.req("A1e")]


RULES = {"role_claim": "groups", "roles": {"dam": "editor", "boss": "administrator"}}


class TestBinding:
    def test_email_that_has_come_to_another_there_takes_nobody_over(self, client, provider, ada):
        sign_in(client, provider)
        provider.claims["sub"] = "subject-8"
        thief = Client()
        assert sign_in(thief, provider).status_code == 403
        assert not is_in(thief)
        assert logged("person.refused")[0][2]["reason"] == "other subject"
        assert Identity.objects.get().subject == "subject-7"

    def test_who_is_bound_stays_themselves_under_a_new_email(self, client, provider, ada, add_person):
        add_person("boss@example.org", "administrator")
        sign_in(client, provider)
        provider.claims["email"] = "boss@example.org"
        other = Client()
        sign_in(other, provider)
        assert other.session["_auth_user_id"] == str(ada.pk)

    def test_who_was_kept_from_signing_in_is_out_though_bound(self, client, provider, ada, add_person):
        add_person("boss", "administrator")
        sign_in(client, provider)
        deactivate(ada)
        assert not is_in(client)
        assert sign_in(client, provider).status_code == 403

    def test_administrator_unbinds_which_signs_out_and_lets_bind_anew(self, client, provider, ada, add_person):
        sign_in(client, provider)
        boss = Client()
        boss.force_login(add_person("boss", "administrator"))
        page = boss.get(f"/people/{ada.pk}/").text
        assert "Unbind" in page
        assert EMAIL in page
        identity = Identity.objects.get()
        assert boss.post(f"/people/{ada.pk}/identities/{identity.pk}/unbind/").status_code == 302
        assert not is_in(client)
        assert Entry.objects.get(action="person.unbound").before["subject"] == "subject-7"
        assert boss.post(f"/people/{ada.pk}/identities/{identity.pk}/unbind/").status_code == 404
        provider.claims["sub"] = "subject-8"
        assert sign_in(client, provider).url == "/"

    def test_people_are_shown_with_how_they_sign_in(self, client, provider, ada, add_person):
        sign_in(client, provider)
        boss = Client()
        boss.force_login(add_person("boss", "administrator"))
        rows = boss.get("/people/").text.split("<tr>")[2:]
        assert ["Sign-in provider" in row for row in rows] == [True, False]
        assert ["Password" in row for row in rows] == [True, True]


class TestSomebodyNew:
    @pytest.fixture(autouse=True)
    def boss(self, add_person):
        return add_person("boss", "administrator")

    def test_is_never_the_first_who_would_keep_an_administrator_from_being_made(self, client, provider, rules, boss):
        rules(takes_unknown=True)
        boss.delete()
        assert sign_in(client, provider).status_code == 403
        assert not Person.objects.exists()

    def test_is_a_viewer_without_a_password_who_sees_nothing(self, client, provider, rules, root):
        rules(takes_unknown=True)
        assert sign_in(client, provider).url == "/"
        ada = Person.objects.get(role="viewer")
        assert (ada.username, ada.name, ada.role) == (EMAIL, "Ada L.", "viewer")
        assert not ada.has_usable_password()
        assert scope_of(ada).paths == ()
        assert logged("person.added")[0][0] == "sign-in provider"

    def test_sees_the_folders_that_are_set(self, client, provider, rules, add_folder):
        rules(takes_unknown=True, folders=("shoes", "gone"))
        add_folder("shoes")
        sign_in(client, provider)
        assert scope_of(Person.objects.get(role="viewer")).paths == ("shoes",)
        FolderGrant.objects.filter(folder__path="shoes").delete()
        assert scope_of(Person.objects.get(role="viewer")).paths == ()

    def test_sees_everything_if_that_is_set(self, client, provider, rules, root):
        rules(takes_unknown=True, folders=("/",))
        sign_in(client, provider)
        assert scope_of(Person.objects.get(role="viewer")).covers("shoes")

    def test_page_of_people_says_that_they_see_nothing(self, client, provider, rules, root, boss):
        rules(takes_unknown=True)
        sign_in(client, provider)
        other = Client()
        other.force_login(boss)
        assert "Nothing" in other.get("/people/").text
        assert "no folder was given yet" in other.get(f"/people/{Person.objects.get(username=EMAIL).pk}/").text

    def test_name_of_somebody_without_an_email_is_what_they_are_called(self, client, provider, rules):
        rules(takes_unknown=True)
        provider.claims = {"sub": "subject-7", "preferred_username": "ada"}
        sign_in(client, provider)
        assert Person.objects.get(role="viewer").username == "ada"

    def test_name_that_cannot_be_one_is_refused(self, client, provider, rules):
        rules(takes_unknown=True)
        provider.claims["email"] = "x" * 151
        assert sign_in(client, provider).status_code == 403
        assert not Person.objects.filter(role="viewer").exists()


class TestRoles:
    @pytest.fixture
    def trainer(self, rules, add_person):
        rules(**RULES)
        add_person("boss", "administrator")
        return add_person(EMAIL, "trainer")

    @pytest.mark.parametrize(("groups", "role"), [
        (["dam", "boss", "else"], "administrator"),
        ("dam", "editor"),
        (["else"], "viewer"),
        (None, "viewer"),
    ])  # fmt: skip
    def test_are_the_highest_of_the_groups_at_each_sign_in(self, client, provider, trainer, groups, role):
        provider.claims["groups"] = groups
        sign_in(client, provider)
        trainer.refresh_from_db()
        assert trainer.role == role
        assert Entry.objects.get(action="person.role").actor_name == "sign-in provider"

    def test_are_found_by_a_path_into_a_claim(self, client, provider, rules, ada):
        rules(role_claim="realm_access.roles", roles={"dam": "editor"})
        provider.claims["realm_access"] = {"roles": ["dam"]}
        sign_in(client, provider)
        ada.refresh_from_db()
        assert ada.role == "editor"

    def test_last_administrator_stays_one(self, client, provider, rules, add_person):
        rules(**RULES)
        boss = add_person(EMAIL, "administrator")
        assert sign_in(client, provider).url == "/"
        boss.refresh_from_db()
        assert boss.role == "administrator"

    def test_are_left_to_people_without_that_setting(self, client, provider, add_person):
        ada = add_person(EMAIL, "trainer")
        provider.claims["groups"] = ["boss"]
        sign_in(client, provider)
        ada.refresh_from_db()
        assert ada.role == "trainer"

    def test_page_says_that_groups_decide(self, client, provider, rules, ada, add_person):
        rules(**RULES)
        client.force_login(add_person("boss", "administrator"))
        assert "their groups there decide the role" in client.get(f"/people/{ada.pk}/").text
