// Force over time: a cursor that goes with the map, detail when zoomed, stretches and stances to choose.
import { getJson } from "./page.js";
import { base } from "./figures.js";

const byId = (id) => document.getElementById(id);

export class ForceView {
  constructor(element) {
    this.element = element;
    this.onPoint = this.onPick = this.onStance = () => {};
    this.cursor = Object.assign(document.createElement("i"), { className: "cursor", hidden: true });
    element.append(this.cursor);
    element.on("plotly_hover", (event) => this.onPoint(event.xvals[0]));
    element.on("plotly_relayout", (change) => this.moved(change));
    element.on("plotly_selected", (event) => { if (event?.range?.x) this.select(...event.range.x); });
    element.addEventListener("click", (event) => this.clicked(event));
    for (const radio of document.querySelectorAll('input[name="drag"]')) {
      radio.addEventListener("change", () => Plotly.relayout(element, { dragmode: radio.value, selectdirection: "h" }));
    }
  }

  /** Axis and place of a pointer on it; lanes of stances are the second y axis. */
  where(event) {
    const { xaxis, yaxis2, _size } = this.element._fullLayout;
    const box = this.element.getBoundingClientRect();
    const x = event.clientX - box.left - _size.l, y = event.clientY - box.top - _size.t;
    if (x < 0 || x > xaxis._length || y < 0 || y > _size.h) return null;
    const lane = yaxis2 ? yaxis2.p2d(y - (yaxis2._offset - _size.t)) : NaN;
    return { time: xaxis.p2d(x), side: lane > 0.5 && lane < 1.6 ? "left" : lane > -0.6 && lane <= 0.5 ? "right" : null };
  }

  clicked(event) {
    const at = this.where(event);
    if (!at) return;
    if (at.side) this.onStance(at.side, at.time);
    this.onPick(at.time);
  }

  select(from, to) {
    byId("mark-from").value = Math.min(from, to).toFixed(2);
    byId("mark-to").value = Math.max(from, to).toFixed(2);
  }

  /** Puts the cursor at a time; null takes it away. */
  point(time) {
    this.time = time;
    const { xaxis, _size } = this.element._fullLayout;
    const x = time === null ? -1 : xaxis.d2p(time);
    this.cursor.hidden = !(x >= 0 && x <= xaxis._length);
    Object.assign(this.cursor.style, { left: `${_size.l + x - 1}px`, top: `${_size.t}px`, height: `${_size.h}px` });
  }

  /** After a zoom: the window's own samples, so that a long recording is as sharp as a short one. */
  async moved(change) {
    if (!("xaxis.range[0]" in change) && !change["xaxis.autorange"]) return;
    const whole = change["xaxis.autorange"];
    const query = whole ? "" : `?start_s=${change["xaxis.range[0]"]}&stop_s=${change["xaxis.range[1]"]}`;
    const mine = (this.asked = (this.asked ?? 0) + 1);
    const got = await getJson(`${base}/force${query}`).catch(() => null); // beyond the recording's ends there is nothing
    if (!got || mine !== this.asked) return;
    const traces = Object.keys(got.feet).map((side) => this.element.data.findIndex((t) => t.meta === side));
    const feet = Object.values(got.feet);
    await Plotly.restyle(this.element, { x: feet.map((f) => f.time_s), y: feet.map((f) => f.force) }, traces);
    this.element.dataset.window = query || "all";
    this.point(this.time ?? null);
  }

  /** After the figure was drawn anew. */
  renew() {
    this.element.append(this.cursor);
    this.point(this.time ?? null);
  }
}
