// Selecting assets by click, shift and keyboard; the folder tree; refusals inside dialogs.

const picks = () => [...document.querySelectorAll(".pick")];
const tray = document.getElementById("selection");
let last = null; // where a range begins

const show = () => {
  if (!tray) return;
  const chosen = picks().filter((pick) => pick.checked).length;
  const whole = tray.elements.all.value !== "";
  const loses = !chosen && tray.contains(document.activeElement);
  tray.hidden = !chosen;
  if (loses) (last ?? picks()[0])?.focus();
  document.querySelectorAll("[data-count]").forEach((place) => { place.textContent = whole ? tray.dataset.every : chosen; });
  document.querySelector("[data-picks]")?.classList.toggle("picking", chosen > 0);
  const all = tray.querySelector("[data-all]");
  if (all) {
    all.hidden = whole || chosen < picks().length;
    tray.querySelector("[data-all-said]").hidden = !whole;
  }
};

const choose = (pick, checked) => {
  pick.checked = checked;
  if (!checked) tray.elements.all.value = "";
};

const range = (from, to, checked) => {
  const all = picks();
  const [start, end] = [all.indexOf(from), all.indexOf(to)].sort((one, other) => one - other);
  all.slice(start, end + 1).forEach((pick) => choose(pick, checked));
};

const chooseAll = (checked) => {
  picks().forEach((pick) => choose(pick, checked));
  show();
};

document.addEventListener("click", (event) => {
  const pick = event.target.closest(".pick");
  if (pick) {
    if (event.shiftKey && last) range(last, pick, pick.checked);
    choose(pick, pick.checked);
    last = pick;
    show();
  }
  if (event.target.closest("[data-none]")) chooseAll(false);
  if (event.target.closest("[data-later]")) {
    document.querySelectorAll("[data-picks] .grid").forEach((group) => {
      [...group.querySelectorAll(".pick")].forEach((one, place) => choose(one, place > 0));
    });
    show();
  }
  if (event.target.closest("[data-all]")) {
    tray.elements.all.value = tray.elements.all.dataset.whole;
    show();
  }
  const twist = event.target.closest("[data-twist]");
  if (twist) {
    const open = twist.ariaExpanded !== "true";
    twist.ariaExpanded = String(open);
    twist.closest("li").querySelector("ul").hidden = !open;
  }
});

// a click on an image opens it; with shift or a command key it selects
document.addEventListener("click", (event) => {
  const pick = event.target.closest(".thumb")?.closest(".cell")?.querySelector(".pick");
  if (!pick || !(event.shiftKey || event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  if (event.shiftKey && last) range(last, pick, true);
  else choose(pick, !pick.checked);
  last = pick;
  show();
});

const step = (cells, place, key) => {
  if (key === "ArrowRight") return place + 1;
  if (key === "ArrowLeft") return place - 1;
  if (key === "Home") return 0;
  if (key === "End") return cells.length - 1;
  const top = cells[0].offsetTop;
  const columns = cells.findIndex((cell) => cell.offsetTop !== top);
  const across = columns > 0 ? columns : cells.length;
  return key === "ArrowDown" ? place + across : place - across;
};

const MOVES = ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home", "End"];

document.addEventListener("keydown", (event) => {
  if (!tray || document.querySelector("dialog[open], :popover-open") || event.altKey) return;
  const cell = event.target.closest?.(".cell");
  const isWriting = event.target.closest("input:not(.pick), textarea, select");
  if (event.key === "Escape" && !isWriting) chooseAll(false);
  else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey) && !isWriting) chooseAll(true);
  else if (cell && event.key === " " && event.target.matches(".thumb")) {
    const pick = cell.querySelector(".pick");
    if (event.shiftKey && last) range(last, pick, true);
    else choose(pick, !pick.checked);
    last = pick;
    show();
  } else if (cell && MOVES.includes(event.key) && !event.ctrlKey && !event.metaKey) {
    const cells = [...document.querySelectorAll(".cell")];
    cells[step(cells, cells.indexOf(cell), event.key)]?.querySelector(".thumb").focus();
  } else return;
  event.preventDefault();
});

window.addEventListener("pageshow", show);

// on a narrow screen the images come first
if (window.matchMedia("(max-width: 60rem)").matches) document.querySelector(".side")?.removeAttribute("open");
