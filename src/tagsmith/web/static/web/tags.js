// The tree of tags: opening, and closing again. Its branches are fetched by htmx.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-unfolds]");
  if (!button) return;
  const open = button.ariaExpanded !== "true";
  button.ariaExpanded = String(open);
  button.closest("li").querySelector("ul").hidden = !open;
});

// what a service refuses is said where the form is, which keeps what was typed
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr } = event.detail;
  if (!target.matches("[data-said]") || ![400, 404, 409].includes(xhr.status)) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});
