// The live pressure map: painted on canvases, because Plotly is too slow for it at 30 frames a second.
// A sensor without a value is hatched; one at the end of its range has a ring.
import { plot } from "./page.js";
import { fill, missing } from "./footmap.js";
import { MapCanvas } from "./mapcanvas.js";
import { fit, scales } from "./overlay.js";

const MAP = 0, MISSING = 2; // traces, as in dashboards/footmap.py
const HATCH_PX = 7;
const RING_PX = 6;

export class LiveMap {
  constructor(element) { this.element = element; }

  async begin({ map, grid, top }) {
    this.grid = grid;
    this.top = top;
    this.drawn = "";
    // Plotly shows no scale beside a map without values: it gets zeros, and the canvas covers them
    map.data[MAP].z = Array.from({ length: grid.ny }, () => new Array(grid.nx).fill(0));
    this.element.classList.add("moving");
    await plot(this.element, map, { staticPlot: true, responsive: true });
    if (this.canvas) this.canvas.renew();
    else {
      this.canvas = new MapCanvas(this.element);
      this.element.on("plotly_afterplot", () => { this.drawn = ""; });
    }
    const { x, y } = this.element._fullData[MAP];
    this.axes = { x: Array.from(x), y: Array.from(y) };
    this.half = (this.axes.x[1] - this.axes.x[0]) / 2;
  }

  /** `values` by side, null is missing; `saturated`: columns by side. */
  async paint(values, saturated) {
    const largest = Math.max(0, ...Object.values(values).flat().filter((v) => v !== null));
    if (largest > this.top) { // the scale only grows, so a colour keeps its meaning while one looks
      while (largest > this.top) this.top *= 1.5;
      await Plotly.restyle(this.element, { zmax: this.top }, [MAP]);
    }
    const z = fill(this.grid, values);
    this.canvas.colours(z, this.axes, true);
    const gone = missing(this.grid, values);
    if (gone.x.length) this.hatch(z);
    const now = JSON.stringify([gone, saturated]);
    if (now === this.drawn) return;
    await Plotly.restyle(this.element, { x: [gone.x], y: [gone.y] }, [MISSING]);
    this.rings(saturated);
    this.drawn = now;
  }

  /** Cells without a value, on the lower canvas: what lies outside of the outline is covered there. */
  hatch(z) {
    const { x, y } = scales(this.element);
    const context = this.canvas.below.getContext("2d");
    context.save();
    context.beginPath();
    for (const { cell } of Object.values(this.grid.feet)) {
      for (const c of cell) {
        const [row, column] = [Math.floor(c / this.grid.nx), c % this.grid.nx];
        if (z[row][column] !== null) continue;
        const [px, py] = [this.axes.x[column], this.axes.y[row]];
        const [left, top] = [x(px - this.half), y(py + this.half)];
        context.rect(left, top, x(px + this.half) - left, y(py - this.half) - top);
      }
    }
    context.clip();
    context.beginPath();
    const { clientWidth: w, clientHeight: h } = this.element;
    for (let at = -h; at < w; at += HATCH_PX) { context.moveTo(at, h); context.lineTo(at + h, 0); }
    Object.assign(context, { strokeStyle: getComputedStyle(this.element).getPropertyValue("--muted"), lineWidth: 1 });
    context.stroke();
    context.restore();
  }

  /** Sensors at the end of their range, on the upper canvas. */
  rings(saturated) {
    const { context, x, y } = fit(this.element, this.canvas.above);
    for (const [side, columns] of Object.entries(saturated)) {
      for (const column of columns) {
        const at = this.grid.feet[side]?.xy_mm[column];
        if (!at) continue;
        context.beginPath();
        context.arc(x(at[0]), y(at[1]), RING_PX, 0, 2 * Math.PI);
        Object.assign(context, { strokeStyle: "black", lineWidth: 5 });
        context.stroke();
        Object.assign(context, { strokeStyle: "white", lineWidth: 2.5 });
        context.stroke();
      }
    }
  }
}
