// Using what the app has drawn: pressing, choosing and typing, handed to the sandbox.

import { ask, complain, sentence } from "./control.js";
import { files, limit, read, summarise } from "./fields.js";

const who = document.body.dataset.who;

function placeOf(element) {
  const view = element.closest("[data-view]");
  if (view) return { view_id: view.dataset.view };
  if (element.closest("[data-home]")) return { home: true };
  const { channel, ts } = element.closest("[data-ts]").dataset;
  return { channel, ts };
}

let kept = Promise.resolve();

/** Wait until everything that was filled in has been told. */
export const allKept = () => kept;

/** Let the sandbox know what a field holds; the app hears of it with the next press or at submitting. */
function keep(field) {
  const place = { user: who, ...placeOf(field), ...name(field) };
  if (field.dataset.type === "file_input") {
    kept = kept.then(() => files(field)).then((value) => ask("act", { ...place, value }))
      .catch(() => complain("This file could not be read."));
    return;
  }
  const value = read(field) ?? null;
  kept = kept.then(() => ask("act", { ...place, value }, { quiet: true }));
}

const name = (field) => ({ block_id: field.dataset.block, action_id: field.dataset.action });

async function act(field, value) {
  const confirm = field.querySelector("template.confirm");
  if (confirm && !(await confirmed(confirm))) return;
  field.ariaBusy = "true";
  // What was typed just before the press has to be there first.
  await kept;
  const answer = await ask("act", { user: who, ...placeOf(field), ...name(field), ...(value === undefined ? {} : { value }) });
  if (answer.failed) complain(sentence(answer.failed));
  field.ariaBusy = "false";
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
  for (const menu of document.querySelectorAll("details.menu[open], details.multi[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const button = event.target.closest(".element button");
  if (button) {
    const field = button.closest(".element");
    if (field.dataset.type === "overflow") button.closest("details").open = false;
    const value = field.dataset.type === "overflow" ? button.value : undefined;
    if (field.ariaBusy !== "true") act(field, value);
  }
});

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details.menu[open], details.multi[open]")) event.target.lastElementChild.scrollIntoView({ block: "nearest" });
}, true);

document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.(".element[data-acts]");
  const menu = event.key === "Escape" && event.target.closest?.("details[open].menu, details[open].multi");
  if (menu) {
    event.preventDefault();
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (event.key === "Enter" && field?.querySelector("input") && isText(field) && !event.isComposing) {
    event.preventDefault();
    act(field, read(field));
  }
}, true);

const isText = (field) => field.dataset.type.endsWith("_input");

document.addEventListener("change", (event) => {
  const field = event.target.closest(".element");
  if (!field) return;
  summarise(field);
  limit(field);
  // A text is told on Enter, or while it is typed; everything else when it is chosen.
  if (!("acts" in field.dataset)) keep(field);
  else if (!isText(field)) act(field, read(field) ?? null);
});

let typing;
document.addEventListener("input", (event) => {
  const field = event.target.closest(".element[data-acts]");
  if (!field || !isText(field) || !(field.dataset.on ?? "").includes("on_character_entered")) return;
  clearTimeout(typing);
  typing = setTimeout(() => act(field, read(field)), 400);
});
