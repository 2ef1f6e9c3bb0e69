// Options of menus that are not part of the page: people, channels, and what the app provides.

import { ask, sentence } from "./control.js";
import { containerOf } from "./container.js";

const { who } = document.body.dataset;

/** Return the options for what is typed; null when something else has been typed since. `note` shows why there are none. */
export async function loadOptions(combo, field, typed, { note, still }) {
  const { source } = combo.dataset;
  if (source === "people") return rows(field, (await get("people")).filter((one) => !one.deleted).map(person));
  if (source === "app") return fromApp(combo, field, typed, { note, still });
  return rows(field, rooms(combo, await get("channels"), await get("people")));
}

const known = new Map();

/** Fetch people or channels, and cache them for some seconds. */
function get(what) {
  const { since, answer } = known.get(what) ?? { since: -Infinity };
  if (performance.now() - since < 5000) return answer;
  const fresh = fetch(`/sandbox/${what}`).then((response) => response.json()).then((answer) => answer[what]);
  known.set(what, { since: performance.now(), answer: fresh });
  return fresh;
}

/** Fetch ahead when a menu gets the focus, so that people who type fast and press Enter need not wait. */
export function prefetch({ dataset: { source } }) {
  if (["people", "channels", "conversations"].includes(source)) get("people");
  if (["channels", "conversations"].includes(source)) get("channels");
}

const person = (one) => ({ value: one.id, label: one.real_name || one.name, also: one.name, face: one.id });

/** List the conversations that the person sees and the menu accepts. */
function rooms(combo, channels, people) {
  const me = people.find((one) => one.name === who);
  const filter = JSON.parse(combo.dataset.filter ?? '{"include": ["public"]}');
  const wanted = filter.include ?? ["public", "private", "im"];
  const found = channels.filter((one) => wanted.includes(one.is_private ? "private" : "public"))
    .filter((one) => one.members.includes(me.id) || !(one.is_private || me.external))
    .map((one) => ({ value: one.id, label: `#${one.name}` }));
  if (wanted.includes("im") && !filter.exclude_bot_users) found.push({ value: `@${who}`, label: combo.dataset.app, face: "app" });
  return found;
}

async function fromApp(combo, field, typed, { note, still }) {
  const least = Number(combo.dataset.least);
  if (typed.length < least) {
    note(`Type ${least === 1 ? "a character" : `at least ${least} characters`}.`);
    return [];
  }
  note("Searching…");
  // Fast typing makes one request.
  await new Promise((resolve) => { setTimeout(resolve, 200); });
  if (!still()) return null;
  const { block, action } = field.closest(".element").dataset;
  const answer = await ask("options", { user: who, ...containerOf(field), block_id: block, action_id: action, value: typed }, { quiet: true });
  if (!still()) return null;
  note(answer.failed || !answer.ok ? sentence(answer.failed ?? answer.error) : "");
  const option = (one) => ({ value: one.value, label: one.text.text, small: one.description?.text });
  if (!answer.option_groups) return rows(field, (answer.options ?? []).map(option));
  return answer.option_groups.map((one, index) => group(field, index, one.label.text, one.options.map(option)));
}

const rows = (field, options, start = "o") => options.map((one, index) => row(`${field.id}-${start}-${index}`, one));

function row(id, { value, label, also, small, face }) {
  const option = document.createElement("div");
  option.id = id;
  option.role = "option";
  option.ariaSelected = "false";
  Object.assign(option.dataset, { value, label, also: also ?? "" });
  if (face) option.append(portrait(face, label));
  const words = option.appendChild(document.createElement("span"));
  words.textContent = label;
  if (small) words.appendChild(document.createElement("small")).textContent = small;
  return option;
}

function portrait(key, name) {
  const face = document.createElement("span");
  face.className = key === "app" ? "face avatar-app" : `face tint-${[...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 8}`;
  face.ariaHidden = "true";
  const initials = name.split(/\s+/).map((word) => word[0]).filter((letter) => /[\p{L}\p{N}]/u.test(letter ?? ""));
  face.textContent = key === "app" ? "◆" : initials.join("").slice(0, 2).toUpperCase();
  return face;
}

function group(field, index, label, options) {
  const box = document.createElement("div");
  box.role = "group";
  const head = box.appendChild(document.createElement("div"));
  head.className = "combo-group";
  head.id = `${field.id}-group-${index}`;
  head.role = "presentation";
  head.textContent = label;
  box.setAttribute("aria-labelledby", head.id);
  box.append(...rows(field, options, `o${index}`));
  return box;
}
