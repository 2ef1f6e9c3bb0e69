// Using the app's elements: pressing, choosing and typing.

import "./combobox.js";
import { ask, notify, sentence } from "./control.js";
import "./editor.js";
import { count, files, read, remember, restore } from "./fields.js";
import { elementIds, containerOf } from "./container.js";

const who = document.body.dataset.who;

let kept = Promise.resolve();

/** Wait until everything that was filled in has been stored. */
export const allKept = () => kept;

/** Store a field's value in the sandbox; the app receives it with the next press or when the form is submitted. */
function keep(field) {
  const place = { user: who, ...containerOf(field), ...elementIds(field) };
  if (field.dataset.type === "file_input") {
    field.querySelector(".kept-files")?.remove();
    kept = kept.then(() => files(field)).then((value) => ask("act", { ...place, value }))
      .catch(() => notify("This file could not be read."));
    return;
  }
  const value = read(field) ?? null;
  kept = kept.then(() => ask("act", { ...place, value }, { quiet: true }));
}

async function act(field, value, button = field.querySelector("[data-press]")) {
  const confirm = field.querySelector("template.confirm");
  const was = before.get(field);
  if (confirm && !(await confirmed(confirm))) {
    if (was !== undefined) restore(field, was);
    return;
  }
  if (was !== undefined) before.set(field, remember(field));
  field.ariaBusy = "true";
  button?.classList.add("waiting");
  rowOf(field).querySelector(".unanswered")?.remove();
  // What was typed just before the press must be stored first.
  await kept;
  const answer = await ask("act", { user: who, ...containerOf(field), ...elementIds(field), ...(value === undefined ? {} : { value }) });
  if (answer.failed) unanswered(field, sentence(answer.failed));
  field.ariaBusy = "false";
  button?.classList.remove("waiting");
}

const before = new WeakMap(); // values of fields when they got the focus, to be restored if the confirmation is declined

document.addEventListener("focusin", (event) => {
  const field = event.target.closest?.(".element[data-acts]");
  if (field?.querySelector("template.confirm") && !field.querySelector("[data-press]")) before.set(field, remember(field));
});

const rowOf = (field) => field.closest(".block-actions, .block-context-actions, .kit-card-actions") ?? field;

/** Show an error beside what was pressed, or as a notice if that is gone. */
function unanswered(field, words) {
  if (!field.isConnected) {
    notify(words);
    return;
  }
  const said = document.createElement("p");
  said.className = "unanswered";
  said.role = "alert";
  rowOf(field).append(said);
  said.textContent = words;
}

function confirmed(template) {
  const dialog = document.getElementById("confirm");
  dialog.replaceChildren(template.content.cloneNode(true));
  dialog.returnValue = "";
  dialog.showModal();
  dialog.querySelector("button:last-of-type").focus();
  return new Promise((resolve) => {
    dialog.onclick = (event) => event.target.value && dialog.close(event.target.value);
    dialog.onclose = () => resolve(dialog.returnValue === "confirm");
  });
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const button = event.target.closest(".element [data-press]");
  if (button) {
    const field = button.closest(".element");
    const menu = button.closest("details.menu");
    if (menu) menu.open = false;
    const value = button.dataset.press || undefined;
    if (field.ariaBusy !== "true") act(field, value, menu?.querySelector("summary") ?? button);
  }
});

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details.menu[open]")) event.target.lastElementChild.scrollIntoView({ block: "nearest" });
}, true);

document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.(".element[data-acts]");
  const menu = event.key === "Escape" && event.target.closest?.("details[open].menu");
  if (menu) {
    event.preventDefault();
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (["ArrowDown", "ArrowUp"].includes(event.key) && event.target.closest?.("details.menu")) {
    event.preventDefault();
    along(event.target.closest("details.menu"), event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && field?.querySelector("input") && isText(field) && !event.isComposing) {
    event.preventDefault();
    act(field, read(field));
  }
}, true);

/** Open a menu, and move the focus along its items. */
function along(menu, step) {
  menu.open = true;
  const items = [...menu.lastElementChild.children];
  const from = items.indexOf(document.activeElement);
  items.at(from < 0 ? (step > 0 ? 0 : -1) : (from + step) % items.length).focus();
}

const isText = (field) => field.dataset.type.endsWith("_input") && !["rich_text_input", "file_input"].includes(field.dataset.type);

/** Send a field's value to the app, or only store it in the sandbox. */
function sendOrStore(field) {
  // Texts are sent on Enter or while typing; everything else when it is chosen.
  if (!("acts" in field.dataset) || field.dataset.type === "file_input") keep(field);
  else if (!isText(field)) act(field, read(field) ?? null);
}

let typing;
document.addEventListener("change", (event) => {
  const field = event.target.closest(".element");
  // Search terms and link addresses are not the field's value.
  if (!field || event.target.matches("[role=combobox], .editor-link input")) return;
  clearTimeout(typing);
  // Typing a year passes through the years 2, 20 and 202.
  if ("acts" in field.dataset && field.dataset.type.endsWith("picker")) typing = setTimeout(() => sendOrStore(field), 800);
  else sendOrStore(field);
});

document.addEventListener("input", (event) => {
  const field = event.target.closest(".element");
  if (!field || event.target.matches("[role=combobox], .editor-link input")) return;
  count(field);
  if (event.target.matches(".editor-words")) field.dataset.touched = "";
  const each = "acts" in field.dataset && (field.dataset.on ?? "").includes("on_character_entered");
  if (!each || (!isText(field) && field.dataset.type !== "rich_text_input")) return;
  clearTimeout(typing);
  typing = setTimeout(() => act(field, read(field) ?? null), 400);
});

// A contenteditable element has no change event.
document.addEventListener("focusout", (event) => {
  const field = event.target.matches?.(".editor-words") && event.target.closest(".element");
  if (!field || !("touched" in field.dataset) || field.contains(event.relatedTarget)) return;
  const holds = JSON.stringify(read(field) ?? null);
  if (holds === field.dataset.sent) return;
  field.dataset.sent = holds;
  sendOrStore(field);
});
