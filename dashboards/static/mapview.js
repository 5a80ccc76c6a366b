// The large map: peak, mean or a moment; smoothed or sensor by sensor; regions over it; centres at a moment.
import { getJson } from "./page.js";
import { _ } from "./words.js";
import { base } from "./figures.js";
import { Frames } from "./frames.js";
import { fill, missing, texts } from "./footmap.js";
import { MapCanvas } from "./mapcanvas.js";
import { regionTexts } from "./regionmap.js";

// Traces, as in dashboards/footmap.py and dashboards/figures/pressure_map.py
const MAP = 0, SENSORS = 1, MISSING = 2, SHAPES = 4, BORDERS = 5, REGIONS = 6;

const SETTLE_MS = 150; // a map that moves is not read

const chosen = (name) => document.querySelector(`input[name="${name}"]:checked`).value;

/** Each sensor's own value on the fine grid; what is between sensors stays empty. */
function cells(grid, values) {
  const z = Array.from({ length: grid.ny }, () => new Array(grid.nx).fill(null));
  for (const [side, { cell, sensor }] of Object.entries(grid.feet)) {
    const of = values[side];
    for (let c = 0; of && c < cell.length; c++) z[Math.floor(cell[c] / grid.nx)][cell[c] % grid.nx] = of[sensor[c]];
  }
  return z;
}

const axis = (from, step, n) => Array.from({ length: n }, (_v, i) => from + i * step);

export class MapView {
  constructor(element) {
    this.element = element;
    this.canvas = new MapCanvas(element);
    this.asked = 0;
    document.getElementById("regions").addEventListener("change", () => this.repaint());
    for (const radio of document.querySelectorAll('input[name="drawn"]')) radio.addEventListener("change", () => this.repaint());
  }

  view() { return chosen("view"); }

  async begin() {
    this.about = await getJson(`${base}/map`);
    this.frames = new Frames(base, this.about);
    const { cells: c } = this.about;
    this.fine = { x: axis(c.x0_mm, c.step_mm, c.nx), y: axis(c.y0_mm, c.step_mm, c.ny) };
    this.learn();
  }

  /** The smooth map's own axes, as the server drew them. */
  learn() {
    const { x, y } = this.element._fullData[MAP];
    this.smooth = { x: Array.from(x), y: Array.from(y) };
  }

  /** After the figure was drawn anew: other colours, other marks. */
  async renew() {
    this.mode = null;
    this.canvas.renew();
    await this.begin();
    await this.repaint();
  }

  repaint() { return this.paint(this.time); }

  /** Paints what the controls say; at `time` where a moment is shown. */
  async paint(time = this.time) {
    const mine = ++this.asked;
    const moment = this.view() === "moment";
    const at = time ?? this.about.start_s;
    const { values, paths } = moment ? await this.frames.at(at) : { values: this.about.views[this.view()], paths: {} };
    if (mine !== this.asked) return; // a newer wish came meanwhile
    this.time = at;
    const sensors = chosen("drawn") === "sensors";
    const z = sensors ? cells(this.about.cells, values) : fill(this.about.grid, values);
    clearTimeout(this.later);
    this.canvas.colours(z, sensors ? this.fine : this.smooth, !sensors);
    this.canvas.centres(paths);
    const shown = moment ? String(Math.round(at * 1e4) / 1e4) : "";
    const settle = () => this.settle(z, values, shown, mine);
    if (moment) this.later = setTimeout(settle, SETTLE_MS); else await settle();
    const way = Object.values(paths).map((path) => path.length).join(" ");
    Object.assign(this.element.dataset, { view: this.view(), drawn: chosen("drawn"), way, at: shown });
    document.body.dataset.map = "ready";
  }

  /** Once the map stands still: all that Plotly shows, and what is written. */
  async settle(z, values, shown, mine) {
    const { grid, unit } = this.about;
    const gone = missing(grid, values), of = regionTexts(this.about, values, this.view());
    await this.restyle([
      ...this.modes(),
      [MAP, { z }],
      [SENSORS, { text: texts(grid, values, unit) }],
      [MISSING, { x: gone.x, y: gone.y }],
      [REGIONS, { text: of.text, hovertext: of.hover }],
    ]);
    if (mine !== this.asked) return;
    this.canvas.settled();
    this.say(values, shown !== "");
    this.element.dataset.said = shown;
  }

  /** What changes only with the controls: nothing if they are as they were. */
  modes() {
    const sensors = chosen("drawn") === "sensors", regions = document.getElementById("regions").checked;
    const mode = `${sensors} ${regions}`;
    if (mode === this.mode) return [];
    this.mode = mode;
    const { x, y } = sensors ? this.fine : this.smooth;
    return [
      [MAP, { x, y, zsmooth: sensors ? false : "fast" }],
      [SHAPES, { visible: sensors }],
      [BORDERS, { visible: regions }],
      [REGIONS, { visible: regions }],
    ];
  }

  /** Gives traces new values in one update, so that Plotly draws once: pairs of a trace and what changes. */
  async restyle(changes) {
    const traces = [...new Set(changes.map(([trace]) => trace))], all = {};
    for (const [trace, set] of changes) {
      for (const [key, value] of Object.entries(set)) {
        all[key] ??= new Array(traces.length).fill(undefined); // undefined: as it was
        all[key][traces.indexOf(trace)] = value;
      }
    }
    await Plotly.restyle(this.element, all, traces);
  }

  /** Says what is missing, in words: a stretch without samples is not a foot without load. */
  say(values, moment) {
    const said = [];
    for (const side of Object.keys(this.about.grid.feet)) {
      const gone = (values[side] ?? []).filter((v) => v === null).length;
      const all = (values[side] ?? []).length;
      if (moment && gone === all) said.push(side === "left" ? _("Left foot: no samples at this moment.") : _("Right foot: no samples at this moment."));
      else if (gone) said.push(side === "left" ? _("Left foot, sensors without a value: {n}.", { n: gone }) : _("Right foot, sensors without a value: {n}.", { n: gone }));
    }
    const element = document.getElementById("map-says");
    const text = said.join(" ");
    if (element.textContent !== text) element.textContent = text;
  }
}
