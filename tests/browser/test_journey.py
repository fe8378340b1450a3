"""The whole way of somebody new, by clicking and typing alone, on a library that `tagsmith serve` serves."""

import csv
import io
import re
from contextlib import contextmanager

import pytest
from openpyxl import load_workbook
from PIL import Image, ImageChops
from playwright.sync_api import Page, expect

from drawings import draw
from integration.conftest import environment  # noqa: F401 - a fixture
from integration.test_serve import PASSWORD, new_folder, start  # noqa: F401 - a fixture

from .conftest import windows

PATIENCE = 90_000  # milliseconds for what workers do on a busy machine
EXAMPLES = 12
FIRST_ROW = 6  # of a workbook's table: its header stands below title, description and date
LESSONS = {"monday": "disc", "tuesday": "star"}  # the photos' folders and names say nothing of what they show
MIXED = {"wednesday": 300, "thursday": 400}


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Give a folder of photos as a camera leaves them."""
    root = tmp_path_factory.mktemp("photos") / "week"
    for folder, kind in LESSONS.items():
        _write(root / folder, [(kind, number) for number in range(EXAMPLES)])
    for folder, first in MIXED.items():
        kinds = ("disc", "star", "disc", "star", "disc", "star", "grid", "grid")
        _write(root / folder, [(kind, first + number) for number, kind in enumerate(kinds)])
    return root


def _write(folder, pictures):
    folder.mkdir(parents=True)
    for number, (kind, seed) in enumerate(pictures):
        draw(kind, seed).save(folder / f"{folder.name}-{number:02}.png")


@pytest.fixture
def served(start, tmp_path_factory):
    with start(new_folder(tmp_path_factory)) as running:
        yield running
        assert running.errors == ""


@pytest.fixture
def page(chromium, served):
    with windows(chromium, served.address) as opened:
        yield opened().new_page()


@pytest.mark.req("M3", "M4", "M14b", "M14c", "W1b", "W6e", "T2a", "S3a", "S3b", "R1b", "R2b", "R3a")
def test_library_is_set_up_taught_tagged_corrected_searched_and_reported_on(page, served, photos):
    make_the_administrator(page, served)
    upload(page, photos)
    make_tags(page, "disc", "star")
    describe_a_tag_model(page, "Shapes", "disc", "star")
    add_examples(page, "disc", "monday")
    add_examples(page, "star", "tuesday")
    submit_and_see_it_trained(page)
    apply_never_by_itself(page, "star")
    look_why(page)
    run_from_the_console(page, "wednesday")
    run_from_the_timeline(page, "thursday")
    review(page)
    promoted, removed = correct(page, "disc")
    find_them_in_order(page, "disc", promoted, removed)
    report(page)


def make_the_administrator(page: Page, served) -> None:
    said = served.process.stdout.readline()
    page.goto(re.search(r"http://\S+/setup/\w+/", said)[0])
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Make the administrator").click()
    expect(page.get_by_role("heading", name="Home", level=1)).to_be_visible()


def upload(page: Page, photos) -> None:
    page.get_by_role("link", name="Upload some").click()
    page.get_by_role("button", name="New folder").click()
    page.get_by_role("dialog").get_by_label("Name").fill("photos")
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="photos", level=1)).to_be_visible()
    page.get_by_role("button", name="Upload").first.click()
    dialog = page.get_by_role("dialog")
    with page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="Choose a folder").click()
    chooser.value.set_files(photos)
    count = len(list(photos.rglob("*.png")))
    expect(dialog.get_by_text("Ready", exact=True)).to_have_count(count, timeout=PATIENCE)
    expect(dialog.get_by_role("status")).to_contain_text(f"{count} of {count} sent · failed: 0 · duplicates: 0")
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_role("list", name="Folders here").get_by_role("link", name="week")).to_be_visible()


def make_tags(page: Page, *names: str) -> None:
    for name in names:
        go_to(page, "Tags")
        page.get_by_role("button", name="New tag").click()
        page.get_by_label("Name", exact=True).fill(name)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def describe_a_tag_model(page: Page, title: str, *tags: str) -> None:
    go_to(page, "Smart Tag Training")
    page.get_by_role("link", name="Create a tag model").click()
    page.get_by_label("Title").fill(title)
    for tag in tags:
        page.get_by_role("checkbox", name=tag).check()
    page.get_by_role("button", name="Go on to the examples").click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()


def add_examples(page: Page, tag: str, folder: str) -> None:
    fold = page.locator("details.examples").filter(has=page.locator("summary", has_text=tag))
    if not fold.get_by_role("link", name="Add assets").is_visible():
        fold.locator("summary").click()
    fold.get_by_role("link", name="Add assets").click()
    found = page.locator("#found")
    for step in ("photos", "week", folder):
        found.get_by_role("link", name=step, exact=True).click()
        expect(found.locator("strong", has_text=step)).to_be_focused()
    for number in range(EXAMPLES):
        page.get_by_label(f"{folder}-{number:02}.png").check()
    expect(page.get_by_role("status").filter(has_text="selected")).to_contain_text(f"{EXAMPLES} selected")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text(f"{EXAMPLES} examples added to {tag}.")).to_be_visible()


def submit_and_see_it_trained(page: Page) -> None:
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Training of Shapes has started.")).to_be_visible()
    with without_a_reload(page):
        expect(page.get_by_text("Trained", exact=True).first).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("row").filter(has_text="Live")).to_contain_text("1")
    expect(page.get_by_role("region", name="Tags").get_by_role("row")).to_have_count(3)


def apply_never_by_itself(page: Page, tag: str) -> None:
    page.get_by_role("link", name="Thresholds").click()
    row = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=tag))
    row.get_by_label("Apply from").press("End")
    expect(row.get_by_role("status")).to_contain_text("0 assets would have it")
    row.get_by_role("button", name="Save").click()
    expect(row.get_by_text("Set by hand")).to_be_visible()


def look_why(page: Page) -> None:
    """See a heat map that a real encoder made: the picture, but lit in places."""
    page.get_by_role("link", name="What next").click()
    page.get_by_role("link", name="Why").first.click()
    picture = page.get_by_role("img", name="The image, lit where it speaks for")
    expect(picture).to_have_js_property("complete", True, timeout=PATIENCE)
    lit = page.request.get(picture.get_attribute("src"))
    assert lit.headers["content-type"] == "image/webp"
    page.get_by_role("navigation", name="Where this is").get_by_role("link").last.click()
    plain = page.request.get(page.locator(".stage img").get_attribute("src"))
    one, other = (Image.open(io.BytesIO(answer.body())).convert("L") for answer in (lit, plain))
    darker = ImageChops.subtract(other.resize(one.size), one)
    assert darker.getextrema()[1] - darker.getextrema()[0] > 40


def run_from_the_console(page: Page, folder: str) -> None:
    go_to(page, "Workflows")
    page.get_by_role("link", name="Start a run").click()
    for above in ("photos", "week"):
        page.get_by_role("button", name=f"Folders in {above}").click()
    page.get_by_role("checkbox", name=folder).check()
    start_and_see_it_succeed(page, "From the console")


def run_from_the_timeline(page: Page, folder: str) -> None:
    go_to(page, "Library")
    page.get_by_role("navigation", name="Folder tree").get_by_role("link", name="photos").click()
    for step in ("week", folder):
        page.get_by_role("list", name="Folders here").get_by_role("link", name=step).click()
    page.get_by_role("link", name="Timeline of this folder").click()
    page.get_by_role("link", name="Start workflow").click()
    expect(page.get_by_role("checkbox", name=folder)).to_be_checked()
    start_and_see_it_succeed(page, "From the timeline")


def start_and_see_it_succeed(page: Page, title: str) -> None:
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("The run has started.")).to_be_visible()
    with without_a_reload(page):
        expect(page.get_by_text("Success")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("8 of 8")).to_be_visible()


def review(page: Page) -> None:
    go_to(page, "Review queue")
    cards = page.get_by_role("list", name="Suggestions").locator("[data-card]")
    waiting = cards.count()
    assert waiting >= 2
    expect(cards.first).to_contain_text("star")
    cards.first.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("1 suggestion accepted.")).to_be_visible()
    cards.first.get_by_role("button", name="Reject").click()
    expect(page.get_by_text("1 suggestion rejected.")).to_be_visible()
    expect(cards).to_have_count(waiting - 2)


def correct(page: Page, tag: str) -> tuple[str, str]:
    """Remove the tag from what is found first, promote it on what is found last; return their names."""
    search(page, tag)
    expect(page.get_by_role("heading", name="By smart tags", exact=True)).to_be_visible()
    names = found(page)
    assert len(names) > 2
    expect(page.get_by_role("heading", name="By titles, tags and other metadata")).to_be_hidden()
    for name, button in ((names[0], "Remove"), (names[-1], "Promote")):
        page.get_by_role("link", name=name).click()
        page.get_by_role("link", name="Manage tags").click()
        page.get_by_role("button", name=f"{button} {tag}").click()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text(f"The tags of {name} are saved.")).to_be_visible()
        search(page, tag)
    return names[-1], names[0]


def find_them_in_order(page: Page, tag: str, promoted: str, removed: str) -> None:
    search(page, tag)
    tiers = ["By titles, tags and other metadata", "By smart tags"]
    expect(page.get_by_role("heading", level=2)).to_contain_text(tiers)
    names = found(page)
    assert names[0] == promoted
    assert removed not in names
    assert len(names) == len(set(names)) > 1


def report(page: Page) -> None:
    go_to(page, "Reports")
    page.get_by_role("button", name="Create").click()
    page.get_by_role("dialog").get_by_label("Title").fill("=Spring")
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    expect(page.get_by_text("Success")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="=Spring", exact=True).click()
    expect(page.get_by_role("row")).to_have_count(3)
    sheet = load_workbook(io.BytesIO(download(page, "Workbook"))).active
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("=Spring", "s")
    rows = [row[:4] for row in sheet.iter_rows(min_row=FIRST_ROW, values_only=True)]
    assert rows == [("disc", "Shapes", 1, EXAMPLES), ("star", "Shapes", 1, EXAMPLES)]
    lines = csv.reader(download(page, "CSV").decode("utf-8-sig").splitlines())
    assert [row[:4] for row in lines][1:] == [[str(cell) for cell in row] for row in rows]


def go_to(page: Page, section: str) -> None:
    page.get_by_role("navigation", name="Sections").get_by_role("link", name=section, exact=True).click()
    expect(page.get_by_role("heading", name=section, level=1)).to_be_visible()


def search(page: Page, words: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(words)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Search the library")).to_have_value(words)


def found(page: Page) -> list[str]:
    return page.locator(".cell .name").all_inner_texts()


def download(page: Page, link: str) -> bytes:
    with page.expect_download() as answer:
        page.get_by_role("link", name=link).click()
    return answer.value.path().read_bytes()


@contextmanager
def without_a_reload(page: Page):
    """Whatever is seen within came by itself, into the page that was there."""
    page.evaluate("document.documentElement.dataset.same = 'yes'")
    yield
    expect(page.locator("html")).to_have_attribute("data-same", "yes")
