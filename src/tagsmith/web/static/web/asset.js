// One asset: its neighbours by arrow keys, and asking before what was typed is lost.

document.addEventListener("keydown", (event) => {
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (!rel || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, .strip") || document.querySelector("dialog[open]")) return;
  document.querySelector(`.beside a[rel=${rel}]`)?.click();
});

let isChanged = false;
const guarded = document.querySelector("form[data-guarded]");
const changed = () => { isChanged = true; };
guarded?.addEventListener("input", (event) => { if (!event.target.matches(".select, [name=tag]")) changed(); });
guarded?.addEventListener("submit", () => { isChanged = false; });
window.addEventListener("beforeunload", (event) => { if (isChanged) event.preventDefault(); });
