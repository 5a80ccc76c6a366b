// One file on its way in: a card that shows how far it is, then what was understood, then where it went.
import { send, sentence } from "./page.js";
import { fillCodes, subjects } from "./codes.js";
import { body, show, Unfit } from "./fields.js";
import { fact, feet, started } from "./understood.js";
import { _ } from "./words.js";

const FILES = "/api/v1/uploads";

const made = (name) => document.getElementById(`file-${name}`).content.cloneNode(true).firstElementChild;
const slot = (element, name) => element.querySelector(`[data-slot="${name}"]`);

/** Sends a file as a form does; calls `progress` with the part that has gone. */
function post(file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not tell how much has gone
    const form = new FormData();
    form.append("file", file);
    request.upload.addEventListener("progress", (e) => { if (e.lengthComputable) progress(e.loaded / e.total); });
    request.addEventListener("error", () => reject(new Error(_("The file did not reach the server. Is insole still running? Then drop it again."))));
    request.addEventListener("load", () => {
      let answer = null;
      try { answer = JSON.parse(request.responseText); } catch { /* no JSON: told by its status */ }
      if (request.status === 201) resolve(answer);
      else reject(new Error(answer?.detail ?? _("The server answered {status}.", { status: request.status })));
    });
    request.open("POST", FILES);
    request.send(form);
  });
}

/** Which of these cards are two files of one walk: each time the two, and what was understood of both together. */
export async function pairs(cards) {
  const oneFoot = cards.filter((card) => card.state === "understood" && card.feet === 1);
  if (oneFoot.length < 2) return [];
  const { pairs: found } = await send("POST", `${FILES}/pairs`, { tokens: oneFoot.map((card) => card.token) });
  return found.map(({ of, file }) => ({ of: of.map((token) => oneFoot.find((card) => card.token === token)), file }));
}

export class FileCard {
  constructor(name, { file, subject, changed }) {
    this.name = name;
    this.file = file;
    this.subject = subject;
    this.changed = changed;
    this.become("sending");
  }

  /** Another card in place of this one. */
  become(state) {
    const next = made(state);
    slot(next, "name").textContent = this.name;
    const focused = this.element?.contains(document.activeElement);
    this.element?.replaceWith(next);
    this.element = next;
    this.state = state;
    if (focused) next.querySelector("a[href], button, input")?.focus();
  }

  async send() {
    const bar = this.element.querySelector("progress");
    try {
      const answer = await post(this.file, (part) => {
        bar.value = part;
        if (part < 1) return;
        bar.removeAttribute("value");
        slot(this.element, "state").textContent = _("Reading…");
      });
      this.understood(answer.files[0]);
    } catch (error) {
      this.refused(error.message);
    }
  }

  refused(why) {
    this.become("refused");
    slot(this.element, "why").textContent = why;
    this.element.querySelector('[data-act="remove"]').addEventListener("click", () => this.remove());
    this.changed(_("{name} was not understood.", { name: this.name }));
  }

  understood(found) {
    this.become("understood");
    this.token = found.token;
    this.feet = Object.keys(found.feet).length;
    const { element } = this;
    slot(element, "format").textContent = found.format;
    slot(element, "started").append(started(found.started_at));
    slot(element, "duration").textContent = fact.duration(found.duration_s);
    const heads = [...element.querySelectorAll("thead th")].map((head) => head.textContent);
    element.querySelector("tbody").append(...feet(found.feet, heads));
    slot(element, "onefoot").hidden = this.feet > 1;
    this.warn(found.warnings);
    this.form = element.querySelector("form");
    const form = this.form;
    const values = { subject_code: found.subject_code || this.subject, visit_date: (found.started_at ?? "").slice(0, 10), condition: found.condition, task: found.task, body_mass_kg: found.body_mass_kg, note: "" };
    show(form, values);
    form.note.closest("label").remove(); // notes are added to what is stored
    form.addEventListener("submit", (event) => { event.preventDefault(); this.store(); });
    form.subject_code.addEventListener("change", () => this.mass());
    element.querySelector('[data-act="discard"]').addEventListener("click", () => this.discard());
    if (found.stored_as) this.known(found.stored_as);
    fillCodes(form);
    this.mass();
    this.changed(_("{name} was understood.", { name: this.name }));
  }

  warn(warnings) {
    const box = this.element.querySelector(".warnings");
    box.hidden = !warnings.length;
    box.querySelector("ul").append(...warnings.map((textContent) => Object.assign(document.createElement("li"), { textContent })));
  }

  known(id) {
    const said = slot(this.element, "known");
    said.hidden = false;
    said.querySelector("a").href = `/recordings/${encodeURIComponent(id)}`;
    this.form.hidden = true;
    this.state = "known";
    const drop = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: _("Remove from this list") });
    drop.addEventListener("click", () => this.discard());
    this.element.append(drop);
  }

  /** A subject's mass is that of today; it stands in until the file or a person says another. */
  async mass() {
    const { body_mass_kg: field, subject_code: code } = this.form;
    const kg = (await subjects().catch(() => new Map())).get(code.value.trim())?.body_mass_kg;
    if (!field.value && kg) field.value = kg;
  }

  /** Files this one as another is: subject, visit and mass. */
  take({ form }) {
    for (const name of ["subject_code", "visit_date", "body_mass_kg"]) this.form[name].value = form[name].value;
  }

  async store() {
    const error = this.form.querySelector(".error");
    const button = this.form.querySelector('[type="submit"]');
    error.textContent = "";
    button.disabled = true;
    try {
      const { id } = await send("POST", `${FILES}/${this.token}`, body(this.form, { all: true }));
      this.become("stored");
      this.element.querySelector("a").href = `/recordings/${encodeURIComponent(id)}`;
      this.changed(_("{name} is stored.", { name: this.name }));
    } catch (problem) {
      button.disabled = false;
      error.textContent = sentence(problem.message);
      if (problem instanceof Unfit) problem.field.focus();
    }
  }

  async discard() {
    await send("DELETE", `${FILES}/${this.token}`).catch(() => {}); // it goes by itself after a quarter of an hour
    this.remove();
  }

  remove() {
    this.element.remove();
    this.state = "gone";
    this.changed(_("{name} is off the list; nothing of it is stored.", { name: this.name }));
    document.getElementById("choose-files")?.focus();
  }
}
