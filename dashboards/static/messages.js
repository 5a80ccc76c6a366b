// Messages at the foot of the page, with a way to undo; one may be left for the page that comes next.
import { send, sentence } from "./page.js";
import { _ } from "./words.js";

const KEY = "insole.message";
const place = document.getElementById("messages");

function button(text, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: text });
  made.addEventListener("click", act);
  return made;
}

/** Shows a message until it is closed. `undo` is the address that undoes what it tells of, `back` where that leads. */
export function say({ text, undo, back }) {
  const message = Object.assign(document.createElement("div"), { className: "message" });
  message.append(Object.assign(document.createElement("p"), { textContent: text }));
  if (undo) {
    message.append(button(_("Undo"), async () => {
      try {
        await send("POST", undo);
        leave({ text: _("Brought back.") });
        if (back) location.assign(back); else location.reload();
      } catch (error) {
        message.replaceWith(say({ text: sentence(error.message) }));
      }
    }));
  }
  message.append(button(_("Close"), () => message.remove()));
  place.replaceChildren(message);
  return message;
}

/** Leaves a message for the page that comes next; `focus` is the id of what has the focus there. */
export function leave(message) {
  try { sessionStorage.setItem(KEY, JSON.stringify(message)); } catch { /* private window: no message then */ }
}

function shown() {
  try {
    const left = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return left && JSON.parse(left);
  } catch { return null; }
}

const left = shown();
if (left) {
  say(left);
  document.getElementById(left.focus ?? "")?.focus();
}
