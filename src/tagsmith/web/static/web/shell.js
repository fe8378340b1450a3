// What every page does: the search box by `/`, dialogs, notices, and failures of parts of pages.

const isWriting = (target) => target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  const box = document.querySelector(".search input");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog").close();
  const dismisser = event.target.closest("[data-dismiss]");
  if (dismisser) {
    dismisser.parentElement.remove();
    (document.querySelector("#notices [data-dismiss]") ?? document.getElementById("main")).focus({ preventScroll: true });
  }
});

// a dialog whose form was refused is open again
document.querySelectorAll("dialog[data-open]").forEach((dialog) => dialog.showModal());

// a form that is sent is not sent twice
document.addEventListener("submit", (event) => {
  if (event.target.hasAttribute("data-once")) {
    const buttons = event.target.querySelectorAll("button:not([type=button])");
    setTimeout(() => buttons.forEach((button) => { button.disabled = true; })); // when what was pressed has been read
  }
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-once] button").forEach((button) => { button.disabled = false; });
});

// selects that act at once where scripts run; their button is for where none do
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

// notices that come with a page come a moment later: what is there from the start is not read aloud
const notices = document.getElementById("notices");
const brought = [...notices.children];
notices.replaceChildren();
setTimeout(() => notices.prepend(...brought), 100);

// where tabs do not fit, the one that is shown is in sight
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// behind an open dialog nobody would see it: it is said in there, where its form is
const say = (text) => {
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
  const place = dialog?.querySelector("[data-said]");
  if (place) {
    place.textContent = text;
    return;
  }
  const card = document.createElement("div");
  card.className = "notice-card problem";
  card.append(Object.assign(document.createElement("p"), { textContent: text }));
  const close = Object.assign(document.createElement("button"), { type: "button", className: "icon quiet", textContent: "×" });
  close.dataset.dismiss = "";
  close.ariaLabel = document.body.dataset.close;
  card.append(close);
  if (dialog) card.role = "alert";
  (dialog ?? notices).append(card);
};

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  say(xhr.getResponseHeader("Content-Type")?.startsWith("text/html") && xhr.responseText.length < 1000
    ? new DOMParser().parseFromString(xhr.responseText, "text/html").body.textContent.trim() : `${xhr.status} ${xhr.statusText}`);
});
document.addEventListener("htmx:sendError", () => say(document.body.dataset.offline));

// what a service refuses is said where the form is, which keeps what was typed
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr } = event.detail;
  if (!target.matches("[data-said]") || ![400, 404, 409].includes(xhr.status)) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});

// branches of a tree are fetched by htmx when first opened, also by whoever is quicker than htmx
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-unfolds]");
  if (!button) return;
  htmx.process(button);
  const open = button.ariaExpanded !== "true";
  button.ariaExpanded = String(open);
  button.closest("li").querySelector("ul").hidden = !open;
}, true);
