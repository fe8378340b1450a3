import pytest
from playwright.sync_api import expect

from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def assets(add_folder, add_asset):
    folder = add_folder("products")
    return [add_asset(folder, f"{number}.png", seed=number) for number in range(3)]


@pytest.fixture
def smart(assets):
    """Give the asset in the middle some smart tags."""
    from django.utils import timezone

    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.embeddings.services import stored_encoder
    from tagsmith.tagging.models import SmartTag
    from tagsmith.taxonomy.services.create import create_tag
    from tagsmith.training.models import TagModel, Version

    model = TagModel.objects.create(title="Shapes")
    version = Version.objects.create(
        model=model, number=1, encoder=stored_encoder("test", 8), columns=[], content=b"", live=True
    )
    for name, confidence in (("round", 970), ("red", 860), ("spotted", 610)):
        tag = create_tag(COMMAND_LINE, name)
        SmartTag.objects.create(asset=assets[1], tag=tag, version=version, confidence=confidence, at=timezone.now())


def test_arrow_keys_lead_to_the_neighbours_but_not_while_writing(sign_in, assets):
    page = sign_in("editor")
    page.goto(f"/assets/{assets[1].pk}/")
    check(page)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="0.png")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", name="1.png")).to_be_visible()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Title").press("ArrowRight")
    check(page)
    page.get_by_label("Title").fill("A disc")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="A disc")).to_be_visible()
    expect(page.get_by_text("editor edited title")).to_be_visible()


@pytest.mark.req("T2a")
def test_tags_are_managed_by_keyboard_and_nothing_is_applied_until_saved(sign_in, assets, smart):
    from tagsmith.curation.models import HumanTag

    page = sign_in("editor")
    page.goto(f"/assets/{assets[1].pk}/")
    page.get_by_role("link", name="Manage tags").click()
    save = page.get_by_role("button", name="Save")
    expect(save).to_be_disabled()
    page.get_by_role("button", name="Promote round").focus()
    page.keyboard.press("Enter")
    expect(save).to_be_enabled()
    page.get_by_role("checkbox", name="Select red").check()
    page.get_by_role("button", name="Delete selected").click()
    page.get_by_role("button", name="Remove spotted").click()
    page.get_by_role("button", name="Leave it").last.click()
    check(page)
    assert not HumanTag.objects.exists()
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Tags of 1.png")).to_be_visible()
    save.click()
    expect(page.get_by_text("The tags of 1.png are saved.")).to_be_visible()
    assert asked == ["beforeunload"]
    assert [row.tag.name for row in HumanTag.objects.select_related("tag")] == ["round"]
    expect(page.get_by_text("Allow red again")).to_be_visible()
    expect(page.get_by_role("button", name="Promote spotted")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Promote round")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Tags of 0.png")).to_be_visible()


@pytest.mark.req("T2a")
def test_refused_tag_keeps_what_else_was_chosen(sign_in, assets, smart):
    page = sign_in("editor")
    page.goto(f"/assets/{assets[1].pk}/tags/")
    page.get_by_role("button", name="Promote round").click()
    page.get_by_label("Add a tag").fill("no such")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("there is no tag 'no such'")
    expect(page.get_by_text("Promoted when saved")).to_be_visible()
    page.get_by_role("button", name="Remove no such").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("are saved.")).to_be_visible()


@pytest.mark.req("L1l")
def test_asset_is_renamed_by_keyboard_and_a_taken_name_is_said_while_what_was_typed_stays(sign_in, assets):
    page = sign_in("editor")
    page.goto(f"/assets/{assets[1].pk}/")
    page.get_by_role("button", name="Rename 1.png").press("Enter")
    name = page.get_by_role("textbox", name="Name")
    check(page)
    name.fill("2.png")
    name.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("there is an asset 'products/2.png' already")
    expect(name).to_have_value("2.png")
    name.fill("disc.png")
    name.press("Enter")
    expect(page.get_by_role("heading", name="disc.png", exact=True)).to_be_visible()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("heading", name="1.png", exact=True)).to_be_visible()
