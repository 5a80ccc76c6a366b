// The live view: one socket, frames drawn as fast as this browser can and no faster.
import { getJson, plot, theme } from "./page.js";
import { _ } from "./words.js";
import { FootMap } from "./footmap.js";

const WINDOW_S = 10;
const SILENT_S = 1.5; // a foot that says nothing for longer is said to be silent
const RETRY_MS = [500, 1000, 2000, 5000];
const STILL = { staticPlot: true, responsive: true };

const byId = (id) => document.getElementById(id);
const cell = (key, side) => document.querySelector(`[data-now="${key}"][data-side="${side}"]`);
const silent = (foot) => foot.age_s === null || foot.age_s > SILENT_S;
const written = (value, digits = 0) => (value === null || value === undefined ? "–" : value.toFixed(digits));

let stream = null; // what GET /api/v1/live said about the stream
let painter = null;
let top = 1;
let trace = {}; // by side: { x, y }
let socket = null;
let tries = 0;
let waiting = null; // the newest frame not drawn yet
let drawn = []; // when the last frames were drawn

function say(text, kind = "") {
  const state = byId("state");
  if (state.textContent !== text) state.textContent = text;
  state.dataset.kind = kind;
}

const nothingYet = (side) => (side === "left" ? _("left foot: nothing heard yet") : _("right foot: nothing heard yet"));
const silentFor = (side, s) => (
  side === "left" ? _("left foot silent for {s} s", { s }) : _("right foot silent for {s} s", { s })
);

/* Drawing */

async function prepare() {
  const answer = await getJson(`/api/v1/live?theme=${theme()}`);
  stream = answer.stream;
  if (!stream) return;
  byId("no-stream").hidden = true;
  byId("stream").hidden = false;
  top = stream.top;
  trace = Object.fromEntries(Object.keys(stream.grid.feet).map((side) => [side, trace[side] ?? { x: [], y: [] }]));
  document.querySelector('[data-unit="force"]').textContent = stream.force_unit;
  document.querySelector('[data-unit="peak"]').textContent = stream.unit;
  await plot(byId("map"), stream.map, STILL);
  await plot(byId("trace"), stream.trace, STILL);
  painter = new FootMap(byId("map"), stream.grid, stream.unit);
}

function idle(message) {
  stream = null;
  byId("stream").hidden = true;
  byId("no-stream").hidden = false;
  byId("no-stream-text").textContent = message.text ?? "";
  say(_("No stream"));
  document.body.dataset.fps = "0";
}

function numbers(frame) {
  const anySilent = Object.values(frame.feet).some(silent); // a share needs both feet
  for (const [side, foot] of Object.entries(frame.feet)) {
    const share = document.querySelector(`[data-share="${side}"]`);
    share.textContent = anySilent ? "–" : written(foot.load_share_pct, 0);
    share.classList.toggle("unknown", share.textContent === "–");
    cell("force", side).textContent = silent(foot) ? "–" : written(foot.force, 0);
    cell("fore", side).textContent = silent(foot) ? "–" : written(foot.fore_share_pct, 0);
    cell("stance", side).textContent = written(foot.stance_time_s, 2);
    cell("peak", side).textContent = written(foot.peak, 0);
    cell("steps", side).textContent = written(foot.steps_count);
    cell("lost", side).textContent = written(foot.lost);
    const age = cell("age", side);
    age.textContent = written(foot.age_s, 1);
    age.classList.toggle("stale", silent(foot));
  }
  const left = anySilent ? null : frame.feet.left?.load_share_pct ?? null;
  byId("share-bar").style.width = `${left ?? 50}%`;
  byId("share-bar").parentElement.classList.toggle("unknown", left === null);
  const quiet = Object.entries(frame.feet).filter(([, foot]) => silent(foot));
  if (!quiet.length) say(_("Streaming"));
  else say(quiet.map(([side, { age_s }]) => (
    age_s === null ? nothingYet(side) : silentFor(side, Math.floor(age_s))
  )).join(", "), "trouble");
}

/** Keeps the last ten seconds of each foot's force. */
function remember(frame) {
  let now = 0;
  for (const [side, foot] of Object.entries(frame.feet)) {
    const line = trace[side];
    const gap = 2.5 * stream.period_s[side]; // no line over lost samples
    for (let i = 0; i < foot.trace_s.length; i++) {
      if (foot.trace_s[i] - line.x.at(-1) > gap) { line.x.push(foot.trace_s[i]); line.y.push(null); }
      line.x.push(foot.trace_s[i]);
      line.y.push(foot.trace_force[i]);
    }
    now = Math.max(now, line.x.at(-1) ?? 0);
  }
  for (const line of Object.values(trace)) {
    let old = 0;
    while (old < line.x.length && line.x[old] < now - WINDOW_S) old++;
    line.x.splice(0, old);
    line.y.splice(0, old);
  }
  return now;
}

async function picture(frame) {
  // The last values of a silent foot are not what it measures now: its sensors are shown as missing.
  const values = Object.fromEntries(Object.entries(frame.feet).map(([side, foot]) => (
    [side, silent(foot) ? foot.values.map(() => null) : foot.values]
  )));
  const largest = Math.max(0, ...Object.values(values).flat().filter((v) => v !== null));
  if (largest > top) { // the scale only grows, so a colour keeps its meaning while one looks
    while (largest > top) top *= 1.5;
    await Plotly.restyle("map", { zmax: top }, [0]);
  }
  await painter.paint(values, { hover: false });
  const now = frame.now_s;
  const data = stream.trace.data.map((line) => ({ ...line, x: [...trace[line.meta].x], y: [...trace[line.meta].y] }));
  const layout = stream.trace.layout;
  layout.xaxis.range = now < WINDOW_S ? [0, WINDOW_S] : [now - WINDOW_S, now];
  await Plotly.react("trace", data, layout, STILL);
}

function rate() {
  const now = performance.now();
  drawn.push(now);
  while (now - drawn[0] > 2000) drawn.shift();
  if (drawn.length < 2) return;
  const fps = ((drawn.length - 1) * 1000) / (now - drawn[0]);
  document.body.dataset.fps = fps.toFixed(1);
  byId("rate").textContent = _("{n} frames/s", { n: fps.toFixed(0) });
}

let drawing = false;

async function next() {
  if (drawing || !waiting) return;
  drawing = true;
  const message = waiting;
  waiting = null;
  try {
    if (message.kind === "idle") idle(message);
    else {
      if (!stream || stream.id !== message.stream) { trace = {}; await prepare(); }
      if (stream && stream.id === message.stream) {
        message.now_s = remember(message);
        numbers(message);
        await picture(message);
        rate();
      }
    }
  } catch (error) {
    say(error.message, "trouble");
  } finally {
    drawing = false;
    if (socket?.readyState === WebSocket.OPEN) socket.send(String(message.n)); // the server may send more
    if (waiting) requestAnimationFrame(next);
  }
}

/* The socket */

function open() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/api/v1/live/ws`);
  socket.addEventListener("open", () => { tries = 0; say(_("Connected")); document.body.dataset.socket = "open"; });
  socket.addEventListener("message", (event) => {
    const message = JSON.parse(event.data);
    if (waiting?.kind === "frame" && message.kind === "frame") keep(waiting, message);
    waiting = message;
    requestAnimationFrame(next);
  });
  socket.addEventListener("close", () => {
    const pause = RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)];
    document.body.dataset.socket = "closed";
    document.body.dataset.fps = "0";
    waiting = null;
    say(_("Connection to the server lost; reconnecting"), "trouble");
    setTimeout(open, pause);
  });
}

/** A frame that was overtaken gives its samples to the next, so the force trace has no hole. */
function keep(old, message) {
  for (const [side, foot] of Object.entries(message.feet)) {
    const before = old.feet[side];
    if (!before) continue;
    foot.trace_s = before.trace_s.concat(foot.trace_s);
    foot.trace_force = before.trace_force.concat(foot.trace_force);
  }
}

document.addEventListener("insole:theme", async () => { if (stream) { await prepare(); } });
open();
