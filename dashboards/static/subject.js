// A subject's page: it is there at once; what has to be measured first comes when it is measured.
import { localTimes } from "./page.js";
import { _ } from "./words.js";
import "./forms.js";

const article = document.querySelector("[data-subject]");
const base = `/subjects/${encodeURIComponent(article.dataset.subject)}/measured`;
const trend = () => document.querySelector('[data-part="trend"]');

async function measure(query = "") {
  document.body.dataset.measured = "";
  try {
    const answer = await fetch(`${base}${query && `?${query}`}`);
    if (!answer.ok) throw new Error(_("The recordings could not be measured; load the page again."));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    localTimes(page);
    for (const fresh of page.querySelectorAll("[data-part]")) {
      document.querySelector(`[data-part="${CSS.escape(fresh.dataset.part)}"]`)?.replaceWith(document.adoptNode(fresh));
    }
    document.getElementById("trend-of")?.addEventListener("change", async (event) => {
      await measure(event.target.value);
      document.getElementById("trend-of")?.focus();
    });
    document.body.dataset.measured = "ready";
  } catch (error) {
    trend().removeAttribute("aria-busy");
    trend().querySelector(".wait")?.replaceWith(Object.assign(document.createElement("p"), { className: "error", textContent: error.message }));
    document.body.dataset.measured = "failed";
  }
}

if (trend()) await measure();
