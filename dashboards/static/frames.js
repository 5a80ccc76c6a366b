// Moments of a recording: what all sensors measured and where the centres of pressure were, in windows.
import { getJson } from "./page.js";

const MOST = 500; // moments in one answer, as in api/routes/drawings.py

const decode = (base64) => new Float32Array(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)).buffer);

const orNull = (v) => (Number.isNaN(v) ? null : v);

/** Windows of frames, a few of them kept. */
export class Frames {
  constructor(base, map) {
    this.base = base;
    this.map = map;
    this.length_s = map.step_s * MOST;
    this.windows = new Map();
  }

  /** The window that holds a time, and the next one on its way. */
  async window(time) {
    const n = Math.max(0, Math.floor((time - this.map.start_s) / this.length_s));
    const found = this.load(n);
    if (this.map.start_s + (n + 1) * this.length_s < this.map.stop_s) this.load(n + 1).catch(() => this.windows.delete(n + 1));
    return found;
  }

  load(n) {
    if (!this.windows.has(n)) {
      if (this.windows.size > 6) this.windows.delete(this.windows.keys().next().value);
      const got = this.fetch(n);
      this.windows.set(n, got);
      got.catch(() => this.windows.delete(n));
    }
    return this.windows.get(n);
  }

  async fetch(n) {
    const { start_s, stop_s, step_s } = this.map;
    const from = start_s + n * this.length_s;
    const to = Math.min(from + this.length_s, stop_s + step_s);
    const got = await getJson(`${this.base}/frames?start_s=${from}&stop_s=${to}&step_s=${step_s}`);
    for (const foot of Object.values(got.feet)) {
      foot.values = decode(foot.values);
      foot.centre = decode(foot.centre_mm);
    }
    return got;
  }

  /** Values by side (null is missing), and each foot's path of the centre in this stance up to now. */
  async at(time) {
    const { feet, time_s } = await this.window(time);
    const row = Math.min(time_s.length - 1, Math.max(0, Math.round((time - time_s[0]) / this.map.step_s)));
    const values = {}, paths = {};
    for (const [side, foot] of Object.entries(feet)) {
      values[side] = Array.from(foot.values.subarray(row * foot.sensors, (row + 1) * foot.sensors), orNull);
      paths[side] = [];
      for (let r = row; r >= 0 && !Number.isNaN(foot.centre[2 * r]); r--) paths[side].unshift([foot.centre[2 * r], foot.centre[2 * r + 1]]);
    }
    return { values, paths };
  }
}
