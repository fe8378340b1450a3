"""The pages of which `screenshots.py` takes pictures, in one list, and what they need to have something to show."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

PATIENCE = 60_000  # milliseconds for what a worker does


@dataclass(frozen=True)
class Shot:
    """A page by the name of its picture: where one begins, and what one then clicks, in order.

    A step that begins with `TYPE` is typed where the focus is, and one with `SEE` waits. Ids are found as people find
    them: by going there.
    """

    name: str
    start: str
    steps: tuple[str, ...] = ()
    is_open: bool = False  # for whoever is not signed in
    is_whole: bool = True  # or only what a window shows


TYPE, SEE = "type:", "see:"
TAGGED = "/search/?q=confidence:0.6.."
FIRST_ASSET = "css=.thumb >> nth=0"
FIRST_FOLDER = "css=main .way a >> nth=1"
FIRST_BOX, SECOND_BOX = "css=.pick >> nth=1", "css=.pick >> nth=3"
FIRST_MODEL = 'css=.models tbody tr:has-text("Trained") >> nth=0 >> css=th a'
EXAMPLES = 'css=.tabs >> role=link[name="Examples"]'
ADD = 'role=link[name="Add assets"] >> nth=0'
SUGGESTED = ("css=form.search input", f"{TYPE}ani", f"{SEE}css=[role=option] >> nth=0")
GROUP = "css=.grouped a.main >> nth=0"
FIRST_TAG = "css=main .tree a >> nth=0"

SHOTS = (
    Shot("sign-in", "/sign-in/", is_open=True),
    Shot("home", "/"),
    Shot("account", "/", ('role=button[name="Account"]',), is_whole=False),
    Shot("library", "/library/"),
    Shot("library-list", "/library/?view=list"),
    Shot("folder", TAGGED, (FIRST_ASSET, FIRST_FOLDER)),
    Shot("selection", "/library/", (FIRST_BOX, SECOND_BOX), is_whole=False),
    Shot("selection-tags", "/library/", (FIRST_BOX, 'css=[data-opens="tag-selection"]'), is_whole=False),
    Shot("selection-move", "/library/", (FIRST_BOX, 'css=[data-opens="move-selection"]'), is_whole=False),
    Shot("selection-delete", "/library/", (FIRST_BOX, 'css=[data-opens="delete-selection"]'), is_whole=False),
    Shot("selection-collect", "/library/", (FIRST_BOX, 'css=.tray [data-opens="collect"]'), is_whole=False),
    Shot("selection-edit", "/library/", (FIRST_BOX, SECOND_BOX, 'css=.tray [formaction$="/metadata/"]')),
    Shot("upload", "/library/", ('role=button[name="Upload"] >> nth=0',), is_whole=False),
    Shot("folder-new", "/library/", ('role=button[name="New folder"]',), is_whole=False),
    Shot("progress", "/selection/progress/"),
    Shot("duplicates", "/library/duplicates/"),
    Shot("trash", "/trash/"),
    Shot("metadata", "/metadata/"),
    Shot("asset", TAGGED, (FIRST_ASSET,)),
    Shot("asset-edit", TAGGED, (FIRST_ASSET, 'role=link[name="Edit"]')),
    Shot("asset-rename", TAGGED, (FIRST_ASSET, 'css=[data-opens="rename-asset"]'), is_whole=False),
    Shot("manage-tags", TAGGED, (FIRST_ASSET, 'role=link[name="Manage tags"]')),
    Shot("why", TAGGED, (FIRST_ASSET, "css=.smart a >> nth=0")),
    Shot("search", "/search/"),
    Shot("search-found", "/search/?q=bug"),
    Shot("search-tag", "/search/?q=tags:vehicles"),
    Shot("search-nothing", "/search/?q=xyzzy"),
    Shot("suggestions", "/library/", SUGGESTED, is_whole=False),
    Shot("image-search", "/search/image/"),
    Shot("image-search-found", TAGGED, (FIRST_ASSET, 'role=link[name="Find more"]')),
    Shot("meaning-search", "/search/meaning/"),
    Shot("collections", "/collections/"),
    Shot("collection", "/collections/", ("css=.card-link >> nth=0",)),
    Shot("saved-searches", "/collections/searches/"),
    Shot("tags", "/tags/"),
    Shot("tag", "/tags/", (FIRST_TAG,)),
    Shot("tag-new", "/tags/", ('role=button[name="New tag"]',), is_whole=False),
    Shot("tag-merge", "/tags/", (FIRST_TAG, 'role=button[name="Merge"]'), is_whole=False),
    Shot("tag-delete", "/tags/", (FIRST_TAG, 'role=link[name="Delete"]')),
    Shot("tags-import", "/tags/import/"),
    Shot("tags-deleted", "/tags/deleted/"),
    Shot("blocklist", "/tags/blocklist/"),
    Shot("training", "/training/"),
    Shot("training-create", "/training/create/"),
    Shot("training-import", "/training/import/"),
    Shot("model", "/training/", (FIRST_MODEL,)),
    Shot("model-about", "/training/", (FIRST_MODEL, 'css=.head >> role=link[name="Title and tags"]')),
    Shot("model-examples", "/training/", (FIRST_MODEL, EXAMPLES)),
    Shot(
        "model-pick",
        "/training/",
        (FIRST_MODEL, EXAMPLES, "css=summary >> nth=0", ADD),
    ),
    Shot("model-thresholds", "/training/", (FIRST_MODEL, 'role=link[name="Thresholds"]')),
    Shot("model-next", "/training/", (FIRST_MODEL, 'role=link[name="What next"]')),
    Shot("model-settings", "/training/", (FIRST_MODEL, 'css=.tabs >> role=link[name="Settings"]')),
    Shot("model-trial", "/training/", (FIRST_MODEL, 'role=link[name="What would change"] >> nth=0')),
    Shot("workflows", "/workflows/"),
    Shot("workflow-start", "/workflows/start/"),
    Shot("run", "/workflows/", ("css=#runs th a >> nth=0",)),
    Shot("launchers", "/workflows/launchers/"),
    Shot("schedules", "/workflows/schedules/"),
    Shot("schedule-new", "/workflows/schedules/new/"),
    Shot("timeline", TAGGED, (FIRST_ASSET, FIRST_FOLDER, 'role=link[name="Timeline of this folder"]')),
    Shot("groups", "/training/groups/"),
    Shot("group", "/training/groups/", (GROUP,)),
    Shot("changes", "/changes/"),
    Shot("advice", "/tags/advice/"),
    Shot("review", "/review/"),
    Shot("review-reject-all", "/review/", ('role=button[name="Reject all that match"]',), is_whole=False),
    Shot("reports", "/reports/"),
    Shot("report-new", "/reports/", ("css=.head button",), is_whole=False),
    Shot("report", "/reports/", ("css=#reports th a >> nth=0",)),
    Shot("people", "/people/"),
    Shot("person", "/people/", ("css=tbody th a >> nth=0",)),
    Shot("design", "/design/"),
    Shot("not-found", "/nowhere/"),
)


def furnish(page: Page) -> None:
    """Make, once, what a library that nobody has worked in has nothing of."""
    page.goto("/reports/")
    if not page.locator("#reports").count():
        for title in ("Before the relaunch", "Smart Tags Training"):
            _report(page, title)
    page.goto("/collections/")
    if not page.locator(".card-link").count():
        _collection(page, "Start page, spring")
    page.goto("/collections/searches/")
    if not page.locator(".searches").count():
        _saved_search(page, "tags:vehicles", "Vehicles for the brochure")
    page.goto("/training/groups/")
    if (look := page.get_by_role("button", name="Look for groups")).count():
        look.click()
        expect(page.get_by_text("Found on")).to_be_visible(timeout=PATIENCE)
    page.goto("/training/")
    if page.get_by_text("Version 2").count() == 0:
        _train_again(page)


def _report(page: Page, title: str) -> None:
    page.get_by_role("button", name="Create").click()
    page.get_by_role("dialog").get_by_label("Title").fill(title)
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    expect(page.locator("tr", has_text=title).get_by_text("Success")).to_be_visible(timeout=PATIENCE)


def _collection(page: Page, name: str) -> None:
    page.goto(TAGGED)
    for number in range(1, 12, 2):
        page.locator(".pick").nth(number).check()
    page.locator(".tray").get_by_role("button", name="Collect").click()
    page.get_by_role("dialog").get_by_label("Name of the new collection").fill(name)
    page.get_by_role("dialog").get_by_role("button", name="Add").click()
    expect(page.locator(".notice-card")).to_be_visible()


def _saved_search(page: Page, words: str, name: str) -> None:
    page.goto(f"/search/?q={words}")
    page.get_by_role("button", name="Save this search").click()
    page.get_by_role("dialog").get_by_label("Name").fill(name)
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.locator(".notice-card")).to_be_visible()


def _train_again(page: Page) -> None:
    page.locator(FIRST_MODEL).click()
    page.locator(".tabs").get_by_role("link", name="Examples").click()
    page.get_by_role("button", name="Train again").click()
    expect(page.locator("tr", has_text="Live")).to_contain_text("2", timeout=PATIENCE)
