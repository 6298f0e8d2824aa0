// Helps at the counter: the search field has the focus, what was typed survives a broken connection, a finger signs, a form is printed.
// What is read from a passport is kept nowhere, not even here. Everything works without this file, signed on paper.
{
  const search = document.querySelector("[data-always-focused] input[type=text]");
  if (search) {
    document.addEventListener("keydown", (pressed) => {
      const elsewhere = pressed.target.closest("input, select, textarea, button, a, summary");
      if (!elsewhere && pressed.key.length === 1 && !pressed.ctrlKey && !pressed.metaKey && !pressed.altKey) search.focus();
    });
  }

  if (document.querySelector("[data-print]")) addEventListener("load", () => print());

  for (const over of document.querySelectorAll("[data-draft-over]")) sessionStorage.removeItem(`counter:${over.dataset.draftOver}`);

  const form = document.getElementById("counter-form");
  if (form) {
    const key = `counter:${form.dataset.draft}`;
    const kept = [...form.elements].filter((one) => one.name && !["csrfmiddlewaretoken", "mrz", "name_seen"].includes(one.name));
    const isTick = (one) => one.type === "checkbox";
    if (!("sent" in form.dataset)) {
      const draft = JSON.parse(sessionStorage.getItem(key) || "{}");
      for (const one of kept) {
        if (!(one.name in draft)) continue;
        if (one.type === "radio") one.checked = draft[one.name] === one.value;
        else if (isTick(one)) one.checked = draft[one.name];
        else one.value = draft[one.name];
        if (draft[one.name] && one.closest("details")) one.closest("details").open = true;
      }
    }
    const keep = () => {
      const entries = kept.filter((one) => one.type !== "radio" || one.checked).map((one) => [one.name, isTick(one) ? one.checked : one.value]);
      sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(entries)));
    };
    form.addEventListener("input", keep);
    let sent = false;
    form.addEventListener("submit", (submitted) => {
      keep();
      const offline = !navigator.onLine;
      document.getElementById("offline").hidden = !offline;
      if (offline || sent) submitted.preventDefault();
      else sent = true;
    });
    addEventListener("pageshow", () => { sent = false; });
    const wrong = form.querySelector("[aria-invalid=true]");
    const first = wrong || kept.concat([...form.elements].filter((one) => one.name === "mrz")).find((one) => one.name === "mrz")
      || kept.find((one) => one.type !== "hidden" && one.type !== "submit");
    if (first) first.focus();

    const field = document.getElementById("sign-field");
    const strokes = form.elements.strokes;
    if (field && strokes) {
      const said = document.getElementById("sign-said");
      const pen = field.getContext("2d");
      document.getElementById("sign").hidden = false;
      pen.lineWidth = 3;
      pen.lineCap = "round";
      let last = null;
      const show = () => {
        pen.clearRect(0, 0, field.width, field.height);
        if (strokes.value) pen.stroke(new Path2D(strokes.value));
        said.textContent = strokes.value ? said.dataset.signed : "";
      };
      const point = (moved) => {
        const box = field.getBoundingClientRect();
        const within = (value, most) => Math.round(Math.min(Math.max(value, 0), most));
        const x = within((moved.clientX - box.left) * field.width / box.width, field.width);
        const y = within((moved.clientY - box.top) * field.height / box.height, field.height);
        return `${x} ${y}`;
      };
      field.addEventListener("pointerdown", (pressed) => {
        field.setPointerCapture(pressed.pointerId);
        last = point(pressed);
        pressed.preventDefault();
      });
      field.addEventListener("pointermove", (moved) => {
        const now = point(moved);
        if (last === null || now === last || strokes.value.length > 11900) return;
        strokes.value += field.dataset.drawing ? `L${now}` : `M${last}L${now}`;
        field.dataset.drawing = "yes";
        last = now;
        show();
      });
      const up = () => {
        last = null;
        delete field.dataset.drawing;
        keep();
      };
      field.addEventListener("pointerup", up);
      field.addEventListener("pointercancel", up);
      document.getElementById("sign-clear").addEventListener("click", () => { strokes.value = ""; show(); keep(); });
      show();
    }
  }
}
