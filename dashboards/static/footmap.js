// Repaints the pressure map from sensor values. Geometry and weights come from the server.

import { _ } from "./words.js";

const MAP = 0, SENSORS = 1, MISSING = 2; // traces, as in dashboards/footmap.py

/** Cells' values: as PageGrid.fill in dashboards/feet.py. `values` by side; null is missing. */
export function fill(grid, values) {
  const z = Array.from({ length: grid.ny }, () => new Array(grid.nx).fill(null));
  for (const [side, foot] of Object.entries(grid.feet)) {
    const of = values[side];
    if (!of) continue;
    const { cell, k, sensor, weight } = foot;
    for (let c = 0, at = 0; c < cell.length; c++, at += k) {
      if (of[sensor[at]] === null) continue; // the nearest sensor is missing: not coloured
      let sum = 0, total = 0;
      for (let j = at; j < at + k; j++) {
        const value = of[sensor[j]];
        if (value === null) continue;
        sum += weight[j] * value;
        total += weight[j];
      }
      if (total > 0) z[Math.floor(cell[c] / grid.nx)][cell[c] % grid.nx] = sum / total;
    }
  }
  return z;
}

/** Where sensors without a value are. */
export function missing(grid, values) {
  const x = [], y = [];
  for (const [side, foot] of Object.entries(grid.feet)) {
    foot.xy_mm.forEach(([px, py], i) => {
      if (!values[side] || values[side][i] === null) { x.push(px); y.push(py); }
    });
  }
  return { x, y };
}

/** What a pointer on each sensor says. */
export function texts(grid, values, unit) {
  return Object.entries(grid.feet).flatMap(([side, foot]) => foot.xy_mm.map((_xy, i) => {
    const value = values[side]?.[i] ?? null;
    const says = { n: i + 1, value: value === null ? _("no value") : `${value.toFixed(0)} ${unit}` };
    return side === "left" ? _("left sensor {n}: {value}", says) : _("right sensor {n}: {value}", says);
  }));
}

/** Paints values into a map drawn by Plotly. */
export class FootMap {
  constructor(element, grid, unit) {
    this.element = element;
    this.grid = grid;
    this.unit = unit;
    this.holes = "";
  }

  /** Draws one set of values; the rings of missing sensors only when they changed. */
  async paint(values, { hover = true } = {}) {
    await Plotly.restyle(this.element, { z: [fill(this.grid, values)] }, [MAP]);
    const gone = missing(this.grid, values);
    const holes = JSON.stringify(gone);
    if (holes !== this.holes) {
      this.holes = holes;
      await Plotly.restyle(this.element, { x: [gone.x], y: [gone.y] }, [MISSING]);
    }
    if (hover) await Plotly.restyle(this.element, { text: [texts(this.grid, values, this.unit)] }, [SENSORS]);
  }
}
