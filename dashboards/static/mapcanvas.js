// What moves on the map, on two canvases: colours below Plotly's lines, centres of pressure above them.
// Plotly takes tens of milliseconds to draw a map of 198 sensors anew; a canvas takes a few.

import { fit, layer } from "./overlay.js";

/** 256 colours of a Plotly colour scale, as RGBA bytes. */
function ramp(scale) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 256, height: 1 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const gradient = context.createLinearGradient(0, 0, 256, 0);
  for (const [at, colour] of scale) gradient.addColorStop(at, colour);
  context.fillStyle = gradient;
  context.fillRect(0, 0, 256, 1);
  return context.getImageData(0, 0, 256, 1).data;
}

export class MapCanvas {
  constructor(element) {
    this.element = element;
    this.below = layer("below");
    this.above = layer("above");
    this.small = document.createElement("canvas");
    this.ways = {};
    this.renew();
    element.on("plotly_afterplot", () => this.centres(this.ways)); // the page may have another width now
  }

  /** After the figure was drawn anew. */
  renew() {
    this.ramp = null;
    this.element.prepend(this.below);
    this.element.append(this.above);
  }

  /** Colours cells, `z` by rows from the heel up, whose centres are `axes`; null is not coloured. */
  colours(z, axes, smooth) {
    const { zmin, zmax, colorscale } = this.element.data[0];
    this.ramp ??= ramp(colorscale);
    const [ny, nx] = [z.length, z[0].length];
    Object.assign(this.small, { width: nx, height: ny });
    const pixels = new ImageData(nx, ny);
    for (let row = 0; row < ny; row++) {
      for (let column = 0; column < nx; column++) {
        const value = z[row][column];
        if (value === null) continue;
        const from = 4 * Math.max(0, Math.min(255, Math.round((255 * (value - zmin)) / (zmax - zmin))));
        const to = 4 * ((ny - 1 - row) * nx + column);
        for (let c = 0; c < 4; c++) pixels.data[to + c] = this.ramp[from + c];
      }
    }
    this.small.getContext("2d").putImageData(pixels, 0, 0);
    const { context, x, y } = fit(this.element, this.below);
    const half = (axes.x[1] - axes.x[0]) / 2;
    const [left, right] = [x(axes.x[0] - half), x(axes.x[nx - 1] + half)];
    const [top, bottom] = [y(axes.y[ny - 1] + half), y(axes.y[0] - half)];
    context.imageSmoothingEnabled = smooth;
    context.drawImage(this.small, left, top, right - left, bottom - top);
    this.element.classList.add("moving");
  }

  /** Plotly shows the same now. */
  settled() { this.element.classList.remove("moving"); }

  /** Each foot's way of the centre in this stance, and where it is: `ways` by side, in mm. */
  centres(ways) {
    this.ways = ways;
    const { context, x, y } = fit(this.element, this.above);
    const ink = getComputedStyle(this.element);
    for (const [side, way] of Object.entries(ways)) {
      if (!way.length) continue;
      context.beginPath();
      for (const [px, py] of way) context.lineTo(x(px), y(py));
      Object.assign(context, { strokeStyle: "white", lineWidth: 3, lineJoin: "round" });
      context.stroke();
      context.beginPath();
      context.arc(x(way.at(-1)[0]), y(way.at(-1)[1]), 7, 0, 2 * Math.PI);
      Object.assign(context, { fillStyle: ink.getPropertyValue(`--${side}`), lineWidth: 2.5 });
      context.fill();
      context.stroke();
    }
  }
}
