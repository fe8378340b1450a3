"""Pictures of every page, of a demo library of its own: `make screenshots`.

The pages are listed in `pictured.py`. Whoever changes how something looks takes them, and looks at each.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from pictured import SEE, SHOTS, TYPE, Shot, furnish

TAGSMITH = str(Path(sys.executable).with_name("tagsmith"))
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 360, "height": 740}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": WIDE, "color_scheme": "light"},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "narrow": {"viewport": NARROW, "color_scheme": "light"},
}
SHOWN = "Promise.allSettled([...document.images].filter((one) => one.loading !== 'lazy').map((one) => one.decode()))"
TALLEST = 2400  # pixels of a picture: what lies below is more of the same


@contextmanager
def served(data: Path, *options: str) -> Iterator[tuple[str, str]]:
    """Serve a demo library, which is made first where there is none; gives its address and its password."""
    command = [TAGSMITH, "demo", "--data", str(data), "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own command
        try:
            yield _announced(process)
        finally:
            process.terminate()


def _announced(process: "subprocess.Popen[str]") -> tuple[str, str]:
    said = ""
    for line in process.stdout or ():
        said += line
        if address := re.search(r"Tagsmith is at (\S+)", line):
            password = re.search(r"with the password (\S+)", said)
            return address[1], password[1] if password else ""
        sys.stdout.write(line)
    raise SystemExit("the demo library cannot be served; the reason is above")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open the system's Chromium."""
    program = next(filter(None, map(which, BROWSERS)), None)
    if program is None:
        raise SystemExit("pictures need Chromium: apt-get install chromium (or your system's package of it)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--hide-scrollbars"])
        yield browser
        browser.close()


def signed_in(browser: Browser, address: str, password: str, **look: Any) -> Page:
    """Open a window in which the demo's person has signed in."""
    page = browser.new_context(base_url=address, reduced_motion="reduce", **look).new_page()
    page.set_default_timeout(15_000)
    page.goto("/sign-in/")
    page.get_by_label("User name").fill("demo")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    return page


def take(page: Page, shot: Shot, path: Path) -> None:
    """Go to a page as a person does, and write its picture; the window is as large as the page then."""
    page.goto(shot.start)
    for step in shot.steps:
        _settle(page)
        if step.startswith(TYPE):
            page.keyboard.type(step.removeprefix(TYPE))
        elif step.startswith(SEE):
            page.locator(step.removeprefix(SEE)).wait_for()
        else:
            page.locator(step).click()
    _settle(page)
    height = page.evaluate("document.documentElement.scrollHeight") if shot.is_whole else 0
    window = page.viewport_size or WIDE
    page.set_viewport_size({**window, "height": max(window["height"], min(height, TALLEST))})
    page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach((one) => { one.loading = 'eager'; })")
    _settle(page)
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path)


def _settle(page: Page) -> None:
    """Wait for what the page fetches by itself, and for its images."""
    page.wait_for_load_state("networkidle")
    page.evaluate(SHOWN)


def take_all(browser: Browser, address: str, password: str, shots: Iterable[Shot], folder: Path) -> list[str]:
    """Take pictures in every look; return what could not be taken, and why."""
    missing = []
    for look, options in LOOKS.items():
        page = signed_in(browser, address, password, **options)
        visitor = browser.new_context(base_url=address, **options).new_page()
        for shot in shots:
            opened = visitor if shot.is_open else page
            opened.set_viewport_size(options["viewport"])
            try:
                take(opened, shot, folder / look / f"{shot.name}.png")
            except Exception as error:  # noqa: BLE001 - the others are wanted all the same
                missing.append(f"{look}/{shot.name}: {str(error).splitlines()[0]}")
    return missing


def main() -> None:
    """Write the pictures into a folder, of those pages alone that are named, if any."""
    folder, names = Path(sys.argv[1]), set(sys.argv[2:])
    shots = [shot for shot in SHOTS if not names or shot.name in names]
    with served(folder / "library") as (address, password), chromium() as browser:
        furnish(signed_in(browser, address, password))
        missing = take_all(browser, address, password, shots, folder)
    if missing:
        raise SystemExit("\n".join(["these could not be taken:", *missing]))


if __name__ == "__main__":
    main()
