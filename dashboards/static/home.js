// The lists: they are filtered while one types, without losing what is chosen.
import { localTimes } from "./page.js";
import "./forms.js";

const WAIT_MS = 120; // between the last key and asking (our judgement)
const field = document.getElementById("q");
const says = document.getElementById("q-says");
let waiting;
let asking;

function address() {
  const query = new URLSearchParams(new FormData(field.form));
  if (!query.get("q").trim()) query.delete("q");
  return `${field.form.getAttribute("action")}${query.size ? `?${query}` : ""}`;
}

/** Asks for the page that the search gives, and takes over its list. */
async function find() {
  asking?.abort();
  asking = new AbortController();
  const at = address();
  try {
    const answer = await fetch(at, { signal: asking.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector('[data-part="found"]');
    if (!fresh) { location.assign(at); return; }
    localTimes(fresh);
    document.querySelector('[data-part="found"]').replaceWith(document.adoptNode(fresh));
    says.textContent = [...fresh.querySelectorAll("h2")].map((h) => h.textContent.trim()).join(", ");
    history.replaceState(null, "", at);
    document.dispatchEvent(new CustomEvent("insole:list"));
    document.body.dataset.found = field.value.trim();
  } catch (error) {
    if (error.name !== "AbortError") field.form.submit();
  }
}

if (field) {
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(find, WAIT_MS); });
  field.form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(waiting); find(); });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    document.querySelector('[data-part="found"] a')?.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    field.select();
  });
}
