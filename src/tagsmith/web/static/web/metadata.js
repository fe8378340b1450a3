// Writing a value says what to do with it; a file that is looked at is what is brought in.

const LEAVE = "leave";

document.addEventListener("input", ({ target }) => {
  const mode = target.closest("[data-change]")?.querySelector("select");
  if (!mode || target === mode || !target.value || mode.value !== LEAVE) return;
  mode.value = [...mode.options].find((option) => option.value !== LEAVE).value;
});

const show = (mode) => {
  const value = mode.closest("[data-change]").querySelector(".what > input, .what > textarea");
  if (mode.value === LEAVE || mode.value === "clear") value.value = "";
  value.disabled = mode.value === "clear";
};

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-change] select")) show(target);
  if (target.closest("[data-sheet]")) target.form.querySelector("[data-said]").replaceChildren();
});
window.addEventListener("pageshow", () => document.querySelectorAll("[data-change] select").forEach((mode) => { if (mode.value === "clear") show(mode); }));
