"""Going through a page as somebody does who has no mouse, or no eyes."""

from playwright.sync_api import expect

from .patience import MOVING

STRUCTURE = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const levels = all("h1, h2, h3, h4").filter((one) => one.checkVisibility()).map((one) => Number(one.tagName[1]));
  const jumps = (level, place) => level > (levels[place - 1] ?? 0) + 1;
  const moves = (one) => !one.closest(".frame, .covers") && !(one.hasAttribute("width") && one.hasAttribute("height"));
  const missing = ["header", "main", "nav[aria-label]", "#notices[role=status]", ".skip"];
  return [
    ...(levels.filter((level) => level === 1).length !== 1 || levels.some(jumps) ? [`headings: ${levels}`] : []),
    ...missing.filter((one) => !all(one).length).map((one) => `there is no ${one}`),
    ...all("img").filter(moves).map((one) => `moves the page when it loads: ${one.outerHTML}`),
    ...all("[tabindex]").filter((one) => one.tabIndex > 0).map((one) => `has an order of its own: ${one.outerHTML}`),
  ];
}"""
REACHABLE = """() => {
  const can = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.tabIndex >= 0
    && one.type !== "hidden" && !(one.type === "radio" && !one.checked);
  const root = document.querySelector("dialog[open]") ?? document;
  const all = root.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']");
  document.querySelectorAll("[data-place]").forEach((one) => one.removeAttribute("data-place"));
  return [...all].filter(can).map((one, place) => {
    one.dataset.place = place;
    return one.outerHTML.slice(0, 160);
  });
}"""
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one);
  const isAt = (box, [x, y]) => {
    const at = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
    return at && (one.contains(at) || at.contains(one) || at.closest("label")?.control === one);
  };
  const points = [[.5, .5], [.1, .1], [.9, .1], [.1, .9], [.9, .9], [.02, .5], [.98, .5]];
  return {
    place: Number(one.dataset.place ?? -1),
    html: one.outerHTML.slice(0, 160),
    seen: [...one.getClientRects()].some((box) => points.some((point) => isAt(box, point))),
    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
  };
}"""

FROM_THE_TOP = """() => {
  const top = document.querySelector("dialog[open]") ?? document.body;
  top.tabIndex = -1;
  top.focus();
  top.removeAttribute("tabindex");
}"""
STILL = """() => {
  window.still = (event) => event.target.getAttribute("hx-trigger")?.startsWith("every") && event.preventDefault();
  window.addEventListener("htmx:beforeRequest", window.still);
}"""
MOVING_AGAIN = "() => window.removeEventListener('htmx:beforeRequest', window.still)"
PARTS = 10  # of a field for a date and a time, each of which is a stop


def settle(page):
    """Wait for what the page fetches by itself, and until that is in its place."""
    page.wait_for_load_state("networkidle")
    expect(page.locator(MOVING)).to_have_count(0)


def open_dialogs(page):
    """Open each dialog of a page by keyboard, also those for what is selected, and leave it by Escape."""
    if page.locator(".pick").count():
        page.locator(".pick").first.press("Space")
    for opener in page.locator("[data-opens]:visible").all():
        opener.press("Enter")
        dialog = page.locator("dialog[open]")
        expect(dialog).to_be_visible()
        yield opener.get_attribute("data-opens")
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(opener).to_be_focused()


def structure(page):
    """Return what is wrong with a page's headings, landmarks, images and order."""
    return page.evaluate(STRUCTURE)


def walk(page):
    """Go through a page by Tab; return what cannot be reached, is not marked, or lies behind something."""
    page.evaluate(STILL)  # a part that is fetched anew meanwhile would not know its places
    settle(page)
    page.evaluate(FROM_THE_TOP)
    wanted, seen, last, wrong = page.evaluate(REACHABLE), set(), None, []
    for _ in range(2 * len(wanted) + PARTS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None or at["place"] in seen - {last}:
            break
        last = at["place"]
        if last in seen:
            continue
        seen.add(last)
        wrong += [f"not {how}: {at['html']}" for how in ("marked", "seen") if not at[how]]
    page.evaluate(MOVING_AGAIN)
    return wrong + [f"not reached: {html}" for place, html in enumerate(wanted) if place not in seen]
