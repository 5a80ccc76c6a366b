// Marks: stretches and stances left out, quiet standing, notes; each can be undone. The samples never change.
import { getJson } from "./page.js";
import { _ } from "./words.js";
import { base } from "./figures.js";

const byId = (id) => document.getElementById(id);
const WORDS = {
  exclude: _("Left out"),
  step: _("Step not used"),
  standing: _("Quiet standing"),
  note: _("Note"),
  event: _("Event of the file"),
};
const MOST_CHOICES = 400;
const MOMENT_S = 0.01; // a note without an end is of a moment

const send = (address, method, body) =>
  getJson(address, { method, headers: { "content-type": "application/json" }, body: body && JSON.stringify(body) });

export class Marks {
  constructor(force, redraw) {
    this.force = force;
    this.redraw = redraw;
    this.gone = []; // deleted here, newest last: can be brought back
    byId("stretch").addEventListener("submit", (event) => { event.preventDefault(); this.submit(event.submitter.value); });
    byId("stance-use").addEventListener("click", () => this.toggle(byId("stance").value));
    byId("stance").addEventListener("change", () => this.label());
    force.onStance = (side, time) => this.chosen(side, time);
  }

  async begin() {
    try { await this.load(); } catch (error) { byId("mark-error").textContent = error.message; }
  }

  async load() {
    const [marks, report] = await Promise.all([getJson(`${base}/marks`), getJson(`${base}/report`)]);
    this.marks = marks;
    this.steps = report.steps;
    this.list();
    this.choices();
    document.body.dataset.marks = "ready";
  }

  /** Does something, then shows what it changed everywhere on the page. */
  async act(what) {
    byId("mark-error").textContent = "";
    try {
      await what();
      document.body.dataset.marks = "waiting";
      await this.renewParts();
      await this.redraw();
      await this.load();
    } catch (error) {
      byId("mark-error").textContent = error.message;
    }
  }

  submit(kind) {
    const from = Number(byId("mark-from").value);
    const to = byId("mark-to").value === "" ? null : Number(byId("mark-to").value);
    const text = byId("mark-text").value.trim();
    if (kind === "note" && !text) { byId("mark-error").textContent = _("Write the note first."); byId("mark-text").focus(); return; }
    if ((kind !== "note" || to !== null) && !(to > from)) { byId("mark-error").textContent = _("The stretch must end after it begins."); byId("mark-to").focus(); return; }
    const mark = { kind, side: byId("mark-side").value || null, start_s: from, stop_s: to ?? from + MOMENT_S, text };
    this.act(async () => { await send(`${base}/marks`, "POST", mark); byId("mark-text").value = ""; });
  }

  /** The mark by which a stance is not used; undefined where there is none. */
  against(step) {
    const middle = (step.start_s + step.stop_s) / 2;
    return this.marks.find((m) => m.kind === "step" && m.side === step.side && m.start_s <= middle && middle < m.stop_s);
  }

  toggle(index) {
    const step = this.steps[Number(index)];
    if (!step) return;
    const mark = this.against(step);
    this.act(() => (mark
      ? this.remove(mark)
      : send(`${base}/marks`, "POST", { kind: "step", side: step.side, start_s: step.start_s, stop_s: step.stop_s, text: "" })));
  }

  async remove(mark) {
    await send(`${base}/marks/${encodeURIComponent(mark.id)}`, "DELETE");
    this.gone.push(mark);
  }

  async restore(mark) {
    await send(`${base}/marks/${encodeURIComponent(mark.id)}/restore`, "POST");
    this.gone = this.gone.filter((m) => m.id !== mark.id);
  }

  /** A stance was clicked: it is chosen, and its stretch stands in the fields. */
  chosen(side, time) {
    const index = this.steps.findIndex((s) => s.side === side && s.start_s <= time && time < s.stop_s);
    if (index < 0) return;
    this.choices(time);
    byId("stance").value = String(index);
    this.label();
    byId("stance-use").focus();
  }

  label() {
    const step = this.steps[Number(byId("stance").value)];
    byId("stance-use").textContent = step && this.against(step) ? _("Use it") : _("Do not use this step");
  }

  /** The stances to choose from; of very many, those around a time. */
  choices(time = 0) {
    const near = this.steps.map((step, i) => [i, step]);
    near.sort((a, b) => Math.abs(a[1].start_s - time) - Math.abs(b[1].start_s - time));
    const shown = near.slice(0, MOST_CHOICES).sort((a, b) => a[0] - b[0]);
    const kept = byId("stance").value;
    byId("stance").replaceChildren(...shown.map(([i, s]) => {
      const says = { time: s.start_s.toFixed(2), why: s.clean ? _("used") : _("not used") };
      return new Option(s.side === "left" ? _("Left, {time} s, {why}", says) : _("Right, {time} s, {why}", says), String(i));
    }));
    if (kept && shown.some(([i]) => String(i) === kept)) byId("stance").value = kept;
    document.querySelector(".stance").hidden = !shown.length;
    this.label();
  }

  list() {
    const row = (mark, gone) => {
      const item = document.createElement("li");
      const span = document.createElement("span");
      const moment = mark.stop_s - mark.start_s < 2 * MOMENT_S;
      const time = moment ? `${mark.start_s.toFixed(2)} s` : `${mark.start_s.toFixed(2)}–${mark.stop_s.toFixed(2)} s`;
      const side = mark.side === "left" ? _("left") : mark.side === "right" ? _("right") : "";
      span.textContent = [WORDS[mark.kind] ?? mark.kind, time, side, mark.text, gone ? _("undone") : ""].filter(Boolean).join(" · ");
      const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: gone ? _("Mark again") : _("Undo") });
      button.setAttribute("aria-label", `${button.textContent}: ${span.textContent}`);
      button.addEventListener("click", () => this.act(() => (gone ? this.restore(mark) : this.remove(mark))));
      item.append(span, button);
      return item;
    };
    const own = this.marks.filter((m) => m.kind !== "event");
    const rows = [...own.map((m) => row(m, false)), ...this.gone.map((m) => row(m, true))];
    const events = this.marks.length - own.length; // a long walk has thousands: they are exported, not listed
    if (events) rows.push(Object.assign(document.createElement("li"), { className: "muted", textContent: _("{n} events that the file's maker marked; they change no number", { n: events }) }));
    const none = Object.assign(document.createElement("li"), { className: "muted", textContent: _("None yet.") });
    byId("marks").replaceChildren(...(rows.length ? rows : [none]));
  }

  /** The page's numbers, from the server as they are now; what was open stays open. */
  async renewParts() {
    const answer = await fetch(location.pathname + location.search);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-part]")) {
      const other = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
      if (!other) continue;
      const open = [...part.querySelectorAll("details")].map((d) => d.open);
      [...other.querySelectorAll("details")].forEach((d, i) => { if (open[i] !== undefined) d.open = open[i]; });
      part.replaceWith(document.adoptNode(other));
    }
  }
}
