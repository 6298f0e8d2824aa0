// Keeps the ticks of a check list in this window until it is closed. They are sent nowhere; without it the boxes are just boxes.
for (const list of document.querySelectorAll("[data-ticks]")) {
  const boxes = [...list.querySelectorAll("input[type=checkbox]")];
  const key = "ticks-" + list.dataset.ticks;
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "[]");
    boxes.forEach((box, place) => { box.checked = kept[place] === true; });
    list.addEventListener("change", () => sessionStorage.setItem(key, JSON.stringify(boxes.map((box) => box.checked))));
  } catch {
    // A browser that keeps nothing: the boxes still work.
  }
}
