import base64
import io

import pytest
from playwright.sync_api import expect

from drawings import draw
from integration.web.test_by_image import add_seen, encoders, session  # noqa: F401 - fixtures

from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S7a", "A7a")]

PUT = """([content, kind]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const moved = new DataTransfer();
  moved.items.add(new File([bytes], "mine.png", { type: "image/png" }));
  const event = kind === "paste" ? new ClipboardEvent("paste", { clipboardData: moved, bubbles: true })
    : new DragEvent("drop", { dataTransfer: moved, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
}"""


@pytest.fixture
def assets(add_folder, add_seen):
    folder = add_folder("travel")
    return [add_seen(folder, seed) for seed in range(6)]


def picture(seed=3):
    file = io.BytesIO()
    draw("disc", seed).save(file, "PNG")
    return file.getvalue()


def test_image_is_chosen_and_what_looks_like_it_shown_beside_it(sign_in, assets):
    page = sign_in("viewer")
    page.goto("/search/image/")
    check(page)
    chosen = page.get_by_label("Choose an image")
    chosen.set_input_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture"})
    page.get_by_role("button", name="Search", exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("notes.txt cannot be used")
    check(page)
    chosen.set_input_files({"name": "mine.png", "mimeType": "image/png", "buffer": picture()})
    page.get_by_role("button", name="Search", exact=True).press("Enter")
    expect(page.locator(".cell").first).to_contain_text("disc 3")
    expect(page.locator(".cell").first).to_contain_text("nearly the same")
    expect(page.locator("[data-asked] img")).to_be_visible()
    check(page)
    page.reload()
    expect(page.locator("[data-asked] img")).to_be_visible()
    page.locator(".thumb").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("#selection")).to_contain_text("1 selected")
    page.go_back()
    expect(page.get_by_role("button", name="Search", exact=True)).to_be_enabled()


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_image_is_pasted_and_dropped(sign_in, assets, kind):
    page = sign_in("viewer")
    page.goto("/search/image/")
    page.evaluate(PUT, [base64.b64encode(picture()).decode(), kind])
    expect(page.get_by_text("What looks like mine.png")).to_be_visible()
    expect(page.locator(".cell").first).to_contain_text("disc 3")
