// `/` goes to the search box, unless somebody is writing.
document.addEventListener("keydown", (event) => {
  const isWriting = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isWriting) return;
  const box = document.querySelector(".search input");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});
