// Sending files and dropped folders, two at a time, with the progress of each and what became of it.

const box = document.getElementById("upload");
const said = box.dataset;
const list = box.querySelector(".sent");
const summary = box.querySelector("[data-summary]");
const again = box.querySelector("[data-again]");
const AT_ONCE = 2;
const LOOK = 100; // assets asked for at once
const entries = [];
let sending = 0;
let looking = false;
let arrived = false;

const row = (entry) => {
  const item = document.createElement("li");
  const name = Object.assign(document.createElement("span"), { className: "file", textContent: entry.path });
  const state = Object.assign(document.createElement("span"), { className: "faint", textContent: said.waiting });
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0, ariaLabel: entry.path });
  item.append(name, bar, state);
  list.append(item);
  return { item, name, state, bar };
};

const tell = (entry, state, text, kind = "faint") => {
  entry.state = state;
  entry.row.state.textContent = text;
  entry.row.state.className = kind;
  entry.row.bar.classList.toggle("over", state !== "sending" && state !== "waiting");
  if (entry.asset && !entry.linked) {
    const link = Object.assign(document.createElement("a"), { href: said.asset.replace("/0/", `/${entry.asset}/`), textContent: entry.path });
    entry.row.name.replaceChildren(link);
    entry.linked = true;
  }
  count();
};

const having = (...states) => entries.filter((entry) => states.includes(entry.state)).length;

const count = () => {
  const sent = entries.length - having("waiting", "sending", "failed");
  const failed = having("failed");
  summary.textContent = summary.dataset.text.replace("%done%", sent).replace("%all%", entries.length)
    .replace("%failed%", failed).replace("%copies%", entries.filter((entry) => entry.copy).length);
  box.querySelector("[data-sending] > progress").value = entries.length ? (sent + failed) / entries.length : 0;
  again.hidden = !entries.some((entry) => entry.state === "failed" && entry.file && !entry.asset);
};

const answered = (entry, xhr) => {
  if (xhr.status !== 200 || !xhr.getResponseHeader("Content-Type")?.startsWith("application/json")) {
    tell(entry, "failed", `${said.failed}: ${xhr.status ? xhr.responseText.trim().slice(0, 300) || xhr.statusText : said.lost}`, "wrong");
    return;
  }
  const answer = JSON.parse(xhr.responseText);
  arrived = true;
  entry.asset = answer.asset;
  entry.copy = answer.duplicates[0];
  if (answer.unchanged) tell(entry, "ready", said.there);
  else tell(entry, "preparing", said.preparing);
};

const send = (entry) => {
  const form = new FormData();
  const steps = entry.path.split("/");
  form.append("within", steps.slice(0, -1).join("/"));
  form.append("same", document.getElementById("upload-same").value);
  form.append("file", entry.file, steps.at(-1));
  const xhr = new XMLHttpRequest();
  xhr.open("POST", said.send);
  Object.entries(JSON.parse(document.body.getAttribute("hx-headers"))).forEach(([name, value]) => xhr.setRequestHeader(name, value));
  xhr.setRequestHeader("HX-Request", "true"); // a refusal is a sentence, and not a page
  xhr.upload.addEventListener("progress", (event) => { entry.row.bar.value = event.loaded / event.total; });
  xhr.addEventListener("loadend", () => {
    sending -= 1;
    answered(entry, xhr);
    work();
    look();
  });
  sending += 1;
  tell(entry, "sending", "");
  xhr.send(form);
};

const work = () => {
  while (sending < AT_ONCE) {
    const next = entries.find((entry) => entry.state === "waiting");
    if (!next) return;
    send(next);
  }
};

// what was sent is prepared by the workers: ask until each is ready, or says why it cannot be
const look = async () => {
  if (looking) return;
  looking = true;
  for (let waiting = []; (waiting = entries.filter((entry) => entry.state === "preparing").slice(0, LOOK)).length;) {
    const asked = waiting.map((entry) => `asset=${entry.asset}`).join("&");
    const found = await fetch(`${said.look}?${asked}`).then((answer) => answer.json()).catch(() => ({}));
    waiting.forEach((entry) => {
      const { state, failure } = found[entry.asset] ?? {};
      if (state === "ready") tell(entry, "ready", entry.copy ? `${said.copy} ${entry.copy}` : said.ready);
      if (state === "failed") tell(entry, "failed", `${said.failed}: ${failure}`, "wrong");
    });
    await new Promise((resolve) => { setTimeout(resolve, 1000); });
  }
  looking = false;
};

const add = (files) => {
  if (!files.length) return;
  box.querySelector("[data-sending]").hidden = false;
  files.forEach(({ file, path, reason }) => {
    const entry = { file, path, state: "waiting" };
    entry.row = row(entry);
    entries.push(entry);
    if (reason) tell(entry, "failed", `${said.failed}: ${reason}`, "wrong");
  });
  count();
  work();
};

const isHidden = (path) => path.split("/").some((step) => step.startsWith("."));
const chosen = (input) => [...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })).filter(({ path }) => !isHidden(path));

box.querySelectorAll("input[type=file]").forEach((input) => input.addEventListener("change", () => {
  add(chosen(input));
  input.value = "";
}));
box.querySelectorAll("[data-choose]").forEach((button) => button.addEventListener("click", () => document.getElementById(button.dataset.choose).click()));
again.addEventListener("click", () => {
  entries.filter((entry) => entry.state === "failed" && entry.file && !entry.asset).forEach((entry) => tell(entry, "waiting", said.waiting));
  work();
});

// a dropped folder is read to its end: its reader gives some entries at a time
const read = (entry, above = "") => readable(entry, above).catch(({ message }) => [{ path: above + entry.name, reason: message }]);

const readable = async (entry, above) => {
  if (isHidden(entry.name)) return [];
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => { entry.file(resolve, reject); });
    return [{ file, path: above + entry.name }];
  }
  const reader = entry.createReader();
  const found = [];
  for (let some = []; (some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); })).length;) {
    for (const inner of some) found.push(...await read(inner, `${above}${entry.name}/`));
  }
  return found;
};

onDrop(async (given) => {
  const dropped = [...given.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const plain = [...given.files].map((file) => ({ file, path: file.name }));
  if (!box.open) box.showModal();
  add(dropped.length ? (await Promise.all(dropped.map((entry) => read(entry)))).flat() : plain);
});

const isUnderWay = () => having("waiting", "sending") > 0;
window.addEventListener("beforeunload", (event) => { if (isUnderWay()) event.preventDefault(); });
box.querySelector("[data-finish]").addEventListener("click", () => box.close());
box.addEventListener("close", () => { if (arrived && !isUnderWay()) window.location.reload(); });
