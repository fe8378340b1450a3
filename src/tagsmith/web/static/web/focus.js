// The focus is not lost: not where htmx brings a part of the page anew, and not where what had it is off for a while.

{
  const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
  const nothing = () => !document.activeElement || document.activeElement === document.body;
  const look = (one) => [one.tagName, one.getAttribute("href"), one.name, one.value, one.ariaLabel ?? one.textContent.trim()].join("\n");
  let asking = null; // what had the focus when a request began, which may be disabled until it ends
  let gone = null; // how what had the focus looked, before it was replaced

  document.addEventListener("htmx:beforeRequest", () => { asking = nothing() ? asking : document.activeElement; });
  document.addEventListener("htmx:afterRequest", () => {
    if (nothing() && asking?.isConnected && !asking.disabled) asking.focus({ preventScroll: true });
    asking = null;
  });

  document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
    gone = !nothing() && target !== document.activeElement && target.contains(document.activeElement) ? look(document.activeElement) : null;
  });
  // the same thing has it again where it is still there, or else what has come has it
  document.addEventListener("htmx:afterSettle", ({ target }) => {
    if (gone === null || !nothing()) return;
    const same = [...document.querySelectorAll(FOCUSABLE)].find((one) => look(one) === gone && one.checkVisibility());
    if (!same) target.tabIndex = -1;
    (same ?? target).focus({ preventScroll: true });
    gone = null;
  });
}
