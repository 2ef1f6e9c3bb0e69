// What people do on the page, handed to the sandbox; what changes comes back through live.js.

import * as composer from "./composer.js";
import { ask, complain, hasFieldErrors, sentence } from "./control.js";
import { fieldsIn, files, limit, read, summarise, valuesIn } from "./fields.js";
import { listen } from "./live.js";
import * as permalinks from "./permalinks.js";
import * as shortcuts from "./shortcuts.js";

const who = document.body.dataset.who;

// --- using what the app has drawn ---

function placeOf(element) {
  const view = element.closest("[data-view]");
  if (view) return { view_id: view.dataset.view };
  if (element.closest("[data-home]")) return { home: true };
  const { channel, ts } = element.closest("[data-ts]").dataset;
  return { channel, ts };
}

let kept = Promise.resolve();

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

// --- modals ---

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form.view");
  if (!form) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  form.querySelector(".view-error").textContent = "";
  const view = form.closest("[data-view]").dataset.view;
  await kept;
  const answer = await ask("submit", { user: who, view_id: view, values: valuesIn(form) });
  form.ariaBusy = "false";
  if (answer.shown) form.querySelector(".view-error").textContent = answer.shown;
  if (answer.ok) showErrors(form, answer.errors ?? {});
  if (hasFieldErrors(answer)) form.querySelector(":is(input, textarea, select, summary)[aria-invalid=true]")?.focus();
});

function showErrors(form, errors) {
  const left = { ...errors };
  for (const block of form.querySelectorAll(".block-input")) {
    const words = errors[block.dataset.block] ?? "";
    delete left[block.dataset.block];
    block.querySelector(".error").textContent = words;
    for (const field of block.querySelectorAll("input, textarea, select, summary")) field.ariaInvalid = words ? "true" : null;
  }
  const rest = Object.values(left).join(" ");
  if (rest) form.querySelector(".view-error").textContent = rest;
}

document.addEventListener("click", (event) => {
  const view = event.target.closest("[data-close]")?.closest("[data-view]");
  if (view) ask("close", { user: who, view_id: view.dataset.view });
});

/** Show the top of the stack; the forms below keep what was filled in. */
function arrange() {
  const stack = [...document.querySelectorAll("dialog[data-view]")];
  for (const dialog of stack) {
    const top = dialog === stack.at(-1);
    if (!dialog.dataset.ready) prepare(dialog);
    if (!top && dialog.open) dialog.close("covered");
    if (top && !dialog.open) show(dialog);
  }
  for (const pane of document.querySelectorAll("[data-pane]")) {
    const wanted = pane.dataset.pane === "traffic" ? "inspect" : "thread";
    pane.hidden = !new URLSearchParams(location.search).get(wanted);
  }
  markUnread();
}

function show(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  if (!dialog.querySelector("[autofocus]")) dialog.querySelector(".modal-body :is(input, textarea, select, button)")?.focus();
}

function prepare(dialog) {
  dialog.dataset.ready = "yes";
  fieldsIn(dialog).forEach(limit);
  dialog.addEventListener("cancel", (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    ask("close", { user: who, view_id: dialog.dataset.view });
  });
  // A browser may close a dialog without asking when Escape is pressed twice.
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "covered") ask("close", { user: who, view_id: dialog.dataset.view });
  });
}

// --- the clock ---

const turns = [...document.querySelectorAll("[data-advance]")];
for (const button of turns) {
  button.addEventListener("click", async () => {
    if (button.ariaDisabled === "true") return;
    const busy = (on) => {
      for (const one of turns) one.ariaDisabled = String(on);
      document.querySelector(".turning").hidden = !on;
    };
    busy(true);
    await ask("clock", { advance: button.dataset.advance });
    busy(false);
  });
}

// --- getting about ---

document.getElementById("as").addEventListener("change", (event) => event.target.form.requestSubmit());

document.addEventListener("click", (event) => {
  const soft = event.target.closest("a[data-soft]");
  if (!soft || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", soft.href);
  listen(arrange);
  arrange();
  if (new URLSearchParams(soft.search).get("thread")) document.getElementById("reply").focus();
});
addEventListener("popstate", () => location.reload());

const burger = document.querySelector(".burger");
burger.addEventListener("click", () => {
  const open = document.body.classList.toggle("side-open");
  burger.ariaExpanded = String(open);
  if (open) document.getElementById("as").focus();
});
document.querySelector(".main").addEventListener("click", (event) => {
  if (event.target.closest(".burger") || !document.body.classList.contains("side-open")) return;
  document.body.classList.remove("side-open");
  burger.ariaExpanded = "false";
});

/** Mark the conversations that have something newer than what this person has seen. */
function markUnread() {
  const lines = [...document.querySelectorAll("a.line")];
  const { team } = document.body.dataset;
  const now = lines.map((line) => line.dataset.latest).sort().at(-1) ?? "";
  const start = localStorage.getItem(`start ${team}`) ?? (localStorage.setItem(`start ${team}`, now), now);
  for (const line of lines) {
    const key = `read ${team} ${who} ${line.id}`;
    const here = line.getAttribute("aria-current") === "page";
    const { latest } = line.dataset;
    if (here) localStorage.setItem(key, latest);
    line.querySelector(".unread").hidden = here || latest <= (localStorage.getItem(key) ?? start);
  }
}

if (document.body.dataset.tab === "home") ask("home", { user: who });
for (const stage of document.querySelectorAll("[data-sticky]")) stage.scrollTop = stage.scrollHeight;
composer.start();
shortcuts.start(who);
arrange();
permalinks.start(who);
listen(arrange);
