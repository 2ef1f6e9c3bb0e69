// Reading and filling the fields that the templates under kit/ draw.

const value = (field) => field.querySelector("input, textarea, select")?.value ?? "";
const checked = (field) => [...field.querySelectorAll("input:checked")].map((box) => box.value);

export const fieldsIn = (root) => [...root.querySelectorAll(".element[data-action]")];

/** Give what a field holds, as the control interface wants it; undefined when it holds nothing. */
export function read(field) {
  const type = field.dataset.type;
  if (["button", "overflow", "file_input"].includes(type)) return undefined;
  if (type === "checkboxes" || type.startsWith("multi_")) return checked(field);
  if (type === "radio_buttons") return checked(field)[0];
  const text = value(field);
  if (type === "datetimepicker") return text ? epoch(text, document.body.dataset.zone) : undefined;
  return text || undefined;
}

/** Give the files that were chosen in a field, with what is in them. */
export const files = (field) => Promise.all([...field.querySelector("input").files].map(async (file) =>
  ({ name: file.name, base64: await inside(file) })));

const inside = (file) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  // An empty file has an address without a comma in some browsers.
  reader.onload = () => resolve(reader.result.split(",")[1] ?? "");
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(file);
});

/** Note what a field shows, to put it back when its surroundings are drawn anew. */
export const remember = (field) => {
  const type = field.dataset.type;
  if (type === "file_input") return field.querySelector("input").files;
  return ["checkboxes", "radio_buttons"].includes(type) || type.startsWith("multi_") ? checked(field) : value(field);
};

/** Tell whether somebody has changed a field since it was drawn. */
export function touched(field) {
  return [...field.querySelectorAll("input, textarea, option")].some((part) => {
    if (part instanceof HTMLOptionElement) return part.selected !== (part.defaultSelected || isDefault(part));
    if (["checkbox", "radio"].includes(part.type)) return part.checked !== part.defaultChecked;
    return part.value !== part.defaultValue;
  });
}

function isDefault(option) {
  const select = option.closest("select");
  return option === select.options[0] && ![...select.options].some((other) => other.defaultSelected);
}

/** Put back what was noted. */
export function restore(field, noted) {
  if (Array.isArray(noted)) {
    for (const box of field.querySelectorAll("input")) box.checked = noted.includes(box.value);
    summarise(field);
    return;
  }
  const part = field.querySelector("input, textarea, select");
  if (part?.type === "file") part.files = noted;
  else if (part) part.value = noted;
}

/** Show in a closed multiple choice what is chosen. */
export function summarise(field) {
  const summary = field.querySelector(".multi > summary");
  if (!summary) return;
  const names = [...field.querySelectorAll("input:checked")].map((box) =>
    box.closest("label").querySelector(".words").textContent.trim());
  summary.textContent = names.join(", ") || summary.dataset.empty;
}

/** Keep a multiple choice within what it allows. */
export function limit(field) {
  const most = Number(field.querySelector(".multi")?.dataset.max ?? 0);
  if (!most) return;
  const full = checked(field).length >= most;
  for (const box of field.querySelectorAll("input")) box.disabled = full && !box.checked;
}

/** Turn a local "2026-12-01T17:00" into Unix seconds, in any zone. */
export function epoch(local, zone) {
  const wanted = Date.parse(`${local}Z`);
  let guess = wanted;
  // Twice, because the zone's offset at the first guess may be that of the other side of a change.
  for (let i = 0; i < 2; i += 1) guess = wanted - (shown(guess, zone) - guess);
  return Math.floor(guess / 1000);
}

function shown(moment, zone) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
  });
  const part = Object.fromEntries(format.formatToParts(moment).map((one) => [one.type, Number(one.value)]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute);
}

/** List the values of all input blocks by block; files were handed over when they were chosen. */
export function valuesIn(root) {
  const values = {};
  for (const field of root.querySelectorAll(".block-input > .element[data-action]")) {
    if (field.dataset.type !== "file_input") values[field.dataset.block] = read(field) ?? null;
  }
  return values;
}
