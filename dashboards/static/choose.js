// The list: choosing two to four recordings to compare. The first that is chosen is the baseline.
import "./page.js";
import { _ } from "./words.js";

const MOST = 4;
const LETTERS = "ABCD";
const form = document.getElementById("choose");
const boxes = form ? [...document.querySelectorAll('input[name="recording"]')] : [];
const boxOf = (id) => boxes.find((box) => box.value === id);
let chosen = []; // ids; the first is the baseline

function button(text, label, act, focus) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: text });
  made.setAttribute("aria-label", label);
  made.addEventListener("click", () => { act(); document.querySelector(focus)?.focus(); });
  return made;
}

/** A chosen recording in the bar: its letter, its name, and what can be done with it. */
function entry(id, place) {
  const { name } = boxOf(id).dataset;
  const li = document.createElement("li");
  const letter = Object.assign(document.createElement("span"), { className: "letter", textContent: LETTERS[place] });
  const text = Object.assign(document.createElement("span"), { className: "name", textContent: name });
  li.append(letter, text);
  if (place) {
    const label = _("Make {name} the baseline", { name });
    li.append(button(_("Make baseline"), label, () => { set([id, ...chosen.filter((c) => c !== id)]); }, "#choose .button-go"));
  } else {
    li.append(Object.assign(document.createElement("span"), { className: "muted", textContent: _("Baseline") }));
  }
  return li;
}

function says() {
  if (chosen.length === 1) return _("Choose one more to compare.");
  if (chosen.length < MOST) return _("Compare {n} recordings", { n: chosen.length });
  return _("Compare {n} recordings; no more than four stand side by side.", { n: chosen.length });
}

function set(ids) {
  chosen = ids.slice(0, MOST);
  for (const box of boxes) {
    box.checked = chosen.includes(box.value);
    box.disabled = !box.checked && chosen.length === MOST;
  }
  form.hidden = chosen.length === 0;
  form.querySelector("ol").replaceChildren(...chosen.map(entry));
  const go = form.querySelector(".button-go");
  go.disabled = chosen.length < 2;
  go.textContent = chosen.length < 2 ? _("Compare") : _("Compare {n} recordings", { n: chosen.length });
  form.querySelector("[role=status]").textContent = says();
}

if (form) {
  for (const box of boxes) {
    box.addEventListener("change", () => {
      set(box.checked ? [...chosen, box.value] : chosen.filter((id) => id !== box.value));
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.assign(`/compare?${new URLSearchParams(chosen.map((id) => ["recording", id]))}`);
  });
  form.addEventListener("reset", (event) => { event.preventDefault(); set([]); boxes[0]?.focus(); });
  const asked = new URLSearchParams(location.search).getAll("recording");
  // A browser may have kept boxes checked from before; what the address asks for comes first.
  const kept = boxes.filter((box) => box.checked).map((box) => box.value);
  set([...new Set(asked.length ? asked : kept)].filter((id) => boxOf(id)));
  document.body.dataset.choose = "ready";
}
