// A recording's page: draws the figures, then wires map, force, marks and deleting to each other.
import { getJson } from "./page.js";
import { base, drawAll, place } from "./figures.js";
import { MapView } from "./mapview.js";
import { ForceView } from "./forceview.js";
import { Player } from "./player.js";
import { Marks } from "./marks.js";
import { leave } from "./messages.js";
import "./forms.js";

const dialog = document.getElementById("confirm");
const deletes = document.getElementById("delete");
deletes.addEventListener("click", () => dialog.showModal());
dialog.querySelector('[value="yes"]').addEventListener("click", async (event) => {
  event.preventDefault();
  try {
    await getJson(base, { method: "DELETE" });
    leave({ text: deletes.dataset.said, undo: `${base}/restore`, back: location.pathname });
    location.assign(deletes.dataset.goto);
  } catch (error) {
    dialog.querySelector(".error").textContent = error.message;
  }
});

/** Everything that is drawn, once more: after a change of theme or of marks. */
async function redraw(map, force) {
  document.body.dataset.figures = "";
  await drawAll();
  await Promise.all([map?.renew(), force?.renew()]);
}

async function begin() {
  await drawAll();
  const drawn = (name) => place(name)?.dataset.state === "drawn";
  if (!drawn("pressure_map") || !drawn("force")) return;
  const force = new ForceView(place("force"));
  const map = new MapView(place("pressure_map"));
  await map.begin();
  const player = new Player(map, (time) => force.point(time));
  force.onPoint = (time) => player.show(time);
  force.onPick = (time) => player.pick(time);
  document.addEventListener("insole:theme", () => redraw(map, force));
  await new Marks(force, () => redraw(map, force)).begin();
}

await begin();
