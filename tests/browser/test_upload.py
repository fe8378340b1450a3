import pytest
from playwright.sync_api import expect

from drawings import draw

from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("L2e")]


def test_folder_of_photos_is_uploaded_with_what_became_of_each(sign_in, add_folder, storage, tmp_path):
    from tagsmith.assets.models import Asset, State

    folder = add_folder("products")
    (tmp_path / "trip" / "alps").mkdir(parents=True)
    for number, place in enumerate(("trip/one.png", "trip/alps/two.png")):
        draw("disc", number).save(tmp_path / place)
    (tmp_path / "trip" / "alps" / "copy.png").write_bytes((tmp_path / "trip" / "one.png").read_bytes())
    page = sign_in("editor")
    page.goto(f"/folders/{folder.pk}/")
    page.get_by_role("button", name="Upload").first.click()
    check(page)
    page.locator("#upload-tree").set_input_files(tmp_path / "trip")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("status")).to_contain_text("3 of 3 sent · failed: 0 · duplicates: 1")
    expect(dialog.get_by_text("Being prepared")).to_have_count(3)
    Asset.objects.filter(name="two.png").update(state=State.FAILED, failure="the file is cut short")
    Asset.objects.exclude(name="two.png").update(state=State.READY)
    expect(dialog.get_by_text("Failed: the file is cut short")).to_be_visible()
    expect(dialog.get_by_text("the same image is also")).to_be_visible()
    check(page)
    assert {asset.path for asset in Asset.objects.select_related("folder")} == {
        "products/trip/one.png",
        "products/trip/alps/two.png",
        "products/trip/alps/copy.png",
    }


@pytest.mark.parametrize("dropped", ["trip", "trip/one.png"])
def test_photos_and_folders_are_dropped_anywhere_on_the_page(sign_in, add_folder, storage, tmp_path, dropped):
    from tagsmith.assets.models import Asset

    (tmp_path / "trip" / "alps").mkdir(parents=True)
    for number, place in enumerate(("trip/one.png", "trip/alps/two.png", "trip/.hidden.png")):
        draw("disc", number).save(tmp_path / place)
    page = sign_in("editor")
    page.goto(f"/folders/{add_folder('products').pk}/")
    drag(page, tmp_path / dropped)
    dialog = page.get_by_role("dialog")
    count = 2 if dropped == "trip" else 1
    expect(dialog.get_by_role("status")).to_contain_text(f"{count} of {count} sent · failed: 0")
    expect(page.locator("body")).not_to_have_class("dropping")
    paths = {asset.path for asset in Asset.objects.select_related("folder")}
    assert paths == ({"products/trip/one.png", "products/trip/alps/two.png"} if count == 2 else {"products/one.png"})


def drag(page, path):
    """Drag a file or a folder from outside over the page, and drop it there."""
    client, held = page.context.new_cdp_session(page), {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for act in ("dragEnter", "dragOver", "drop"):
        client.send("Input.dispatchDragEvent", {"type": act, "x": 700, "y": 500, "data": held})


def test_file_that_is_refused_is_named_with_the_reason_and_can_be_tried_again(sign_in, add_folder, storage):
    folder = add_folder("products")
    page = sign_in("editor")
    page.goto(f"/folders/{folder.pk}/")
    page.get_by_role("button", name="Upload").first.click()
    refused = True

    def answer(route):
        if refused:
            route.fulfill(status=409, content_type="text/html; charset=utf-8", body="somebody else is doing that")
        else:
            route.continue_()

    page.route("**/upload/", answer)
    page.locator("#upload-files").set_input_files([{"name": "one.png", "mimeType": "image/png", "buffer": b"one"}])
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Failed: somebody else is doing that")).to_be_visible()
    refused = False
    dialog.get_by_role("button", name="Try the failed ones again").click()
    expect(dialog.get_by_text("Being prepared")).to_be_visible()
