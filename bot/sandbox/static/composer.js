// Where people type: sending, slash commands with their completion, drafts that outlive a look elsewhere.

import { ask, complain } from "./control.js";

const who = document.body.dataset.who;
const room = document.body.dataset.room;

export function start() {
  for (const form of document.querySelectorAll(".composer")) equip(form);
}

function equip(form) {
  const text = form.querySelector("textarea");
  const draft = () => `draft ${who} ${room} ${thread(form)}`;
  const list = form.querySelector(".completions");
  const choices = list ? completion(text, list) : null;
  text.value = sessionStorage.getItem(draft()) ?? "";
  grow(text);
  text.addEventListener("input", () => {
    sessionStorage.setItem(draft(), text.value);
    grow(text);
    choices?.update();
  });
  text.addEventListener("keydown", (event) => {
    if (event.isComposing || choices?.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const words = text.value.trim();
    if (!words || form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    choices?.hide();
    if (await send(form, words)) {
      text.value = "";
      sessionStorage.removeItem(draft());
      grow(text);
      scrollDown(form);
    }
    form.ariaBusy = "false";
    text.focus();
  });
}

const thread = (form) => (form.dataset.thread ? new URLSearchParams(location.search).get("thread") : "") ?? "";

async function send(form, words) {
  const where = { user: who, channel: room };
  const isCommand = /^\/[a-z]/i.test(words);
  if (isCommand && thread(form)) {
    complain("Commands don't work in threads. Type it in the channel.");
    return false;
  }
  const answer = isCommand
    ? await ask("command", { ...where, text: words })
    : await ask("say", { ...where, text: words, ...(thread(form) ? { thread_ts: thread(form) } : {}) });
  return answer.ok;
}

function scrollDown(form) {
  const stage = form.parentElement.querySelector("[data-sticky]");
  if (stage) stage.scrollTop = stage.scrollHeight;
}

function grow(text) {
  text.rows = Math.min(8, Math.max(1, text.value.split("\n").length));
}

/** Offer the commands that begin like what is typed. */
function completion(text, list) {
  const commands = JSON.parse(document.getElementById("commands").textContent);
  let found = [];
  let at = 0;
  const show = () => {
    list.replaceChildren(...found.map((command, index) => option(command, index === at)));
    list.hidden = !found.length;
    if (found.length) text.setAttribute("aria-activedescendant", `option-${found[at].command.slice(1)}`);
    else text.removeAttribute("aria-activedescendant");
    list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  };
  const hide = () => { found = []; show(); };
  const take = (command) => {
    text.value = `${command.command} `;
    text.dispatchEvent(new Event("input"));
    text.focus();
  };
  const update = () => {
    const typed = text.value;
    const [first] = typed.split(/\s/, 1);
    const named = commands.filter((command) => command.command === first && typed.length > first.length);
    found = typed.startsWith("/") ? (typed === first ? commands.filter((c) => c.command.startsWith(first)) : named) : [];
    at = 0;
    show();
  };
  const key = (event) => {
    const typing = found.length && !/\s/.test(text.value);
    if (event.key === "Escape" && found.length) hide();
    else if (!typing) return false;
    else if (event.key === "ArrowDown") { at = (at + 1) % found.length; show(); }
    else if (event.key === "ArrowUp") { at = (at + found.length - 1) % found.length; show(); }
    else if (event.key === "Tab" || (event.key === "Enter" && text.value !== found[at].command)) take(found[at]);
    else return false;
    event.preventDefault();
    return true;
  };
  list.addEventListener("mousedown", (event) => {
    const index = [...list.children].indexOf(event.target.closest("li"));
    event.preventDefault();
    if (index >= 0) take(found[index]);
  });
  text.addEventListener("blur", hide);
  return { update, key, hide };
}

function option(command, selected) {
  const item = document.createElement("li");
  item.id = `option-${command.command.slice(1)}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", String(selected));
  for (const [tag, words] of [["strong", command.command], ["code", command.usage_hint], ["span", command.description]]) {
    if (words) item.appendChild(document.createElement(tag)).textContent = words;
  }
  return item;
}
