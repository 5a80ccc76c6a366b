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

/** Draws a figure of the server's. Its place gets the figure's height: Plotly forgets it when the window changes. */
export function plot(element, { data, layout }, config) {
  element.style.height = `${layout.height}px`;
  return Plotly.react(element, data, layout, config);
}

/** Times on the page in the reader's own time zone, with UTC kept as a hint. */
export function localTimes() {
  const words = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  for (const time of document.querySelectorAll("time[datetime]")) {
    time.title = time.textContent;
    time.textContent = words.format(new Date(time.dateTime));
  }
}

localTimes();
