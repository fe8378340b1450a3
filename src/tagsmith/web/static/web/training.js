// Choosing tags and examples: what is ticked is kept while one looks around; sliders say where they stand.

const chosen = document.getElementById("chosen");

const kept = (value) => chosen.querySelector(`input[value="${CSS.escape(value)}"]`);

const count = () => {
  const number = chosen.querySelectorAll("input").length;
  if (!number) chosen.replaceChildren(); // without white space, so that it says that there is nothing
  document.querySelectorAll("[data-count]").forEach((one) => { one.textContent = number; });
  document.querySelectorAll("[data-total]").forEach((one) => { one.textContent = Number(one.dataset.base) + number; });
};

const keep = (value, title) => {
  if (kept(value)) return;
  const made = document.getElementById("chosen-one").content.cloneNode(true);
  made.querySelector("input").value = value;
  const [words, button] = [made.querySelector("span"), made.querySelector("button")];
  if (words) words.textContent = title;
  if (button) button.ariaLabel = `${button.ariaLabel.trim()} ${title}`;
  chosen.append(made);
};

const letGo = (value) => {
  const input = kept(value);
  if (input) (input.closest("li") ?? input).remove();
};

const tick = () => {
  document.querySelectorAll("[data-picks]:not(:disabled)").forEach((box) => { box.checked = Boolean(kept(box.value)); });
  count();
};

if (chosen) {
  document.addEventListener("change", ({ target }) => {
    if (!target.matches("[data-picks]")) return;
    if (target.checked) keep(target.value, target.dataset.title);
    else letGo(target.value);
    count();
  });
  chosen.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-unpicks]");
    if (!button) return;
    button.closest("li").remove();
    tick();
    document.querySelector("[data-picks]")?.focus();
  });
  document.addEventListener("htmx:afterSwap", ({ target }) => {
    const made = target.querySelector("[data-made]");
    if (made) keep(made.dataset.made, made.dataset.title);
    tick();
  });
  window.addEventListener("pageshow", tick);
}

document.addEventListener("input", ({ target }) => {
  if (target.type !== "range") return;
  const form = target.closest("[data-sliders]");
  if (!form) return;
  if (target.name === "apply" && Number(form.suggest.value) > Number(target.value)) form.suggest.value = target.value;
  if (target.name === "suggest" && Number(form.apply.value) < Number(target.value)) form.apply.value = target.value;
  form.querySelectorAll("input[type=range]").forEach((one) => {
    const said = one.closest("label").querySelector("[data-unit]");
    said.textContent = Number(one.value).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 1 }) + said.dataset.unit;
  });
});
