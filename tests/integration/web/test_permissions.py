"""No page is open by oversight: every address is walked, also those that come later."""

import pytest
from django.urls import get_resolver, resolve, reverse

from tagsmith.accounts.models import Role

OPEN = {"sign-in", "sign-in-provider", "sign-in-back", "sign-out", "setup", "health", "language"}
TEXTS = {"token": "x", "unit": "00000000-0000-0000-0000-000000000000"}

pytestmark = [pytest.mark.django_db, pytest.mark.req("A1c")]


def addresses():
    """Every named address below the root, with some arguments."""
    for name, ((pattern, *_), *_) in get_resolver().reverse_dict.items():
        if isinstance(name, str):
            _, names = pattern
            yield name, reverse(name, kwargs={one: TEXTS.get(one, 999_999) for one in names})


def test_every_page_but_the_open_ones_needs_somebody_signed_in(client, db):
    found = dict(addresses())
    assert found.keys() > OPEN
    for name in found.keys() - OPEN:
        for answer in (client.get(found[name]), client.post(found[name])):
            assert answer.status_code == 302, name
            assert answer.url.startswith("/sign-in/?next="), name


@pytest.mark.parametrize("role", Role)
def test_every_page_says_whom_it_is_for_and_refuses_all_others(client, add_person, root, storage, role):
    client.force_login(add_person(role=role))
    for name, address in addresses():
        if name in OPEN:
            continue
        to_see, to_change = resolve(address).func.roles
        for answer, needed in ((client.get(address), to_see), (client.post(address), to_change)):
            assert (answer.status_code == 403) == (not role.includes(needed)), (name, answer.request["REQUEST_METHOD"])
            assert answer.status_code < 500, name


@pytest.fixture
def secret(add_folder, add_asset):
    return add_asset(add_folder("secret"), "secret.png", title="secret plan")


@pytest.fixture
def seen(add_folder, add_asset):
    return add_asset(add_folder("open"), "open.png", seed=1, title="open day")


@pytest.fixture
def viewer(client, add_person, seen, secret):
    client.force_login(add_person(folders=(seen.folder,)))
    return client


@pytest.mark.req("A1a")
@pytest.mark.parametrize("page", ["/assets/{}/", "/assets/{}/preview/", "/assets/{}/original/"])
def test_asset_outside_the_granted_folders_looks_as_if_it_were_not_there(viewer, seen, secret, page):
    assert viewer.get(page.format(seen.pk)).status_code == 200
    hidden, missing = viewer.get(page.format(secret.pk)), viewer.get(page.format(999_999))
    assert (hidden.status_code, hidden.content) == (404, missing.content)


@pytest.mark.req("A1a")
def test_folder_outside_the_granted_ones_is_neither_listed_nor_opened(viewer, seen, secret):
    page = viewer.get("/library/").text
    assert "open day" in page
    assert "secret" not in page
    assert viewer.get(f"/folders/{secret.folder.pk}/").status_code == 404
    assert viewer.get(f"/folders/{secret.folder.parent.pk}/").status_code == 404
    assert viewer.get(f"/folders/{seen.folder.pk}/").status_code == 200
