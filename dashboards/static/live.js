// The live view: wires the stream, the numbers, the control of the recording and the guided test.
import { getJson, theme } from "./page.js";
import { _ } from "./words.js";
import { LiveMap } from "./livemap.js";
import { LiveTrace } from "./livetrace.js";
import { Frames } from "./livesocket.js";
import { insoles, numbers, silences, silent } from "./livenumbers.js";
import { Control, stateWords } from "./livecontrol.js";
import { Guide } from "./liveguide.js";

const byId = (id) => document.getElementById(id);

const map = new LiveMap(byId("map"));
const trace = new LiveTrace(byId("trace"));
const control = new Control();
const guide = new Guide(control);
let stream = null; // what GET /api/v1/live said about the stream
let drawn = []; // when the last frames were drawn

function say(text, kind = "") {
  const state = byId("state");
  if (state.textContent !== text) state.textContent = text;
  state.dataset.kind = kind;
}

async function prepare(same = false) {
  stream = (await getJson(`/api/v1/live?theme=${theme()}`)).stream;
  if (!stream) return;
  byId("no-stream").hidden = true;
  byId("stream").hidden = false;
  document.querySelector('[data-unit="force"]').textContent = stream.force_unit;
  document.querySelector('[data-unit="peak"]').textContent = stream.unit;
  const sides = Object.keys(stream.grid.feet);
  byId("stream").dataset.feet = sides.length === 2 ? "both" : sides[0];
  byId("one-foot").textContent = { left: _("Left foot only: shares of both feet are not known."), right: _("Right foot only: shares of both feet are not known.") }[byId("stream").dataset.feet] ?? "";
  await map.begin(stream);
  await trace.begin(stream, same);
}

function idle({ status, text }) {
  stream = null;
  drawn = [];
  byId("stream").hidden = true;
  byId("no-stream").hidden = false;
  byId("no-stream-text").textContent = status && status.state !== "failed" ? "" : text ?? "";
  byId("no-stream-idle").hidden = status?.state !== "idle";
  byId("no-stream-waits").hidden = Boolean(status) && status.state !== "looking";
  byId("no-stream-lead").textContent = { idle: _("No insoles are connected."), failed: _("The insoles could not be reached, or were lost.") }[status?.state] ?? _("No stream.");
  byId("no-stream-how").hidden = Boolean(status) && status.state === "looking";
  byId("no-stream-commands").hidden = Boolean(status);
  say(status ? stateWords(status.state) : _("No stream"), status?.state === "failed" ? "trouble" : "");
  document.body.dataset.fps = "0";
}

async function picture(frame) {
  // The last values of a silent foot are not what it measures now: its sensors are shown as missing.
  const feet = Object.entries(frame.feet);
  const values = Object.fromEntries(feet.map(([side, foot]) => [side, silent(foot) ? foot.values.map(() => null) : foot.values]));
  const saturated = Object.fromEntries(feet.map(([side, foot]) => [side, silent(foot) ? [] : foot.saturated]));
  await map.paint(values, saturated);
  trace.remember(frame.feet);
  await trace.paint();
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

async function draw(message) {
  const { status = null, guide: test = null } = message;
  control.update(status, guide.running(test));
  guide.show(test);
  insoles(status, message);
  if (message.kind === "idle") { idle(message); return; }
  if (!stream || stream.id !== message.stream) await prepare();
  if (!stream || stream.id !== message.stream) return;
  numbers(message);
  const quiet = silences(message.feet);
  say(quiet || (status ? stateWords(status.state) : _("Streaming")), quiet ? "trouble" : status?.state ?? "");
  await picture(message);
  rate();
  document.body.dataset.drawn = message.n;
}

new Frames({
  draw,
  failed: (error) => say(error.message, "trouble"),
  opened: () => { say(_("Connected")); document.body.dataset.socket = "open"; },
  closed: () => {
    document.body.dataset.socket = "closed";
    document.body.dataset.fps = "0";
    say(_("Connection to the server lost; reconnecting"), "trouble");
  },
});
document.addEventListener("insole:theme", () => { if (stream) prepare(true); });
