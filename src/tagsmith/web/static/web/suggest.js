// The search box suggests while somebody types: a combobox with a list, by keyboard and by pointer.

const omnibox = document.querySelector("[data-suggests]");
const PAUSE = 120; // milliseconds of typing that are waited for

if (omnibox) {
  const list = document.getElementById("suggestions");
  const status = document.querySelector("[data-suggested]");
  let asked = null; // what is under way
  let waiting = 0;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const active = () => list.querySelector("[aria-selected=true]");

  const choose = (option) => {
    if (active()) active().ariaSelected = "false";
    if (option) {
      option.ariaSelected = "true";
      option.scrollIntoView({ block: "nearest" });
      omnibox.setAttribute("aria-activedescendant", option.id);
    } else omnibox.removeAttribute("aria-activedescendant");
  };

  const close = () => {
    clearTimeout(waiting);
    asked?.abort();
    choose(null);
    list.hidden = true;
    omnibox.ariaExpanded = "false";
    status.textContent = "";
  };

  const open = (text) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    list.replaceChildren(...page.querySelectorAll("[role=option]"));
    choose(null);
    const some = options().length > 0;
    list.hidden = !some;
    omnibox.ariaExpanded = String(some);
    status.textContent = some ? page.querySelector("[data-count]").textContent : "";
  };

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(`${omnibox.dataset.suggests}?${new URLSearchParams({ q: omnibox.value })}`, { signal: asked.signal });
      if (answer.ok && !answer.redirected) open(await answer.text());
    } catch { /* what was typed can be searched for all the same */ }
  };

  const take = (option) => {
    omnibox.value = option.dataset.search;
    close();
    omnibox.form.requestSubmit();
  };

  const step = (by) => {
    const all = [null, ...options()];
    choose(all[(all.indexOf(active()) + by + all.length) % all.length]);
  };

  omnibox.addEventListener("input", () => {
    clearTimeout(waiting);
    if (omnibox.value.trim()) waiting = setTimeout(ask, PAUSE);
    else close();
  });
  omnibox.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // keys choose characters then
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) {
        if (omnibox.value.trim()) ask();
      } else step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && active()) take(active());
    else if (event.key === "Escape" && !list.hidden) close();
    else {
      if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) choose(null);
      return;
    }
    event.preventDefault();
  });
  omnibox.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  omnibox.form.addEventListener("submit", close);
}
