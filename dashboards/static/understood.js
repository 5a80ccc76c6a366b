// What was understood of a file, in words and rows.
import { _ } from "./words.js";

const MINUTE_S = 60;

export const fact = {
  /** `8.4 s` or `2 min 05 s`, as the pages write it. */
  duration(seconds) {
    if (seconds < MINUTE_S) return `${seconds.toFixed(1)} s`;
    const whole = Math.round(seconds);
    const hours = Math.floor(whole / 3600);
    const minutes = Math.floor((whole % 3600) / MINUTE_S);
    const two = (n) => String(n).padStart(2, "0");
    return hours ? `${hours} h ${two(minutes)} min` : `${minutes} min ${two(whole % MINUTE_S)} s`;
  },
};

/** When a file was recorded; most formats give no date, and then nothing is made up. */
export function started(at) {
  if (!at) return document.createTextNode(_("the file gives no date"));
  const words = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  return Object.assign(document.createElement("time"), { dateTime: at, textContent: words.format(new Date(at)) });
}

function missing({ samples, missing: lost }) {
  if (!lost) return _("none");
  const share = (100 * lost) / (samples + lost);
  return _("{n} of {all} ({share} %)", { n: lost, all: samples + lost, share: share.toFixed(1) });
}

/** A row for each foot; `heads` are the columns' names, which a phone shows beside each value. */
export function feet(found, heads) {
  const name = { left: _("Left"), right: _("Right") };
  return Object.entries(found).map(([side, foot]) => {
    const row = document.createElement("tr");
    const head = Object.assign(document.createElement("th"), { scope: "row", className: side, textContent: name[side] ?? side });
    const cell = (textContent, className = "") => Object.assign(document.createElement("td"), { textContent, className });
    const rate = `${Number(foot.rate_hz.toFixed(2))} Hz`;
    const cells = [head, cell(foot.sensors, "num"), cell(foot.layout), cell(rate, "num"), cell(foot.unit), cell(missing(foot), `num${foot.missing ? " watch" : ""}`)];
    cells.forEach((one, i) => { one.dataset.label = heads[i]; });
    row.append(...cells);
    return row;
  });
}
