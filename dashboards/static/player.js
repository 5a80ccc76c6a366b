// The time slider: plays, steps by samples, and keeps the map and the force's cursor at one moment.
import { _ } from "./words.js";

const byId = (id) => document.getElementById(id);

/** Controls of the moment that the map shows; `told` hears each new time. */
export class Player {
  constructor(map, told) {
    this.map = map;
    this.told = told;
    this.slider = byId("moment");
    this.button = byId("play");
    this.running = 0;
    const { start_s, stop_s } = map.about;
    Object.assign(this.slider, { min: start_s, max: stop_s, value: start_s });
    this.slider.addEventListener("input", () => { this.stop(); this.show(Number(this.slider.value)); });
    this.slider.addEventListener("keydown", (event) => this.key(event));
    this.button.addEventListener("click", () => (this.running ? this.stop() : this.start()));
    for (const radio of document.querySelectorAll('input[name="view"]')) radio.addEventListener("change", () => this.changed());
    this.changed();
  }

  /** Another view was chosen: only moments have a time. */
  changed() {
    const moment = this.map.view() === "moment";
    document.querySelector(".moment").hidden = !moment;
    if (!moment) { this.stop(); this.told(null); this.map.paint(); return; }
    this.show(Number(this.slider.value));
  }

  /** A time was pointed at: shown if moments are shown. */
  async show(time) {
    if (this.map.view() !== "moment") return;
    const { start_s, stop_s } = this.map.about;
    const at = Math.min(stop_s, Math.max(start_s, time));
    this.slider.value = at;
    const text = at.toFixed(2);
    byId("moment-at").textContent = `${text} s`;
    this.slider.setAttribute("aria-valuetext", _("{n} seconds", { n: text }));
    this.told(at);
    try { await this.map.paint(at); } catch (error) { byId("moment-at").textContent = error.message; this.stop(); }
  }

  /** A time was chosen: the map turns to moments. */
  pick(time) {
    this.stop();
    if (this.map.view() !== "moment") document.querySelector('input[name="view"][value="moment"]').checked = true;
    this.slider.value = time;
    this.changed();
  }

  key(event) {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
    if (!by) return;
    event.preventDefault();
    this.stop();
    this.show(Number(this.slider.value) + by * this.map.about.step_s);
  }

  stop() {
    cancelAnimationFrame(this.running);
    this.running = 0;
    this.button.textContent = _("Play");
    this.button.setAttribute("aria-pressed", "false");
  }

  start() {
    const { start_s, stop_s } = this.map.about;
    const first = Number(this.slider.value);
    let from = first >= stop_s - 0.05 ? start_s : first;
    let began = null, speed = Number(byId("speed").value), busy = false;
    const step = async (now) => {
      if (!this.running) return;
      if (began === null || speed !== Number(byId("speed").value)) {
        if (began !== null) from += ((now - began) / 1000) * speed;
        speed = Number(byId("speed").value);
        began = now;
      }
      const time = from + ((now - began) / 1000) * speed;
      if (time >= stop_s) { this.stop(); await this.show(stop_s); return; }
      this.running = requestAnimationFrame(step);
      if (busy) return;
      busy = true;
      try { await this.show(time); } finally { busy = false; }
    };
    this.button.textContent = _("Pause");
    this.button.setAttribute("aria-pressed", "true");
    this.running = requestAnimationFrame(step);
  }
}
