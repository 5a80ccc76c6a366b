// The codes of all subjects, to choose from while one types; asked for when a form needs them.
import { getJson } from "./page.js";

let asked;

/** All subjects by code. */
export function subjects() {
  asked ??= getJson("/api/v1/subjects").then((all) => new Map(all.map((one) => [one.code, one])));
  asked.catch(() => { asked = undefined; });
  return asked;
}

/** Fills the list that subjects' fields suggest from. */
export async function fillCodes(form) {
  const list = document.getElementById("codes");
  if (!list || list.childElementCount || !form.querySelector('[list="codes"]')) return;
  try {
    list.append(...[...(await subjects()).keys()].map((code) => Object.assign(document.createElement("option"), { value: code })));
  } catch { /* suggestions are a help; without them one types */ }
}
