// The stream of changes: fragments of the page are replaced only when they look different.

import { revive } from "./combobox.js";
import { fieldsIn, remember, restore, touched } from "./fields.js";
import { forget, afterPress } from "./press.js";

let source;

/** Listen to changes at the current address; `after` runs when fragments have been replaced. */
export function listen(after) {
  source?.close();
  forget();
  source = new EventSource(`/page/stream${location.search}`);
  source.onmessage = (event) => afterPress(() => take(JSON.parse(event.data), after));
  source.onopen = () => document.body.classList.remove("offline");
  source.onerror = () => document.body.classList.add("offline");
}

function take(changes, after) {
  const focus = noteFocus();
  for (const [name, change] of Object.entries(changes)) swap(name, change);
  after();
  restoreFocus(focus);
  revive();
}

function swap(name, change) {
  for (const container of document.querySelectorAll(`[data-part="${name}"]`)) fill(container, change);
}

function fill(container, { order, fresh }) {
  const stick = "sticky" in container.dataset && atBottom(container);
  const fragments = new Map([...container.children].map((fragment) => [fragment.dataset.key, fragment]));
  for (const [key, html] of Object.entries(fresh)) replace(fragments, key, parse(html));
  const wanted = new Set(order);
  for (const fragment of [...container.children]) {
    if (!wanted.has(fragment.dataset.key)) fragment.remove();
  }
  let next = container.firstElementChild;
  for (const fragment of order.map((key) => fragments.get(key)).filter(Boolean)) {
    // A fragment in its place is not moved: a moved dialog would close, a moved field would lose the focus.
    if (fragment === next) next = next.nextElementSibling;
    else container.insertBefore(fragment, next);
  }
  if (stick) container.scrollTop = container.scrollHeight;
}

function replace(fragments, key, made) {
  const old = fragments.get(key);
  if (old?.dataset.hash === made.dataset.hash) return;
  if (old) {
    carry(old, made);
    old.replaceWith(made);
  }
  fragments.set(key, made);
}

function noteFocus() {
  const element = document.activeElement;
  if (!element?.id || !element.closest("[data-part]")) return null;
  return { element, id: element.id, from: element.selectionStart, to: element.selectionEnd, caret: caret(element) };
}

function restoreFocus(noted) {
  if (!noted || noted.element.isConnected) return;
  const element = document.getElementById(noted.id);
  element?.focus({ preventScroll: true });
  if (typeof noted.from === "number" && element?.setSelectionRange) element.setSelectionRange(noted.from, noted.to);
  if (element?.isContentEditable) putCaret(element, noted.caret);
}

/** Return the number of characters before the caret in an editor. */
function caret(element) {
  if (!element.isContentEditable || !getSelection().rangeCount) return 0;
  const range = getSelection().getRangeAt(0).cloneRange();
  range.setStart(element, 0);
  return range.toString().length;
}

function putCaret(element, letters) {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let left = letters;
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    if (left <= text.length) {
      getSelection().collapse(text, left);
      return;
    }
    left -= text.length;
  }
}

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}

/** Carry what was filled in or unfolded over to the new fragment. */
function carry(before, after) {
  const fields = new Map(fieldsIn(after).map((field) => [`${field.dataset.block}\n${field.dataset.action}`, field]));
  for (const field of fieldsIn(before)) {
    const same = fields.get(`${field.dataset.block}\n${field.dataset.action}`);
    if (same?.dataset.type === field.dataset.type && touched(field)) restore(same, remember(field));
  }
  for (const folded of before.querySelectorAll("details:not(.menu)")) {
    const id = folded.id || folded.querySelector("summary")?.id;
    const same = id && after.querySelector(`#${CSS.escape(id)}`)?.closest("details");
    if (same) same.open = folded.open;
  }
  const body = before.querySelector(".modal-body");
  if (body?.scrollTop) requestAnimationFrame(() => { after.querySelector(".modal-body").scrollTop = body.scrollTop; });
}

export const atBottom = (element) => element.scrollHeight - element.scrollTop - element.clientHeight < 40;
