from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import expect

from .reading import check

if TYPE_CHECKING:
    from tagsmith.training.models import TagModel

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("A7a")]

TEACHING, ALL = 12, 18  # of each kind


@pytest.fixture
def library(add_folder, add_asset):
    """Give assets of three kinds, each in a folder of its own, with vectors that tell the kinds apart."""
    from tagsmith.embeddings.services import store_vectors, stored_encoder

    encoder, rng, kinds = stored_encoder("test", 64), np.random.default_rng(0), {}
    for place, kind in enumerate(("boot", "hat", "sock")):
        folder = add_folder(kind)
        assets = [add_asset(folder, f"{kind}-{number}.png", 100 * place + number) for number in range(ALL)]
        vectors = rng.standard_normal(64) + 0.7 * rng.standard_normal((ALL, 64))
        ids = np.array([asset.pk for asset in assets])
        store_vectors(encoder, ids, vectors, {asset.pk: asset.content for asset in assets})
        kinds[kind] = assets
    return kinds


@pytest.fixture
def tags(root):
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.taxonomy.services.create import create_tag

    return {kind: create_tag(COMMAND_LINE, kind) for kind in ("boot", "hat", "sock")}


@pytest.fixture
def shoes(library, tags) -> "TagModel":
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.training.services import add_examples, create_tag_model

    model = create_tag_model(COMMAND_LINE, "Shoes", [tags["boot"], tags["hat"]])
    for kind in ("boot", "hat"):
        add_examples(COMMAND_LINE, model, tags[kind], library[kind][:TEACHING])
    return model


@pytest.fixture
def trained(shoes):
    from tagsmith.training.jobs import train_now

    train_now(shoes)
    return shoes


@pytest.mark.req("M3", "M4", "M2a", "M2c")
def test_model_is_made_from_title_to_trained_without_a_reload(sign_in, library, tags):
    from tagsmith.training.jobs import train_now
    from tagsmith.training.models import TagModel

    page = sign_in("trainer")
    page.goto("/training/")
    page.get_by_role("link", name="Create a tag model").click()
    page.get_by_label("Title").fill("Footwear")
    page.get_by_label("boot").check()
    page.get_by_role("searchbox", name="Search tags").fill("so")
    expect(page.get_by_role("checkbox", name="boot")).to_be_hidden()
    page.get_by_label("sock").check()
    page.get_by_role("searchbox", name="Search tags").fill("glove")
    page.get_by_role("button", name="Make the tag “glove”").click()
    expect(page.locator("#chosen li")).to_have_text(["boot", "sock", "glove"])
    page.get_by_role("button", name="Remove glove").click()
    check(page)
    page.get_by_role("button", name="Go on to the examples").click()
    for kind in ("boot", "sock"):
        fold = page.locator(f"#tag-{tags[kind].pk}")
        expect(fold.get_by_text("10 more needed")).to_be_visible()
        if not fold.get_by_role("link", name="Add assets").is_visible():
            fold.locator("summary").click()
        fold.get_by_role("link", name="Add assets").click()
        page.locator("#found").get_by_role("link", name=kind, exact=True).click()
        expect(page.get_by_label("hat-0.png")).to_be_hidden()
        for number in range(6):
            page.get_by_label(f"{kind}-{number}.png").check()
        page.locator("#found").get_by_role("link", name="All, newest first").click()
        expect(page.get_by_role("status").filter(has_text="selected")).to_contain_text("6 selected")
        page.locator("#found").get_by_role("link", name=kind, exact=True).click()
        for number in range(6, TEACHING):
            page.get_by_label(f"{kind}-{number}.png").check()
        expect(page.get_by_role("status").filter(has_text="selected")).to_contain_text("12 selected 12 of 10 to 50")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="12 examples added")).to_be_visible()
    expect(page.get_by_role("heading", name="Advice")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("status").filter(has_text="Training of Footwear has started.")).to_be_visible()
    expect(page.get_by_text("Pending")).to_be_visible()
    model = TagModel.objects.get()
    train_now(model, model.token)
    expect(page.get_by_text("Trained", exact=True).first).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Live")).to_contain_text("1")
    check(page)


@pytest.mark.req("M2a")
def test_picker_works_by_keyboard_and_refuses_what_teaches_another_tag(sign_in, shoes, tags):
    page = sign_in("trainer")
    page.goto(f"/training/{shoes.pk}/examples/{tags['hat'].pk}/pick/?after=")
    check(page)
    page.locator("#found").get_by_role("link", name="boot", exact=True).press("Enter")
    expect(page.locator("strong", has_text="boot")).to_be_focused()
    taken = page.get_by_label("boot-0.png Already teaches boot in this model")
    expect(taken).to_be_disabled()
    page.get_by_label("boot-17.png").press("Space")
    page.get_by_role("button", name="Add", exact=True).press("Enter")
    expect(page.get_by_role("status").filter(has_text="1 example added to hat.")).to_be_visible()


@pytest.mark.req("M2a")
def test_asset_that_somebody_else_taught_meanwhile_is_refused_in_place(sign_in, shoes, tags, library):
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.training.services import add_examples

    page = sign_in("trainer")
    page.goto(f"/training/{shoes.pk}/examples/{tags['hat'].pk}/pick/?folder={library['sock'][0].folder_id}")
    for number in (3, 4):
        page.get_by_label(f"sock-{number}.png").check()
    add_examples(COMMAND_LINE, shoes, tags["boot"], [library["sock"][3]])
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("sock-3.png: already teaches")
    expect(page.get_by_label("sock-4.png")).to_be_checked()
    check(page)
    page.get_by_label("sock-3.png").uncheck()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="1 example added to hat.")).to_be_visible()


@pytest.mark.req("M11d", "M11e")
def test_slider_says_at_once_what_it_would_do(sign_in, trained):
    page = sign_in("trainer")
    page.goto(f"/training/{trained.pk}/thresholds/")
    boot = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="boot"))
    before = boot.get_by_role("status").inner_text()
    boot.get_by_label("Apply from").press("End")
    expect(boot.get_by_role("status")).not_to_have_text(before)
    expect(boot.get_by_label("Apply from")).to_have_value("100")
    check(page)
    boot.get_by_role("button", name="Save").click()
    expect(boot.get_by_text("Set by hand")).to_be_visible()


@pytest.mark.req("M10c", "M13d", "M14c")
def test_all_pages_of_a_model_are_readable_for_everybody(sign_in, trained, tags, library, monkeypatch):
    from PIL import Image

    from tagsmith.tagging.explaining import Heat

    lit = Heat(Image.new("RGB", (64, 48)), np.full((4, 4), 1 / 16))
    monkeypatch.setattr("tagsmith.web.views.training.why.heat", lambda *_: lit)
    page, here = sign_in("trainer"), f"/training/{trained.pk}/"
    pages = {
        "/training/": "Quality",
        f"{here}about/": "Tags of this model",
        f"{here}next/": "it becomes an example at once",
        f"{here}aims/": "Target precision",
        f"{here}versions/1/try/": "smart tags would change",
        f"/training/why/{library['boot'][14].pk}/{tags['boot'].pk}/": "Similarity",
        "/training/import/": "Tags that are missing are made",
    }
    for address, text in pages.items():
        page.goto(address)
        expect(page.get_by_text(text).first).to_be_visible()
        check(page)
