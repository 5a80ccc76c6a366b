// A recording's page: figures as they come, the map's views, and deleting.
import { getJson, plot, theme } from "./page.js";
import { _ } from "./words.js";
import { FootMap } from "./footmap.js";

const article = document.querySelector("[data-recording]");
const base = `/api/v1/recordings/${encodeURIComponent(article.dataset.recording)}`;
const CONFIG = { responsive: true, displaylogo: false, displayModeBar: false };

/* Figures */

async function draw(element) {
  const name = element.dataset.figure;
  if (element.dataset.state !== "drawn") element.dataset.state = "waiting";
  try {
    const { figure } = await getJson(`${base}/figures/${name}?theme=${theme()}`);
    await plot(element, figure, CONFIG);
    element.dataset.state = "drawn";
  } catch (error) {
    element.dataset.state = "failed";
    element.textContent = "";
    element.append(Object.assign(document.createElement("p"), { className: "failed", textContent: error.message }));
  }
}

async function drawAll() {
  await Promise.all([...document.querySelectorAll("[data-figure]")].map(draw));
  document.body.dataset.figures = "drawn";
}

/* The map's views */

const WINDOW_S = 10;
const element = document.querySelector('[data-figure="pressure_map"]');
const slider = document.getElementById("moment");
const said = document.getElementById("moment-at");
const play = document.getElementById("play");
let map = null; // { grid, unit, top, views, start_s, stop_s }
let painter = null;
let frames = null; // the window that is loaded
let asked = 0;

const decode = (base64) => {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  return new Float32Array(bytes.buffer);
};

async function framesAt(time) {
  const start = map.start_s + Math.floor((time - map.start_s) / WINDOW_S) * WINDOW_S;
  if (frames?.start_s !== start) {
    const got = await getJson(`${base}/frames?start_s=${start}&stop_s=${Math.min(start + WINDOW_S, map.stop_s + 0.04)}`);
    for (const foot of Object.values(got.feet)) foot.decoded = decode(foot.values);
    frames = { ...got, start_s: start };
  }
  return frames;
}

async function valuesAt(time) {
  const { feet, time_s } = await framesAt(time);
  const step = time_s.length > 1 ? time_s[1] - time_s[0] : 1;
  const row = Math.min(time_s.length - 1, Math.max(0, Math.round((time - time_s[0]) / step)));
  return Object.fromEntries(Object.entries(feet).map(([side, foot]) => {
    const values = foot.decoded.subarray(row * foot.sensors, (row + 1) * foot.sensors);
    return [side, Array.from(values, (v) => (Number.isNaN(v) ? null : v))];
  }));
}

const view = () => document.querySelector('input[name="view"]:checked').value;

async function paint() {
  const mine = ++asked;
  const moment = view() === "moment";
  const values = moment ? await valuesAt(Number(slider.value)) : map.views[view()];
  if (mine !== asked) return; // a newer wish came meanwhile
  await painter.paint(values);
  element.dataset.view = view();
  element.dataset.at = moment ? slider.value : "";
}

function show() {
  document.querySelector(".moment").hidden = view() !== "moment";
  if (view() !== "moment") stop();
  said.textContent = `${Number(slider.value).toFixed(2)} s`;
  slider.setAttribute("aria-valuetext", _("{n} seconds", { n: Number(slider.value).toFixed(2) }));
  paint().catch((error) => { said.textContent = error.message; stop(); });
}

let playing = 0;

function stop() {
  cancelAnimationFrame(playing);
  playing = 0;
  play.textContent = _("Play");
  play.setAttribute("aria-pressed", "false");
}

function start() {
  let from = Number(slider.value) >= map.stop_s - 0.05 ? map.start_s : Number(slider.value);
  let began = null;
  let busy = false;
  const step = async (now) => {
    if (!playing) return;
    began ??= now;
    const time = from + (now - began) / 1000;
    if (time >= map.stop_s) { slider.value = map.stop_s; stop(); show(); return; }
    playing = requestAnimationFrame(step);
    if (busy) return;
    busy = true;
    slider.value = time;
    said.textContent = `${Number(slider.value).toFixed(2)} s`;
    try { await paint(); } catch (error) { said.textContent = error.message; stop(); } finally { busy = false; }
  };
  play.textContent = _("Pause");
  play.setAttribute("aria-pressed", "true");
  playing = requestAnimationFrame(step);
}

async function views() {
  map = await getJson(`${base}/map`);
  painter = new FootMap(element, map.grid, map.unit);
  slider.min = map.start_s;
  slider.max = map.stop_s;
  slider.value = map.start_s;
  for (const radio of document.querySelectorAll('input[name="view"]')) radio.addEventListener("change", show);
  slider.addEventListener("input", () => { stop(); show(); });
  play.addEventListener("click", () => (playing ? stop() : start()));
  show();
  document.body.dataset.map = "ready";
}

/* Deleting */

const dialog = document.getElementById("confirm");
document.getElementById("delete").addEventListener("click", () => dialog.showModal());
dialog.querySelector('[value="yes"]').addEventListener("click", async (event) => {
  event.preventDefault();
  try {
    await getJson(base, { method: "DELETE" });
    location.assign("/");
  } catch (error) {
    dialog.querySelector(".error").textContent = error.message;
  }
});

document.addEventListener("insole:theme", async () => {
  document.body.dataset.figures = "";
  await drawAll();
  if (map) { painter = new FootMap(element, map.grid, map.unit); await paint(); }
});
await drawAll();
if (element?.dataset.state === "drawn") await views();
