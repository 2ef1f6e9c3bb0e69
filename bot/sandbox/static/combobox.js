// Menus with type-ahead: one choice, or several as chips. Rendered by kit/combo.html.

import { loadOptions, prefetch } from "./options.js";
import { putBeside } from "./popup.js";

let at = null; // the active option
let input = null; // the field of the open menu
let asked = 0; // number of requests for options
let ready = 0; // the latest request that has been answered
let hasty = false; // whether Enter was pressed before the options arrived

const comboOf = (element) => element.closest(".combo");
const pop = (combo) => combo.querySelector(".combo-pop");
const list = (combo) => combo.querySelector(".combo-list");
const many = (combo) => combo.classList.contains("combo-many");
const shown = (combo) => [...list(combo).querySelectorAll('[role="option"]:not([hidden])')];
const fold = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Return the choices, as `{ value, label }`. */
export function held(combo) {
  const parts = many(combo) ? [...combo.querySelectorAll(".chip")] : [combo.querySelector("[role=combobox]")];
  return parts.map((part) => ({ value: part.dataset.value, label: part.dataset.label })).filter((one) => one.value);
}

/** Replace the choices. */
export function hold(combo, choices) {
  const field = combo.querySelector("[role=combobox]");
  if (many(combo)) {
    combo.querySelector(".chips").replaceChildren(...choices.map(chip));
  } else {
    field.dataset.value = choices[0]?.value ?? "";
    field.dataset.label = choices[0]?.label ?? "";
    field.value = field.dataset.label;
    if (document.activeElement === field) field.select();
  }
  mark(combo);
}

/** Return whether the choices differ from the rendered ones. */
export const changed = (combo) => JSON.stringify(held(combo).map((one) => one.value)) !== JSON.stringify(JSON.parse(combo.dataset.first));

function chip({ value, label }) {
  const item = document.createElement("li");
  item.className = "chip";
  Object.assign(item.dataset, { value, label });
  item.appendChild(document.createElement("span")).textContent = label;
  const button = item.appendChild(document.createElement("button"));
  button.type = "button";
  button.ariaLabel = `Remove ${label}`;
  button.textContent = "✕";
  return item;
}

/** Mark the options that are chosen, and those that can be. */
function mark(combo) {
  const values = new Set(held(combo).map((one) => one.value));
  const full = values.size >= Number(combo.dataset.max ?? Infinity);
  for (const option of list(combo).querySelectorAll('[role="option"]')) {
    const on = values.has(option.dataset.value);
    option.ariaSelected = String(on);
    option.ariaDisabled = full && !on ? "true" : null;
  }
  if (full && input && comboOf(input) === combo) note(`You can choose up to ${combo.dataset.max}.`);
}

const note = (words) => { pop(comboOf(input)).querySelector(".combo-note").textContent = words; };

function tell(combo) {
  combo.closest(".element").dispatchEvent(new Event("change", { bubbles: true }));
}

async function open(field) {
  if (input === field) return;
  close();
  input = field;
  pop(comboOf(field)).showPopover();
  field.ariaExpanded = "true";
  place();
  await load();
}

/** Close the open menu, and discard what was typed without choosing. */
function close() {
  if (!input) return;
  const combo = comboOf(input);
  point(null);
  input.ariaExpanded = "false";
  input.value = many(combo) ? "" : input.dataset.label;
  if (pop(combo).matches(":popover-open")) pop(combo).hidePopover();
  input = null;
}

const typed = () => (input.value === input.dataset.label && !many(comboOf(input)) ? "" : input.value.trim());

async function load() {
  const combo = comboOf(input);
  const field = input;
  const mine = ++asked;
  hasty = false;
  note("");
  if (combo.dataset.source !== "here") {
    // Meanwhile, the text may change or the menu may close.
    const still = () => mine === asked && input === field;
    const found = await loadOptions(combo, field, typed(), { note, still });
    if (!found || !still()) return;
    list(combo).replaceChildren(...found);
  }
  ready = mine;
  filter();
  if (hasty) take(at);
}

function filter() {
  const combo = comboOf(input);
  const wanted = fold(typed());
  const here = combo.dataset.source !== "app";
  for (const option of list(combo).querySelectorAll('[role="option"]')) {
    option.hidden = here && !fold(`${option.dataset.label} ${option.dataset.also ?? ""}`).includes(wanted);
  }
  for (const group of list(combo).querySelectorAll('[role="group"]')) group.hidden = !group.querySelector('[role="option"]:not([hidden])');
  mark(combo);
  const options = shown(combo);
  const said = pop(combo).querySelector(".combo-note");
  if (!options.length && !said.textContent) note("No matches.");
  point(wanted ? options[0] : options.find((one) => one.ariaSelected === "true" && !many(combo)) ?? null);
  place();
}

function point(option) {
  at?.classList.remove("at");
  at = option ?? null;
  at?.classList.add("at");
  if (at) input.setAttribute("aria-activedescendant", at.id);
  else input?.removeAttribute("aria-activedescendant");
  at?.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const options = shown(comboOf(input));
  if (!options.length) return;
  const from = options.indexOf(at);
  point(options[from < 0 ? (step > 0 ? 0 : options.length - 1) : (from + step + options.length) % options.length]);
}

function take(option) {
  if (!option || option.ariaDisabled === "true") return;
  const combo = comboOf(option);
  const one = { value: option.dataset.value, label: option.dataset.label };
  if (many(combo)) {
    const before = held(combo);
    const without = before.filter((other) => other.value !== one.value);
    hold(combo, without.length < before.length ? without : [...before, one]);
    input.value = "";
    load();
  } else {
    hold(combo, [one]);
    close();
  }
  tell(combo);
}

function place() {
  if (!input) return;
  const combo = comboOf(input);
  putBeside(combo.querySelector(".combo-field"), pop(combo), list(combo));
}

/** Reopen the menu if its fragment was replaced. */
export function revive() {
  if (!input || input.isConnected) return;
  const { id, value } = input;
  const same = document.getElementById(id);
  input = null;
  at = null;
  if (!same) return;
  same.value = value;
  same.focus({ preventScroll: true });
  open(same);
}

function key(event) {
  const combo = comboOf(event.target);
  const isOpen = input === event.target;
  if (event.isComposing) return false;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (isOpen) move(event.key === "ArrowDown" ? 1 : -1);
    else open(event.target);
  } else if (event.key === "Enter") {
    if (!isOpen) open(event.target);
    else if (ready === asked) take(at);
    else hasty = true;
  } else if (event.key === "Escape" && isOpen) close();
  else if (event.key === "Backspace" && many(combo) && !event.target.value && held(combo).length) {
    hold(combo, held(combo).slice(0, -1));
    tell(combo);
  } else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[role=combobox]") || !comboOf(event.target) || !key(event)) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("input", (event) => {
  if (!event.target.matches("[role=combobox]") || !comboOf(event.target)) return;
  if (input === event.target) load();
  else open(event.target);
});

// The field keeps the focus while an option is clicked.
document.addEventListener("mousedown", (event) => {
  if (event.target.closest(".combo-pop")) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const combo = event.target.closest(".combo");
  if (!combo) return;
  const field = combo.querySelector("[role=combobox]");
  const button = event.target.closest(".chip button, .combo-clear");
  if (button) {
    const gone = button.closest(".chip")?.dataset.value;
    hold(combo, held(combo).filter((one) => gone && one.value !== gone));
    tell(combo);
    field.focus();
  } else if (event.target.closest('[role="option"]')) take(event.target.closest('[role="option"]'));
  else if (event.target.closest(".combo-field")) {
    field.focus();
    if (input !== field) field.select();
    open(field);
  }
});

// Typing replaces the choice.
document.addEventListener("focusin", (event) => {
  if (!event.target.matches("[role=combobox]") || !comboOf(event.target)) return;
  event.target.select();
  prefetch(comboOf(event.target));
});

document.addEventListener("focusout", (event) => {
  // A replaced fragment loses the focus too; then the menu is reopened.
  if (input && event.target === input) setTimeout(() => { if (input?.isConnected && document.activeElement !== input) close(); });
});

addEventListener("resize", place);
window.visualViewport.addEventListener("resize", place);
document.addEventListener("scroll", (event) => { if (!event.target.closest?.(".combo-pop")) place(); }, true);
