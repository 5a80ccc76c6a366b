// What stands in the map's regions: the highest sensor of each, and the force on it where that is known.
import { _ } from "./words.js";

/** The largest value of a region's sensors; null where all are missing. */
function highest(share, values) {
  let top = null;
  for (let i = 0; i < share.length; i++) if (share[i] > 0 && values[i] !== null && (top === null || values[i] > top)) top = values[i];
  return top;
}

/** Force of a region in % of body weight; null where it is not known, or a sensor is missing. */
function force(share, values, newtons, weight_n) {
  if (!newtons || !weight_n) return null;
  let sum = 0;
  for (let i = 0; i < share.length; i++) {
    if (share[i] > 0 && values[i] === null) return null;
    if (share[i] > 0) sum += share[i] * values[i] * newtons[i];
  }
  return (100 * sum) / weight_n;
}

/** Texts of all regions, in the order of the figure. Peaks of sensors are not of one moment: no force is summed of them. */
export function regionTexts(about, values, view) {
  const text = [], hover = [];
  for (const [side, foot] of Object.entries(about.feet)) {
    for (const of of foot.regions) {
      const top = highest(of.share, values[side]);
      const bw = view === "peak" ? of.peak_force_pct_bw : force(of.share, values[side], foot.newton_per_value, about.weight_n);
      const value = top === null ? "–" : top.toFixed(0);
      text.push(value);
      let said = _("{region}: highest sensor {value} {unit}", { region: of.label, value, unit: about.unit });
      if (view === "peak" && of.peak_kpa !== null) said += `<br>${_("mean of the stances used {value} kPa", { value: of.peak_kpa.toFixed(0) })}`;
      if (bw !== null) said += `<br>${view === "peak" ? _("largest force of a stance {n} % of body weight", { n: bw.toFixed(0) }) : _("{n} % of body weight", { n: bw.toFixed(0) })}`;
      hover.push(said);
    }
  }
  return { text, hover };
}
