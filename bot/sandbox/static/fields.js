// Reading and filling the fields rendered by the templates in kit/.

import { changed, held, hold } from "./combobox.js";
import { richText } from "./richtext.js";

const value = (field) => field.querySelector("input, textarea, select")?.value ?? "";
const checked = (field) => [...field.querySelectorAll("input:checked")].map((box) => box.value);

export const fieldsIn = (root) => [...root.querySelectorAll(".element[data-action]")];

const combo = (field) => field.querySelector(".combo");
const words = (field) => field.querySelector(".editor-words");
const many = (field) => field.dataset.type === "checkboxes" || field.dataset.type.startsWith("multi_");
const WITHOUT = ["button", "workflow_button", "overflow", "feedback_buttons", "icon_button", "file_input"];

/** Return a field's value for the control interface; undefined if it is empty. */
export function read(field) {
  const { type } = field.dataset;
  if (WITHOUT.includes(type)) return undefined;
  if (words(field)) return richText(words(field));
  const chosen = combo(field) ? held(combo(field)).map((one) => one.value) : checked(field);
  if (many(field)) return chosen;
  if (combo(field) || type === "radio_buttons") return chosen[0];
  const text = value(field);
  if (type === "datetimepicker") return text ? epoch(text, document.body.dataset.zone) : undefined;
  return text || undefined;
}

/** Return the files chosen in a field, with their content. */
export const files = (field) => contents(field.querySelector("input").files);

/** Return files with their names and content. */
export const contents = (list) => Promise.all([...list].map(async (file) =>
  ({ name: file.name, base64: await inside(file) })));

const inside = (file) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  // In some browsers, the data URL of an empty file has no comma.
  reader.onload = () => resolve(reader.result.split(",")[1] ?? "");
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(file);
});

/** Return what a field shows, to restore it when its fragment is replaced. */
export function remember(field) {
  const { type } = field.dataset;
  if (type === "file_input") return field.querySelector("input").files;
  if (combo(field)) return held(combo(field));
  if (words(field)) return [...words(field).cloneNode(true).childNodes];
  return ["checkboxes", "radio_buttons"].includes(type) ? checked(field) : value(field);
}

/** Return whether a field has been changed since it was rendered. */
export function touched(field) {
  if (combo(field)) return changed(combo(field));
  if (words(field)) return "touched" in field.dataset;
  return [...field.querySelectorAll("input, textarea")].some((part) =>
    (["checkbox", "radio"].includes(part.type) ? part.checked !== part.defaultChecked : part.value !== part.defaultValue));
}

/** Restore a remembered value. */
export function restore(field, noted) {
  const part = field.querySelector("input, textarea");
  if (combo(field)) hold(combo(field), noted);
  else if (words(field)) {
    words(field).replaceChildren(...noted);
    field.dataset.touched = "";
  } else if (Array.isArray(noted)) {
    for (const box of field.querySelectorAll("input")) box.checked = noted.includes(box.value);
  } else if (part.type === "file") part.files = noted;
  else part.value = noted;
}

/** Update a field's character count, and whether an editor is empty. */
export function count(field) {
  const editor = words(field);
  if (editor) editor.classList.toggle("is-empty", !editor.textContent.trim() && !editor.querySelector("li, blockquote, pre, [data-rich]"));
  const said = field.querySelector(".count");
  if (!said) return;
  const part = field.querySelector("input, textarea");
  const { length } = part.value;
  const short = part.minLength - length;
  if (short > 0) said.textContent = `${length ? short : `At least ${part.minLength}`} ${length ? "more" : "characters"}`;
  // Any text may have 3000 characters, so that limit is shown only when it is near.
  else said.textContent = part.maxLength > 0 && (part.maxLength < 3000 || length > 2700) ? `${part.maxLength - length} left` : "";
}

/** Convert a local "2026-12-01T17:00" in any zone to Unix seconds. */
export function epoch(local, zone) {
  const wanted = Date.parse(`${local}Z`);
  let guess = wanted;
  // Twice, because the first guess may be on the other side of a change to or from daylight saving time.
  for (let i = 0; i < 2; i += 1) guess = wanted - (localTime(guess, zone) - guess);
  return Math.floor(guess / 1000);
}

function localTime(time, zone) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
  });
  const part = Object.fromEntries(format.formatToParts(time).map((one) => [one.type, Number(one.value)]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute);
}

/** Return the values of all input blocks by block_id; files were uploaded when they were chosen. */
export function valuesIn(root) {
  const values = {};
  for (const field of root.querySelectorAll(".block-input > .element[data-action]")) {
    if (field.dataset.type !== "file_input") values[field.dataset.block] = read(field) ?? null;
  }
  return values;
}
