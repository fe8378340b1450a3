// What somebody chooses to do with the tags of an asset, kept in the form until it is saved.

const form = document.getElementById("manage");
const words = form.querySelector("[data-words]").dataset;
const labels = form.querySelector("[data-tags]");
const save = form.querySelector("[data-save]");

const wanted = (name, value) => [...form.querySelectorAll(`input[type=hidden][name=${name}]`)].find((input) => input.value === value);

const want = (name, value, owner) => {
  if (wanted(name, value)) return;
  const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
  owner.append(input);
};

const look = () => {
  const chosen = form.querySelectorAll("input[type=hidden]:is([name=promote], [name=remove], [name=add]), [name=allow]:checked").length;
  save.disabled = !chosen;
  isChanged = chosen > 0; // of asset.js, which asks before it is lost
  const empty = form.querySelector("[data-no-tags]");
  if (empty) empty.hidden = labels.children.length > 0;
  const button = form.querySelector("[data-remove-selected]");
  if (button) button.disabled = !form.querySelector(".select:checked");
};

const label = (text, kind, value) => {
  const item = Object.assign(document.createElement("li"), { className: "label pending", textContent: text, title: kind === "add" ? words.added : words.promoted });
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "×", ariaLabel: `${words.remove} ${text}` });
  button.dataset.act = "withdraw";
  item.dataset.kind = kind;
  item.dataset.value = value;
  item.append(button);
  labels.append(item);
  want(kind, value, item);
};

const decide = (row, act) => {
  const { tag, title } = row.dataset;
  row.querySelectorAll("input[type=hidden]").forEach((input) => input.remove());
  labels.querySelector(`[data-kind=promote][data-value="${tag}"]`)?.remove();
  row.classList.toggle("going", act === "remove");
  if (act === "promote") label(title, "promote", tag);
  if (act === "remove") want("remove", tag, row);
  const said = row.querySelector("[data-chosen]");
  said.hidden = !act;
  said.textContent = { promote: words.promoted, remove: words.removed }[act] ?? "";
  row.querySelectorAll("button[data-act]").forEach((button) => { button.hidden = (button.dataset.act === "") !== (act !== ""); });
  row.querySelector(".select").checked = false;
};

const decideOn = (row, act) => {
  decide(row, act);
  row.querySelector("button[data-act]:not([hidden])").focus(); // the button that had it is gone
};

const strike = (item) => { // a tag of people: taken away when saved
  const input = item.querySelector("input");
  item.classList.toggle("going", !input);
  if (input) input.remove();
  else want("remove", item.dataset.tag, item);
};

const add = () => {
  const box = form.elements["add-tag"];
  const text = box.value.trim();
  if (text && !wanted("add", text)) label(text, "add", text);
  box.value = "";
  box.focus();
  look();
};

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  const row = button?.closest(".managed > li");
  if (row) decideOn(row, button.dataset.act);
  else if (button?.dataset.act === "remove") strike(button.closest("li"));
  else if (button?.dataset.act === "withdraw") {
    const { kind, value } = button.closest("li").dataset;
    button.closest("li").remove();
    if (kind === "promote") decide(form.querySelector(`.managed > [data-tag="${value}"]`), "");
    form.elements["add-tag"].focus();
  }
  if (event.target.closest("[data-add]")) add();
  if (event.target.closest("[data-remove-selected]")) {
    form.querySelectorAll(".select:checked").forEach((box) => decide(box.closest("li"), "remove"));
    form.querySelector(".managed > .going button[data-act='']").focus(); // the one that was pressed is off now
  }
  look();
});
form.addEventListener("change", look);
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.id !== "add-tag") return;
  event.preventDefault();
  add();
});
form.querySelector("[data-discard]").addEventListener("click", () => { isChanged = false; });

// what was chosen before the service refused it
form.querySelectorAll("[data-before]").forEach(({ dataset: { before, value } }) => {
  if (before === "add") label(value, "add", value);
  const row = form.querySelector(`.managed > [data-tag="${value}"]`);
  const own = labels.querySelector(`[data-tag="${value}"]`);
  if (before === "allow") form.querySelector(`[name=allow][value="${value}"]`).checked = true;
  else if (row) decide(row, before);
  else if (own) strike(own);
});
look();
