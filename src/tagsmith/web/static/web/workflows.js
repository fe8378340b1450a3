// The folder tree of a payload: opening, and closing again. Its branches are fetched by htmx.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-unfolds]");
  if (!button) return;
  const open = button.ariaExpanded !== "true";
  button.ariaExpanded = String(open);
  button.closest("li").querySelector("ul").hidden = !open;
});
