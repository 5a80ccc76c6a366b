// Lists: choosing two to four recordings to compare. The first that is chosen is the baseline.
import "./page.js";
import { _ } from "./words.js";

const MOST = 4;
const LETTERS = "ABCD";
const form = document.getElementById("choose");
const boxes = () => [...document.querySelectorAll('input[name="recording"]')];
const names = new Map(); // of all that may be chosen: a list that is filtered forgets rows, not this
let chosen = []; // ids; the first is the baseline

function button(text, label, act, focus) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: text });
  made.setAttribute("aria-label", label);
  made.addEventListener("click", () => { act(); document.querySelector(focus)?.focus(); });
  return made;
}

/** A chosen recording in the bar: its letter, its name, and what can be done with it. */
function entry(id, place) {
  const name = names.get(id);
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
  if (!boxes().some((box) => box.value === id)) { // not in the list as it is now: no box to uncheck
    li.append(button(_("Remove"), _("Remove {name}", { name }), () => { set(chosen.filter((c) => c !== id)); }, "#choose .button-go"));
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
  for (const box of boxes()) {
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

function learn() {
  for (const box of boxes()) names.set(box.value, box.dataset.name);
}

if (form) {
  for (const { dataset } of form.querySelectorAll("li[data-id]")) names.set(dataset.id, dataset.name);
  learn();
  document.addEventListener("change", ({ target: box }) => {
    if (box.name !== "recording") return;
    set(box.checked ? [...chosen, box.value] : chosen.filter((id) => id !== box.value));
  });
  document.addEventListener("insole:list", () => { learn(); set(chosen); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.assign(`/compare?${new URLSearchParams(chosen.map((id) => ["recording", id]))}`);
  });
  form.addEventListener("reset", (event) => { event.preventDefault(); set([]); boxes()[0]?.focus(); });
  const asked = new URLSearchParams(location.search).getAll("recording");
  // A browser may have kept boxes checked from before; what the address asks for comes first.
  const kept = boxes().filter((box) => box.checked).map((box) => box.value);
  set([...new Set(asked.length ? asked : kept)].filter((id) => names.has(id)));
  document.body.dataset.choose = "ready";
}
