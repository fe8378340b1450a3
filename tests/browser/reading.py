"""What every page must stand: no serious finding of axe, and no sideways scrolling on a narrow screen."""

from axe_playwright_python.sync_playwright import Axe

from .conftest import NARROW


def check(page):
    """Look for barriers, and at the width of a telephone; leaves the page wide."""
    found = Axe().run(page).response["violations"]
    serious = [
        (one["id"], [node["html"][:120] for node in one["nodes"]])
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
    assert serious == [], page.url
    wide = page.viewport_size
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], page.url
    page.set_viewport_size(wide)
