import pytest
from playwright.sync_api import expect

from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("M13e", "A7a")]


@pytest.fixture
def found(add_folder, add_asset):
    """Let a search have found a group of twelve."""
    from django.utils import timezone

    from tagsmith.tagging.models import Group, GroupSearch

    folder = add_folder("animals")
    assets = [add_asset(folder, f"boar-{number}.png", seed=number) for number in range(12)]
    search = GroupSearch.objects.create(scope="null", found=timezone.now(), searched=20_000, untagged=100_000)
    return lambda: Group.objects.create(search=search, assets=[asset.pk for asset in assets], cohesion=0.8)


def test_group_is_looked_for_and_becomes_a_tag_by_keyboard(sign_in, root, found):
    from tagsmith.curation.models import HumanTag
    from tagsmith.tagging.models import GroupSearch

    page = sign_in("trainer")
    page.goto("/training/")
    page.get_by_role("link", name="Groups without a tag").press("Enter")
    expect(page.get_by_text("No group is left")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Look again").press("Enter")
    expect(page.get_by_text("Groups are being looked for")).to_be_visible()
    check(page)
    found()
    GroupSearch.objects.update(token=None)
    expect(page.get_by_role("heading", name="12 assets look alike")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Make a tag of group 1").press("Enter")
    page.get_by_role("checkbox", name="Select boar-3.png").press("Space")
    check(page)
    page.get_by_label("Title of the tag").fill("Wild boar")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Wild boar is set on 11 assets.")).to_be_visible()
    assert HumanTag.objects.count() == 11
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Undone on 11 tags.")).to_be_visible()


def test_group_is_put_aside_and_found_again_by_keyboard(sign_in, root, found):
    found()
    page = sign_in("trainer")
    page.goto("/")
    page.get_by_role("link", name="Make tags").press("Enter")
    page.get_by_role("button", name="Not now: group 1").press("Enter")
    expect(page.get_by_text("No group is left")).to_be_visible()
    page.get_by_role("link", name="1 put aside").press("Enter")
    check(page)
    page.get_by_role("button", name="Show again").press("Enter")
    expect(page.get_by_role("heading", name="12 assets look alike")).to_be_visible()
