"""Acting as people do: on a page whose scripts are there, and on parts that have come to rest."""

from contextlib import suppress
from functools import wraps

from playwright.sync_api import Error, Locator

ACTS = ("check", "click", "dispatch_event", "fill", "focus", "hover", "press", "press_sequentially")
ACTS += ("select_option", "set_input_files", "uncheck")
MOVING = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
LONGEST = 3_000  # milliseconds; what goes on for longer is acted on while it does


def be_patient() -> None:
    """Let each act wait as long as somebody needs to see what they act on: a test is quicker than any person."""
    for name in ACTS:
        setattr(Locator, name, _patient(getattr(Locator, name)))


def rest(page) -> None:
    """Wait until no part of a page is on its way."""
    with suppress(Error):
        page.locator(MOVING).first.wait_for(state="detached", timeout=LONGEST)


def _patient(act):
    @wraps(act)
    def acted(self, *args, **kwargs):
        self.first.wait_for(state="attached")
        self.page.wait_for_load_state()
        rest(self.page)
        return act(self, *args, **kwargs)

    return acted
