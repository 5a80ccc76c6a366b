// The guided test: which task, what to say to the person, how far they are, what came of it.
import { _ } from "./words.js";
import { post, wish } from "./livecontrol.js";

const byId = (id) => document.getElementById(id);
function put(element, text) { if (element.textContent !== text) element.textContent = text; }

export class Guide {
  constructor(control) {
    this.control = control;
    this.left = null; // a recording whose end was seen and put away
    const on = (id, what) => byId(id).addEventListener("click", () => control.act(what));
    byId("guide-open").addEventListener("click", () => { byId("guide-choice").hidden = false; byId("protocol").focus(); });
    byId("guide-cancel").addEventListener("click", () => { byId("guide-choice").hidden = true; byId("guide-open").focus(); });
    on("guide-begin", async () => {
      control.check();
      await post("guide", { ...wish(), protocol: byId("protocol").value });
      byId("guide-choice").hidden = true;
    });
    on("task-begin", () => post("guide/task"));
    on("task-again", () => post("guide/task"));
    on("task-end", () => post("guide/end"));
    on("task-next", () => post("guide/next"));
    on("guide-finish", () => post("guide/finish"));
    byId("guide-close").addEventListener("click", () => { this.left = this.id; byId("guide").hidden = true; });
  }

  /** Whether a test runs, or its result is to be seen. */
  running(guide) { return Boolean(guide) && !guide.sealed; }

  show(guide) {
    const seen = guide && guide.recording_id !== this.left;
    byId("guide").hidden = !seen;
    if (!seen) return;
    this.id = guide.recording_id;
    const { phase, progress, sealed } = guide;
    document.body.dataset.guide = sealed ? "sealed" : phase;
    put(byId("guide-title"), guide.title);
    this.list(guide);
    byId("guide-task").hidden = sealed;
    byId("guide-done").hidden = !sealed;
    if (sealed) {
      const missing = guide.tasks.filter((task) => !task.passed).length;
      put(byId("guide-result"), missing ? _("The test is over. {n} of its tasks did not get what they need.", { n: missing }) : _("The test is over, and got what it needs."));
      byId("guide-link").href = `/recordings/${guide.recording_id}`;
      return;
    }
    put(byId("task-title"), guide.tasks[guide.at].asked);
    put(byId("task-how"), guide.how);
    put(byId("task-says"), progress?.says ?? "");
    byId("task-part").value = progress?.part ?? 0;
    put(byId("task-trouble"), progress?.trouble ?? "");
    put(byId("task-outcome"), progress?.outcome ?? "");
    byId("task-outcome").dataset.passed = String(progress?.passed ?? "");
    this.buttons(guide);
  }

  buttons({ phase, progress, at: number, tasks }) {
    const show = (id, yes) => { byId(id).hidden = !yes; byId(id).disabled = this.control.busy; };
    show("task-begin", phase === "ready");
    show("task-end", phase === "running");
    show("task-again", phase === "ended");
    show("task-next", phase === "ended");
    show("guide-finish", phase === "ready");
    const last = number === tasks.length - 1;
    put(byId("task-next"), last ? _("Finish") : progress?.passed ? _("Next task") : _("Go on without"));
    byId("task-again").classList.toggle("quiet", Boolean(progress?.passed));
    byId("task-next").classList.toggle("quiet", !progress?.passed);
    if (phase !== this.phase && !this.control.busy) { // the button that is next gets the focus of the one that went
      const at = document.activeElement;
      const free = at === document.body || at.offsetParent === null || byId("guide").contains(at);
      if (free) byId({ ready: "task-begin", running: "task-end", ended: progress?.passed ? "task-next" : "task-again" }[phase])?.focus();
      this.phase = phase;
    }
  }

  list({ tasks, at, sealed }) {
    const list = byId("tasks");
    const key = JSON.stringify([tasks, at, sealed]);
    if (key === this.key) return;
    this.key = key;
    list.replaceChildren(...tasks.map((task, number) => {
      const li = document.createElement("li");
      if (number === at && !sealed) li.setAttribute("aria-current", "step");
      if (task.passed !== null) li.dataset.passed = String(task.passed);
      li.append(Object.assign(document.createElement("span"), { textContent: task.asked }));
      li.append(Object.assign(document.createElement("span"), { className: "muted", textContent: task.outcome || _("Not done yet") }));
      return li;
    }));
  }
}
