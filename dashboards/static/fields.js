// Fields of a record's form: what they hold, as the service takes it.
import { _ } from "./words.js";

/** What a field holds cannot be sent; `field` is which. */
export class Unfit extends Error {
  constructor(field, text) {
    super(text);
    this.field = field;
  }
}

const fieldsOf = (form) => [...form.querySelectorAll("[name]")];

/** Puts values into a form, by name; null is an empty field. What they are now is what they were. */
export function show(form, values) {
  for (const field of fieldsOf(form)) {
    if (!(field.name in values)) continue;
    field.value = field.defaultValue = values[field.name] ?? "";
  }
}

function valueOf(field) {
  const text = field.value.trim();
  if (field.dataset.kind === "day") return text || null;
  if (field.dataset.kind !== "number") return field.value;
  if (!text) return null;
  const number = Number(text.replace(",", ".")); // people write 72,5 too
  if (Number.isFinite(number)) return number;
  throw new Unfit(field, _("“{text}” is no number; give one, for example 72.5.", { text }));
}

const isChanged = (field) => field.value !== field.defaultValue;

/** The form as JSON: all fields, or those that were changed; fields of a `data-group` go together. */
export function body(form, { all }) {
  const fields = fieldsOf(form);
  for (const field of fields) field.removeAttribute("aria-invalid");
  const groups = new Set(fields.filter((f) => f.dataset.group && isChanged(f)).map((f) => f.dataset.group));
  const given = {};
  for (const field of fields) {
    if (!all && !isChanged(field) && !groups.has(field.dataset.group)) continue;
    try {
      given[field.name] = valueOf(field);
    } catch (error) {
      field.setAttribute("aria-invalid", "true");
      throw error;
    }
    if (field.required && !field.value.trim()) {
      field.setAttribute("aria-invalid", "true");
      throw new Unfit(field, _("Give a code: a pseudonym, for example P-001."));
    }
  }
  if ("visit_date" in given && !(given.subject_code ?? "").trim()) delete given.visit_date; // a visit is a subject's
  return given;
}
