// The last seconds of force. Plotly draws the axes once; the lines are on a canvas over them.
import { plot } from "./page.js";
import { fit, layer } from "./overlay.js";

export const WINDOW_S = 10;
const STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** A round number above `value`. */
function above(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * STEPS.find((step) => step * power >= value * 0.999);
}

export class LiveTrace {
  constructor(element) {
    this.element = element;
    this.canvas = layer("above");
    this.lines = {};
    this.top = 0;
  }

  async begin({ trace, grid, period_s }, same) {
    this.period_s = period_s;
    if (!same) { this.lines = {}; this.top = 0; }
    for (const side of Object.keys(grid.feet)) this.lines[side] ??= { x: [], y: [], width: trace.data.find((d) => d.meta === side).line.width };
    await plot(this.element, trace, { staticPlot: true, responsive: true });
    if (this.top) await Plotly.relayout(this.element, { "yaxis.range": [0, this.top] });
    this.element.append(this.canvas);
  }

  /** Takes in what is new of each foot; samples that were lost leave a hole. */
  remember(feet) {
    let now = 0;
    for (const [side, foot] of Object.entries(feet)) {
      const line = this.lines[side];
      const gap = 2.5 * this.period_s[side];
      for (let i = 0; i < foot.trace_s.length; i++) {
        if (foot.trace_s[i] - line.x.at(-1) > gap) { line.x.push(foot.trace_s[i]); line.y.push(null); }
        line.x.push(foot.trace_s[i]);
        line.y.push(foot.trace_force[i]);
      }
      now = Math.max(now, line.x.at(-1) ?? 0);
    }
    this.now = now;
    for (const line of Object.values(this.lines)) {
      let old = 0;
      while (old < line.x.length && line.x[old] < now - WINDOW_S) old++;
      line.x.splice(0, old);
      line.y.splice(0, old);
    }
  }

  async paint() {
    const largest = Math.max(1, ...Object.values(this.lines).map((line) => line.y.reduce((a, b) => Math.max(a, b ?? 0), 0)));
    if (largest > this.top) {
      this.top = above(largest);
      await Plotly.relayout(this.element, { "yaxis.range": [0, this.top] });
    }
    const { context, x, y } = fit(this.element, this.canvas);
    const ink = getComputedStyle(this.element);
    for (const [side, line] of Object.entries(this.lines)) {
      context.beginPath();
      let down = false;
      for (let i = 0; i < line.x.length; i++) {
        if (line.y[i] === null) { down = false; continue; }
        const [px, py] = [x(line.x[i] - this.now), y(line.y[i])];
        if (down) context.lineTo(px, py); else context.moveTo(px, py);
        down = true;
      }
      Object.assign(context, { strokeStyle: ink.getPropertyValue(`--${side}`), lineWidth: line.width, lineJoin: "round" });
      context.stroke();
    }
  }
}
