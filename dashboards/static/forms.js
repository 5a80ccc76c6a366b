// Dialogs that make and change records, and buttons that do one thing.
//
// `data-opens="ID"` opens that dialog: its form is sent to the opener's `data-address`, its fields hold the
// opener's `data-values`. `data-do="DELETE"` sends at once. Afterwards the page is loaded again, or the one of
// `data-goto`, and says `data-said`; with `data-undo` it offers to bring back what was deleted.
import { send, sentence } from "./page.js";
import { leave, say } from "./messages.js";
import { fillCodes } from "./codes.js";
import { body, show, Unfit } from "./fields.js";

function open(opener) {
  const dialog = document.getElementById(opener.dataset.opens);
  const form = dialog.querySelector("form");
  form.reset();
  if (opener.dataset.address) form.dataset.address = opener.dataset.address;
  if (opener.dataset.values) show(form, JSON.parse(opener.dataset.values));
  const text = dialog.querySelector('[data-slot="text"]');
  if (text) text.textContent = opener.dataset.text;
  form.dataset.opener = opener.id;
  form.querySelector(".error").textContent = "";
  fillCodes(form);
  dialog.showModal();
}

function next({ said, goto, focus, undo }, answer) {
  leave({ text: said, focus, undo });
  if (goto) location.assign(goto.replace("{id}", encodeURIComponent(answer?.id ?? ""))); else location.reload();
}

async function submit(form) {
  const { send: method, address, said, goto, opener } = form.dataset;
  const error = form.querySelector(".error");
  const yes = form.querySelector('[type="submit"]');
  error.textContent = "";
  try {
    const given = method === "DELETE" ? undefined : body(form, { all: method === "POST" });
    if (method === "PATCH" && !Object.keys(given).length) { form.closest("dialog").close(); return; }
    yes.disabled = true;
    next({ said, goto, focus: opener }, await send(method, address, given));
  } catch (problem) {
    yes.disabled = false;
    error.textContent = sentence(problem.message);
    if (problem instanceof Unfit) problem.field.focus();
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { opens, closes, do: method, address, said, undo, goto } = button.dataset;
  if (opens) open(button);
  if (closes !== undefined) button.closest("dialog").close();
  if (!method) return;
  button.disabled = true;
  try {
    await send(method, address);
    next({ said, goto, undo: undo === undefined ? undefined : `${address}/restore` });
  } catch (error) {
    button.disabled = false;
    say({ text: sentence(error.message) });
  }
});

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.send) return;
  event.preventDefault();
  submit(event.target);
});
