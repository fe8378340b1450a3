"""What every page owes to a keyboard, to a screen reader and to a narrow screen, also pages that come later."""

import numpy as np
import pytest
from PIL import Image

from integration.web.conftest import client  # noqa: F401 - a fixture

from .conftest import NARROW, WIDE
from .furnished import furnished, library, pages, shoes, tags, trained  # noqa: F401 - fixtures
from .reading import check
from .walking import open_dialogs, settle, structure, walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("A7a", "A7b")]

AREAS = ["asset", "changes", "collections", "design", "home", "library", "people", "reports", "review", "search"]
AREAS += ["tags", "training", "workflows"]


@pytest.fixture
def found(furnished, client, add_person, monkeypatch):
    """Give the addresses of all pages by the first word of their names."""
    from tagsmith.tagging.explaining import Heat

    lit = Heat(Image.new("RGB", (64, 48)), np.full((4, 4), 1 / 16))
    monkeypatch.setattr("tagsmith.web.views.training.why.heat", lambda *_: lit)
    client.force_login(add_person("walker", "administrator"))
    areas = {}
    for name, address in pages(client, furnished):
        areas.setdefault(name.split("-")[0], []).append(address)
    return areas


def test_no_area_is_left_out(found):
    assert sorted(found) == AREAS


@pytest.mark.parametrize("area", AREAS)
def test_pages_are_walked_by_keyboard_read_aloud_and_shown_on_a_telephone(sign_in, found, area):
    page, wrong = sign_in("administrator"), {}
    for address in found[area]:
        page.goto(address)
        settle(page)
        complaints = structure(page) + walk(page)
        check(page)
        page.set_viewport_size(NARROW)
        complaints += [f"narrow: {one}" for one in walk(page)]
        page.set_viewport_size(WIDE)
        for dialog in open_dialogs(page):
            complaints += [f"{dialog}: {one}" for one in walk(page)]
            check(page)
        if complaints:
            wrong[address] = complaints
    assert wrong == {}
