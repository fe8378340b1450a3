"""Pages in German, whose words are long, and choosing it before signing in."""

import pytest
from playwright.sync_api import expect

from integration.web.suggested import suggest

from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("A5b", "A7a")]

PAGES = [
    "/",
    "/library/",
    "/assets/{asset}/",
    "/assets/{asset}/?edit=1",
    "/assets/{asset}/tags/",
    "/search/",
    "/tags/{tag}/",
    "/tags/blocklist/",
    "/tags/advice/",
    "/training/",
    "/training/create/",
    "/training/{model}/",
    "/workflows/",
    "/workflows/start/",
    "/workflows/launchers/",
    "/workflows/schedules/new/",
    "/review/",
    "/reports/",
    "/people/",
    "/changes/",
    "/collections/",
    "/metadata/",
]


def test_german_pages_fit_a_telephone_and_set_up_no_barrier(sign_in, add_folder, add_asset):
    from tagsmith.training.models import TagModel

    shoes = add_folder("shoes")
    assets = [add_asset(shoes, f"{number}.png", seed=number) for number in range(3)]
    tag = suggest(assets)
    page = sign_in(locale="de-DE")
    for address in PAGES:
        page.goto(address.format(asset=assets[0].pk, tag=tag.pk, model=TagModel.objects.get().pk))
        expect(page.locator("html")).to_have_attribute("lang", "de")
        check(page)


def test_language_is_chosen_before_signing_in_and_stays(open_browser, root, add_person):
    add_person("ada")
    page = open_browser(locale="en-GB").new_page()
    page.goto("/sign-in/")
    page.get_by_label("Language").select_option("Deutsch")
    page.get_by_role("button", name="Set").click()
    expect(page.get_by_role("heading", name="Anmelden")).to_be_visible()
    check(page)
    page.get_by_label("Benutzername").fill("ada")
    page.get_by_label("Passwort").fill("correct horse battery")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Start", exact=True)).to_be_visible()
    expect(page.get_by_role("navigation", name="Bereiche")).to_be_visible()
