// The page that compares: figures as they come, the maps' views, and the regions' numbers.
import { getJson, theme } from "./page.js";

const query = document.getElementById("compare").dataset.query;
const CONFIG = { responsive: true, displaylogo: false, displayModeBar: false };
const regions = document.getElementById("regions");

/** A figure's layout with the regions' numbers shown or hidden, as wished. */
function withRegions(layout) {
  const annotations = (layout.annotations ?? []).map((a) => (a.name === "region" ? { ...a, visible: regions.checked } : a));
  return { ...layout, annotations };
}

function fail(element, error) {
  element.dataset.state = "failed";
  element.textContent = "";
  element.append(Object.assign(document.createElement("p"), { className: "failed", textContent: error.message }));
}

async function draw(figure) {
  const places = [...figure.querySelectorAll("[data-plot]")];
  for (const place of places) if (place.dataset.state !== "drawn") place.dataset.state = "waiting";
  try {
    const { plots } = await getJson(`/api/v1/compare/figures/${figure.dataset.comparison}?${query}&theme=${theme()}`);
    for (const { key, figure: { data, layout } } of plots) {
      const place = places.find((p) => p.dataset.plot === key);
      await Plotly.react(place, data, withRegions(layout), CONFIG);
      place.dataset.state = "drawn";
    }
    figure.dataset.drawn = theme();
  } catch (error) {
    for (const place of places) fail(place, error);
  }
}

/** Draws what shows; what is hidden is drawn when it is asked for. */
async function drawAll() {
  const shown = [...document.querySelectorAll("[data-comparison]")].filter((f) => !f.closest("[hidden]"));
  await Promise.all(shown.filter((f) => f.dataset.drawn !== theme()).map(draw));
  document.body.dataset.figures = "drawn";
}

for (const radio of document.querySelectorAll('input[name="view"]')) {
  radio.addEventListener("change", () => {
    for (const view of document.querySelectorAll(".view")) view.hidden = view.id !== `fig-${radio.value}`;
    drawAll();
  });
}

regions.addEventListener("change", () => {
  for (const place of document.querySelectorAll('.view [data-state="drawn"]')) {
    Plotly.relayout(place, { annotations: withRegions(place.layout).annotations });
  }
});

document.addEventListener("insole:theme", drawAll);
await drawAll();
