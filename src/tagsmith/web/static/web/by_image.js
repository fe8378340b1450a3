// Searching by image: an image that is dropped or pasted is sent, and a small picture of it stays in this tab.

const form = document.getElementById("by-image");
const PENDING = "asked"; // what was sent last, until the page that shows what it found has its word
const SIDE = 288; // pixels of the picture

const picture = async (file) => {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.max(1, bitmap.width * scale), height: Math.max(1, bitmap.height * scale) });
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/webp", .8);
};

const remember = (place, value) => {
  try {
    sessionStorage.setItem(place, value);
  } catch { /* there is no room: then there is no picture */ }
};

if (form) {
  const input = form.elements.file;
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return;
    event.preventDefault();
    form.querySelector("[data-busy]").hidden = false;
    sessionStorage.removeItem(PENDING);
    picture(input.files[0]).then((small) => remember(PENDING, small)).catch(() => {}).finally(() => { // not every image can be shown here
      form.dataset.sent = "1";
      form.submit();
    });
  });
  window.addEventListener("pageshow", () => { // also after going back
    delete form.dataset.sent;
    form.querySelector("[data-busy]").hidden = true;
  });
  const take = (files) => {
    const found = [...files].filter((file) => file instanceof File);
    if (!found.length) return false;
    const moved = new DataTransfer();
    moved.items.add(found[0]);
    input.files = moved.files;
    form.requestSubmit();
    return true;
  };
  document.addEventListener("paste", (event) => {
    if (take(event.clipboardData.files)) event.preventDefault();
  });
  onDrop((dropped) => { take(dropped.files); });
}

// the picture of what was sent is shown from this tab, as the server has none
const frame = document.querySelector("[data-asked]");
if (frame) {
  const place = `${PENDING}:${frame.dataset.asked}`;
  const fresh = sessionStorage.getItem(PENDING);
  if (fresh) {
    remember(place, fresh);
    sessionStorage.removeItem(PENDING);
  }
  const kept = sessionStorage.getItem(place);
  if (kept) {
    const bytes = Uint8Array.from(atob(kept.split(",")[1]), (letter) => letter.charCodeAt(0));
    const image = Object.assign(new Image(), { alt: "", src: URL.createObjectURL(new Blob([bytes], { type: "image/webp" })) });
    frame.replaceChildren(image);
  }
}
