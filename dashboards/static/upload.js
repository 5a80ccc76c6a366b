// Files on their way in: dropped or chosen, sent one by one, understood, then stored or discarded.
import { FileCard, pairs } from "./filecard.js";
import { _ } from "./words.js";

const section = document.getElementById("files");
const list = section.querySelector("ul.filelist");
const input = document.getElementById("choose-files");
const veil = document.getElementById("dropping");
const says = document.getElementById("files-say");
const same = document.getElementById("same");
const storeAll = document.getElementById("store-all");
const cards = [];
let sending = Promise.resolve();

const open = () => cards.filter((card) => card.state === "understood");

/** What stands above the list, after anything changed in it. */
function renew(text) {
  const live = cards.filter((card) => card.state !== "gone");
  section.hidden = !live.length;
  same.hidden = storeAll.hidden = open().length < 2;
  document.body.dataset.files = live.map((card) => card.state).join(" ");
  if (text) says.textContent = text;
}

/** Takes files that were dropped or chosen; they are sent one after the other. */
function take(files) {
  const subject = document.getElementById("droparea")?.dataset.subject ?? "";
  for (const file of files) {
    const card = new FileCard(file.name, { file, subject, changed: renew });
    cards.push(card);
    list.append(card.element);
    sending = sending.then(() => card.send());
  }
  sending = sending.then(join);
  renew(_("Sending {n} files.", { n: files.length }));
  section.scrollIntoView({ block: "nearest" });
}

/** Two files of a left and a right foot become one. */
async function join() {
  for (const { of, file } of await pairs(cards).catch(() => [])) { // then they stay two, which is true as well
    const both = new FileCard(file.name, { subject: of[0].subject, changed: renew });
    cards.splice(cards.indexOf(of[0]), 1, both);
    of[0].element.replaceWith(both.element);
    for (const card of of) { card.state = "gone"; card.element.remove(); }
    both.understood(file);
    renew(_("{name} are one walk.", { name: file.name }));
  }
}

input?.addEventListener("change", () => { take([...input.files]); input.value = ""; });
same.addEventListener("click", () => {
  const [first, ...others] = open();
  for (const card of others) card.take(first);
  renew(_("The others are filed like the first."));
});
storeAll.addEventListener("click", async () => {
  for (const card of open()) await card.store();
});

const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
let depth = 0;
addEventListener("dragenter", (event) => { if (hasFiles(event)) { depth += 1; veil.hidden = false; } });
addEventListener("dragleave", (event) => { if (hasFiles(event) && (depth -= 1) <= 0) { depth = 0; veil.hidden = true; } });
addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); });
addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  depth = 0;
  veil.hidden = true;
  take([...event.dataTransfer.files]);
});
document.body.dataset.upload = "ready";
