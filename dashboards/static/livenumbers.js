// The live page's numbers: shares, steps, and how each insole is doing.
import { _ } from "./words.js";

export const SILENT_S = 1.5; // a foot that says nothing for longer is said to be silent
const WEAK_DBM = -75; // as in ingest/scan.py: below it is "weak"
const LOW_PCT = 20;
const LOSSY_PCT = 2;

const byId = (id) => document.getElementById(id);
const all = (selector) => document.querySelectorAll(selector);
export const silent = (foot) => foot.age_s === null || foot.age_s > SILENT_S;
const written = (value, digits = 0) => (value === null || value === undefined ? "–" : value.toFixed(digits));

function put(element, text) { if (element && element.textContent !== text) element.textContent = text; }

const nothingYet = (side) => (side === "left" ? _("left foot: nothing heard yet") : _("right foot: nothing heard yet"));
const silentFor = (side, s) => (
  side === "left" ? _("left foot silent for {s} s", { s }) : _("right foot silent for {s} s", { s })
);

/** Feet that say nothing, in words; empty if all do. */
export function silences(feet) {
  return Object.entries(feet).filter(([, foot]) => silent(foot)).map(([side, { age_s }]) => (
    age_s === null ? nothingYet(side) : silentFor(side, Math.floor(age_s))
  )).join(", ");
}

function bar(id, part, along = "width") {
  const made = byId(id);
  made.style[along] = `${part ?? 50}%`;
  made.parentElement.classList.toggle("unknown", part === null);
}

/** Shares, steps and forces of a frame. A share of both feet needs both. */
export function numbers({ feet }) {
  const two = Object.keys(feet).length === 2 && !Object.values(feet).some(silent);
  for (const side of ["left", "right"]) {
    const foot = feet[side];
    const heard = foot && !silent(foot) ? foot : null;
    const share = document.querySelector(`[data-share="${side}"]`);
    put(share, two ? written(foot.load_share_pct) : "–");
    share.classList.toggle("unknown", share.textContent === "–");
    const fore = heard?.fore_share_pct ?? null;
    put(document.querySelector(`[data-fore="${side}"]`), written(fore));
    put(document.querySelector(`[data-rear="${side}"]`), fore === null ? "–" : written(100 - Math.round(fore)));
    bar(`fore-${side}`, fore, "height");
    const say = (key, text) => put(document.querySelector(`[data-now="${key}"][data-side="${side}"]`), text);
    say("force", written(heard?.force));
    say("stance", written(foot?.stance_time_s, 2));
    say("peak", written(foot?.peak));
    say("steps", written(foot?.steps_count));
  }
  bar("share-bar", two ? feet.left.load_share_pct : null);
  put(byId("steps-both"), String(Object.values(feet).reduce((n, foot) => n + foot.steps_count, 0)));
}

/** What is wrong with an insole, in a few plain words; empty if nothing. */
function trouble(side, foot, frame) {
  const full = (frame?.saturated ?? []).length;
  if (!foot.connected) return side === "left" ? _("Left: not connected") : _("Right: not connected");
  if (foot.lost_pct > LOSSY_PCT) return side === "left" ? _("Left: losing samples") : _("Right: losing samples");
  if (foot.signal_dbm !== null && foot.signal_dbm < WEAK_DBM) return side === "left" ? _("Left: weak signal") : _("Right: weak signal");
  if (foot.battery_pct !== null && foot.battery_pct < LOW_PCT) return side === "left" ? _("Left: battery low") : _("Right: battery low");
  if (full) return side === "left" ? _("Left: {n} sensors at the end of their range", { n: full }) : _("Right: {n} sensors at the end of their range", { n: full });
  return "";
}

/** Signal, battery, loss and rate of each insole. */
export function insoles(status, frame) {
  const feet = status?.feet ?? {};
  byId("insoles").hidden = !Object.keys(feet).length;
  const wrong = [];
  for (const side of ["left", "right"]) {
    const foot = feet[side];
    for (const cell of all(`[data-insole][data-side="${side}"]`)) {
      const value = foot?.[cell.dataset.insole] ?? null;
      put(cell, cell.dataset.insole === "name" ? value ?? "–" : written(value, cell.dataset.insole === "lost_pct" ? 1 : 0));
    }
    if (foot) wrong.push(trouble(side, foot, frame?.feet?.[side]));
  }
  put(byId("insole-trouble"), wrong.filter(Boolean).join(". "));
}
