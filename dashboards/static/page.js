// Small things that every page shares.

/** "light" or "dark", as the page is shown now. */
export function theme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen) return chosen;
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** JSON of an address of this server; throws an Error with the server's own words. */
export async function getJson(address, options) {
  const answer = await fetch(address, options);
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const problem = await answer.json().catch(() => null);
  throw new Error(problem?.detail ?? `The server answered ${answer.status}.`);
}

/** Text of the server's as a sentence. */
export function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.?!]$/.test(text) ? "" : ".");
}

/** Sends JSON to an address of this server; answers and errors as of `getJson`. */
export function send(method, address, body) {
  const headers = { "content-type": "application/json" };
  return getJson(address, body === undefined ? { method } : { method, headers, body: JSON.stringify(body) });
}

/** Draws a figure of the server's. Its place gets the figure's height: Plotly forgets it when the window changes. */
export function plot(element, { data, layout }, config) {
  element.style.height = `${layout.height}px`;
  return Plotly.react(element, data, layout, config);
}

/** Times in the reader's own time zone, with UTC kept as a hint; days, which have no zone, as they are. */
export function localTimes(root = document) {
  const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
  for (const time of root.querySelectorAll("time[datetime]")) {
    time.title = time.textContent;
    time.textContent = (time.dateTime.length > 10 ? moment : day).format(new Date(time.dateTime));
  }
}

localTimes();
