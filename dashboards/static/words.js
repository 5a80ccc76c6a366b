// Words in the reader's language: English stands in the scripts, the page brings the rest.

const words = JSON.parse(document.getElementById("words")?.textContent || "{}");

/** `text` in the page's language, with `{name}` replaced by `values.name`. */
export function _(text, values = {}) {
  return (words[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}
