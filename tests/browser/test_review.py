import pytest
from playwright.sync_api import expect

from integration.web.suggested import suggest

from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("W6e", "A7a")]


def test_queue_is_worked_through_by_keyboard(sign_in, add_folder, add_asset):
    from tagsmith.curation.models import HumanTag, Rejection

    shoes = add_folder("shoes")
    suggest([add_asset(shoes, f"{number}.png", seed=number) for number in range(5)])
    page = sign_in("editor")
    page.goto("/review/")
    check(page)
    cards = page.get_by_role("list", name="Suggestions").locator("[data-card]")
    page.keyboard.press("ArrowRight")
    expect(cards.nth(0)).to_be_focused()
    page.keyboard.press("a")
    said = page.locator("#said")
    expect(said).to_contain_text("1 suggestion accepted.")
    expect(cards).to_have_count(4)
    expect(page.get_by_text("4 wait", exact=True)).to_be_visible()
    expect(cards.nth(0)).to_be_focused()
    expect(cards.nth(0)).to_have_accessible_name("boot, perhaps, 55 %, 1.png")
    page.keyboard.press("n")
    page.keyboard.press("Delete")
    expect(said).to_contain_text("1 suggestion rejected.")
    expect(cards.nth(1)).to_be_focused()
    assert (HumanTag.objects.get().asset.name, Rejection.objects.get().asset.name) == ("0.png", "2.png")
    page.keyboard.press("u")
    expect(page.get_by_role("status").filter(has_text="1 decision is taken back.")).to_be_visible()
    expect(cards).to_have_count(4)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    check(page)
    page.get_by_role("button", name="Accept selected").press("Enter")
    expect(cards).to_have_count(2)
    page.get_by_role("button", name="Accept all that match").press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Accept 2 suggestions?")
    page.get_by_role("button", name="Accept all", exact=True).press("Enter")
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    check(page)


def test_last_decision_leaves_a_word_and_a_way_on(sign_in, add_folder, add_asset):
    suggest([add_asset(add_folder("shoes"))])
    page = sign_in("editor")
    page.goto("/review/")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("r")
    expect(page.get_by_text("All of these are decided")).to_be_visible()
    expect(page.get_by_role("link", name="Show what else waits")).to_be_visible()


@pytest.mark.req("W6f")
def test_progress_of_many_is_shown_and_the_page_is_anew_when_it_is_over(sign_in, add_folder, add_asset, monkeypatch):
    from tagsmith.tagging import deciding
    from tagsmith.tagging.models import Decision

    monkeypatch.setattr(deciding, "AT_ONCE", 2)
    monkeypatch.setattr(deciding, "PART", 2)
    shoes = add_folder("shoes")
    suggest([add_asset(shoes, f"{number}.png", seed=number) for number in range(5)])
    page = sign_in("editor")
    page.goto("/review/")
    page.get_by_role("button", name="Accept all that match").press("Enter")
    page.get_by_role("button", name="Accept all", exact=True).press("Enter")
    expect(page.get_by_text("Suggestions are being accepted: 0 of 5.")).to_be_visible()
    check(page)
    decision = Decision.objects.get()
    deciding.go_on(decision.pk)
    expect(page.get_by_text("Suggestions are being accepted: 2 of 5.")).to_be_visible()
    while deciding.go_on(decision.pk):
        pass
    expect(page.get_by_text("5 suggestions accepted.")).to_be_visible()
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    check(page)
