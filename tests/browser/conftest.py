"""A real Chromium on the pages of a library in the test database."""

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from integration.web.conftest import (  # noqa: F401 - fixtures
    Add,
    add_asset,
    add_folder,
    add_person,
    root,
    storage,
    training_settings,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in the thread of the tests

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
)
# what is refused, and a request that the page itself takes back; one that fails also says `htmx:sendError`
HARMLESS = ("status of 4", "htmx:sendAbort", "htmx:afterRequest")
PATIENCE = 15_000  # milliseconds, for what takes a moment: a busy machine fails no test
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    from playwright.sync_api import expect, sync_playwright

    from .patience import be_patient

    be_patient()
    expect.set_options(timeout=PATIENCE)
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.fail("the browser tests need Chromium: apt-get install chromium (or your system's package of it)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


_open: "list[BrowserContext]" = []


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown() -> None:
    """Close the windows of a test before what their pages work with is gone: they may still fetch images."""
    while _open:
        _open.pop().close()


@contextmanager
def windows(browser: "Browser", address: str) -> "Iterator[Callable[..., BrowserContext]]":
    """Open windows, each of its own; what their pages complain of fails the test."""
    complaints: list[str] = []

    def opened(**options: object) -> "BrowserContext":
        context = browser.new_context(base_url=address, viewport=WIDE, **options)
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        _open.append(context)
        return context

    yield opened
    assert [one for one in complaints if not any(part in one for part in HARMLESS)] == []


@pytest.fixture
def open_browser(chromium: "Browser", live_server: object) -> "Iterator[Callable[..., BrowserContext]]":
    with windows(chromium, str(live_server)) as opened:
        yield opened


@pytest.fixture
def sign_in(
    open_browser: "Callable[..., BrowserContext]", add_person: Add, live_server: object
) -> "Callable[..., Page]":
    """Open a page as somebody new of a role."""
    from django.conf import settings
    from django.test import Client

    def signed_in(role: str = "administrator", **options: object) -> "Page":
        context = open_browser(**options)
        client = Client()
        client.force_login(add_person(role, role))
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": str(live_server)}])
        return context.new_page()

    return signed_in
