// The stack of modals: submitting, closing, and errors at the fields.

import { ask, hasFieldErrors } from "./control.js";
import { allKept } from "./elements.js";
import { count, valuesIn } from "./fields.js";

const who = document.body.dataset.who;
const PARTS = ":is(input, textarea, [contenteditable]):not(.editor-link *)";

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form.view");
  if (!form) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  form.querySelector(".view-error").textContent = "";
  const view = form.closest("[data-view]").dataset.view;
  await allKept();
  const answer = await ask("submit", { user: who, view_id: view, values: valuesIn(form) });
  // A closed modal disappears soon, and must not be submitted twice.
  form.ariaBusy = String(answer.closed === true);
  if (answer.shown) form.querySelector(".view-error").textContent = answer.shown;
  if (answer.ok) showErrors(form, answer.errors ?? {});
  if (hasFieldErrors(answer)) {
    const wrong = form.querySelector(`${PARTS}[aria-invalid=true]`);
    wrong?.focus();
    // The error is below the field.
    wrong?.closest(".block").scrollIntoView({ block: "nearest" });
  }
});

function showErrors(form, errors) {
  const left = { ...errors };
  for (const block of form.querySelectorAll(".block-input")) {
    const words = errors[block.dataset.block] ?? "";
    delete left[block.dataset.block];
    block.querySelector(".error").textContent = words;
    for (const field of block.querySelectorAll(PARTS)) field.ariaInvalid = words ? "true" : null;
  }
  const rest = Object.values(left).join(" ");
  if (rest) form.querySelector(".view-error").textContent = rest;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-close]");
  const view = button?.closest("[data-view]");
  if (view) ask("close", { user: who, view_id: view.dataset.view, ...(button.dataset.close === "all" ? { all: true } : {}) });
});

let before = null; // what had the focus when the first modal opened

/** Show the top of the stack; the modals below keep what was filled in. */
export function arrange() {
  const stack = [...document.querySelectorAll("dialog[data-view]")];
  if (stack.length) before ??= document.activeElement;
  else goBack();
  for (const dialog of stack) {
    const top = dialog === stack.at(-1);
    if (!dialog.dataset.ready) prepare(dialog);
    if (!top && dialog.open) dialog.close("covered");
    if (top && !dialog.open) show(dialog);
  }
  for (const part of document.querySelectorAll(".count, .editor-words")) count(part.closest(".element"));
}

/** Return the focus to where it was, or to its replacement. */
function goBack() {
  const place = before?.isConnected ? before : document.getElementById(before?.id);
  before = null;
  if (document.activeElement === document.body) place?.focus({ preventScroll: true });
}

function show(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  if (!dialog.querySelector("[autofocus]")) dialog.querySelector(`.modal-body :is(${PARTS}, .button)`)?.focus();
}

function prepare(dialog) {
  dialog.dataset.ready = "yes";
  // A modal with submit_disabled can be submitted only once something has been filled in.
  dialog.addEventListener("input", () => { dialog.querySelector(".modal-foot [disabled]")?.removeAttribute("disabled"); });
  dialog.addEventListener("cancel", (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    ask("close", { user: who, view_id: dialog.dataset.view });
  });
  // Browsers may close a dialog without a cancel event when Escape is pressed twice.
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "covered") ask("close", { user: who, view_id: dialog.dataset.view });
  });
}
