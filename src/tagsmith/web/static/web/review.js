// The review queue by keyboard: one card has the focus; after a decision the next one takes its place.

const grid = document.querySelector("[data-queue]");
const cards = () => [...grid.querySelectorAll("[data-card]")];
let last = 0;

const focusOn = (index) => {
  const all = cards();
  const card = all[Math.max(0, Math.min(index, all.length - 1))];
  if (card) {
    grid.querySelectorAll("[data-card][tabindex='0']").forEach((one) => { one.tabIndex = -1; });
    card.tabIndex = 0;
    card.focus();
    card.scrollIntoView({ block: "nearest" });
  } else if (!grid.querySelector("[data-more]")) {
    grid.hidden = true;
    const done = document.querySelector("[data-done]");
    done.hidden = false;
    done.focus();
  }
};

// how many cards stand in a row: those at the height of the first
const across = (all) => all.filter((one) => one.offsetTop === all[0].offsetTop).length;

const moves = {
  ArrowRight: () => 1, ArrowLeft: () => -1, n: () => 1, ArrowDown: across, ArrowUp: (all) => -across(all),
};
const presses = { a: "[data-accept]", Enter: "[data-accept]", r: "[data-reject]", Delete: "[data-reject]", x: "[name=pair][type=checkbox]", " ": "[name=pair][type=checkbox]" };

const count = () => {
  const form = document.getElementById("chosen");
  const ticked = grid.querySelectorAll("[name=pair]:checked").length;
  form.hidden = !ticked;
  form.querySelector("[data-count]").textContent = ticked;
};

if (grid) {
  cards()[0].tabIndex = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "u") document.querySelector("#said [data-undo], #notices form button")?.click();
    const card = event.target.closest("[data-card]");
    const all = cards();
    if (!card) {
      if (event.target === document.body && key in moves) { event.preventDefault(); focusOn(last); }
      return;
    }
    const onControl = event.target !== card && (key === "Enter" || key === " ");
    if (key in moves) focusOn(all.indexOf(card) + moves[key](all));
    else if (key in presses && !onControl) card.querySelector(presses[key]).click();
    else return;
    event.preventDefault();
  });
  grid.addEventListener("focusin", (event) => {
    const card = event.target.closest("[data-card]");
    if (card) last = cards().indexOf(card);
  });
  grid.addEventListener("change", count);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    if (event.detail.requestConfig.verb === "post") focusOn(last);
    else if (document.activeElement === document.body) focusOn(last);
    count();
  });
}
