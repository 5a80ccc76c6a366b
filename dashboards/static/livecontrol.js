// Connect, start, stop; whom and what the recording is of.
import { getJson } from "./page.js";
import { _ } from "./words.js";

const byId = (id) => document.getElementById(id);
export const post = (path, body = {}) => getJson(`/api/v1/live/${path}`, {
  method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
});

/** 1:05 */
const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;

const WORDS = {
  idle: () => _("Insoles not connected"),
  looking: () => _("Looking for insoles"),
  ready: () => _("Connected, not recording"),
  recording: () => _("Recording"),
  stopping: () => _("Ending the recording"),
  failed: () => _("Stopped"),
};
export const stateWords = (state) => (WORDS[state] ?? (() => state))();

/** What the form says of the recording to be made. */
export function wish() {
  const chosen = byId("subject").value;
  const mass = byId("mass").value;
  const typed = byId("condition-other").value.trim();
  return {
    subject_id: chosen === "new" ? "" : chosen,
    subject_code: chosen === "new" ? byId("subject-code").value.trim() : "",
    condition: byId("condition").value === "other" ? typed : byId("condition").value,
    task: byId("task").value,
    body_mass_kg: mass === "" ? null : Number(mass),
  };
}

export class Control {
  constructor() {
    this.busy = false;
    const on = (id, what) => byId(id).addEventListener("click", () => this.act(what));
    on("connect", () => post("connect"));
    on("disconnect", () => post("disconnect"));
    on("start", () => { this.check(); return post("start", wish()); });
    on("stop", () => post("stop"));
    byId("subject").addEventListener("change", () => { this.shown(); this.conditions().catch(() => {}); });
    byId("condition").addEventListener("change", () => this.shown());
    this.shown();
    this.subjects().catch((error) => { byId("control-error").textContent = error.message; });
  }

  /** The subjects there are; who has just been recorded stays chosen. */
  async subjects(code = "") {
    const list = byId("subject");
    const found = await getJson("/api/v1/subjects");
    const kept = list.value; // as it is now: it may have been chosen meanwhile
    const made = found.map(({ id, code: name }) => Object.assign(document.createElement("option"), { value: id, textContent: name }));
    list.replaceChildren(...[...list.options].filter((o) => ["", "new"].includes(o.value)), ...made);
    list.value = found.find((s) => code && s.code === code)?.id ?? kept;
    this.shown();
    await this.conditions();
  }

  /** The conditions that this subject was recorded in stand in the list too; without them it can still be typed. */
  async conditions() {
    const [list, id] = [byId("condition"), byId("subject").value];
    const recordings = ["", "new"].includes(id) ? [] : await getJson(`/api/v1/recordings?subject_id=${encodeURIComponent(id)}`);
    if (byId("subject").value !== id) return; // another was chosen meanwhile
    const kept = list.value; // as it is now: a person may be quicker than the answer
    for (const option of list.querySelectorAll("[data-own]")) option.remove();
    const known = new Set([...list.options].map((option) => option.value));
    const own = new Set(recordings.map(({ about }) => about.condition).filter((text) => text && !known.has(text)));
    for (const text of own) {
      const option = Object.assign(document.createElement("option"), { value: text, textContent: text });
      option.dataset.own = "";
      list.options[list.options.length - 1].before(option);
    }
    if ([...list.options].some((option) => option.value === kept)) list.value = kept;
  }

  shown() {
    byId("subject-new").hidden = byId("subject").value !== "new";
    byId("condition-new").hidden = byId("condition").value !== "other";
  }

  /** Throws, and shows where, if something is missing that only the person knows. */
  check() {
    const field = byId("subject-code");
    const empty = byId("subject").value === "new" && !field.value.trim();
    field.setAttribute("aria-invalid", String(empty));
    if (empty) { field.focus(); throw new Error(_("Give the new subject a code first, for example P-001.")); }
  }

  /** Does something once; what is wrong with it is said beside the buttons. */
  async act(what) {
    if (this.busy) return;
    this.busy = true;
    this.update();
    byId("control-error").textContent = "";
    try {
      const asked = wish();
      await what();
      if (asked.subject_code) await this.subjects(asked.subject_code);
    } catch (error) {
      byId("control-error").textContent = error.message;
    } finally {
      this.busy = false;
      this.update();
    }
  }

  /** Shows the buttons that can be pressed now. */
  update(status = this.status, guiding = this.guiding) {
    this.status = status;
    this.guiding = guiding;
    byId("control").hidden = !status || Boolean(guiding);
    if (!status) return;
    const { state } = status;
    const show = (id, yes) => { byId(id).hidden = !yes; byId(id).disabled = this.busy; };
    show("connect", state === "idle" || state === "failed");
    show("start", state === "ready" && !guiding);
    show("guide-open", state === "ready" && !guiding);
    show("stop", state === "recording" && !guiding);
    show("disconnect", state === "ready" && !status.virtual);
    byId("setup").disabled = state === "recording" || state === "stopping";
    byId("clock").hidden = state !== "recording";
    byId("clock").textContent = clock(status.recorded_s);
    document.body.dataset.state = state;
    const done = state === "ready" && status.recording_id && !guiding;
    byId("last").hidden = !done;
    if (done) byId("last-link").href = `/recordings/${status.recording_id}`;
  }
}
