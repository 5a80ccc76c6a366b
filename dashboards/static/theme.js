// The chosen theme, set before the first paint; kept on this computer only.
(() => {
  const KEY = "insole.theme";
  const ORDER = ["auto", "light", "dark"];
  const root = document.documentElement;
  const stored = () => {
    try { return ORDER.includes(localStorage.getItem(KEY)) ? localStorage.getItem(KEY) : "auto"; } catch { return "auto"; }
  };
  const apply = (choice) => {
    if (choice === "auto") delete root.dataset.theme; else root.dataset.theme = choice;
  };
  apply(stored());

  const wanted = window.matchMedia("(prefers-color-scheme: dark)");
  const changed = () => document.dispatchEvent(new CustomEvent("insole:theme"));
  wanted.addEventListener("change", changed);

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    let choice = stored();
    const show = () => {
      button.querySelector("span").textContent = button.dataset[choice];
      button.dataset.choice = choice;
      button.hidden = false;
    };
    show();
    button.addEventListener("click", () => {
      choice = ORDER[(ORDER.indexOf(choice) + 1) % ORDER.length];
      try { localStorage.setItem(KEY, choice); } catch { /* private window: the choice lasts for this page */ }
      apply(choice);
      show();
      changed();
    });
  });
})();
