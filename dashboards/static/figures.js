// Figures of a recording's page: fetched as Plotly's JSON with their words, drawn where they stand.
import { getJson, plot, theme } from "./page.js";

const article = document.querySelector("[data-recording]");

/** Address of this recording's resources. */
export const base = `/api/v1/recordings/${encodeURIComponent(article.dataset.recording)}`;

/** What else the page's numbers stand on: a stated distance between the feet; empty for nothing. */
const query = article.dataset.query && `&${article.dataset.query}`;

const CONFIG = { responsive: true, displaylogo: false, displayModeBar: false };

const NARROW_PX = 480;

/** The element of a figure; null where the page has it not. */
export const place = (name) => document.querySelector(`[data-figure="${name}"]`);

async function draw(element, coming) {
  try {
    const { figure, alt } = await coming;
    const width = element.clientWidth; // on a phone no figure is much higher than it is wide
    if (width < NARROW_PX) figure.layout.height = Math.min(figure.layout.height, Math.round(width * 1.4));
    await plot(element, figure, CONFIG);
    element.setAttribute("aria-label", alt);
    element.closest("figure").querySelector("[data-says]").textContent = alt;
    element.dataset.state = "drawn";
  } catch (error) {
    element.dataset.state = "failed";
    element.textContent = "";
    element.append(Object.assign(document.createElement("p"), { className: "failed", textContent: error.message }));
  }
}

/** Draws every figure of the page, as it is now and in the theme that is shown: all asked for at once, drawn from the top. */
export async function drawAll() {
  const elements = [...document.querySelectorAll("[data-figure]")];
  const asked = elements.map((element) => {
    if (element.dataset.state !== "drawn") element.dataset.state = "waiting";
    const coming = getJson(`${base}/figures/${element.dataset.figure}?theme=${theme()}${query}`);
    coming.catch(() => {}); // told where it is drawn
    return coming;
  });
  for (const [i, element] of elements.entries()) await draw(element, asked[i]);
  document.body.dataset.figures = "drawn";
}
