// The message composer: sending, drafts that survive navigation, and earlier inputs.

import { completion } from "./completion.js";
import { ask, notify } from "./control.js";
import * as typedHistory from "./history.js";

const { who, room } = document.body.dataset;

export function start() {
  for (const form of document.querySelectorAll(".composer")) equip(form);
}

/** Put a text into the composer as if it had been typed. */
export function type(words) {
  const text = document.getElementById("text");
  text.value = words;
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
  text.setSelectionRange(words.length, words.length);
}

function equip(form) {
  const text = form.querySelector("textarea");
  const draft = () => `draft ${who} ${room} ${form.dataset.thread && "thread"} ${thread(form)}`;
  const choices = completion(text, form.querySelector(".completions"));
  const put = (words) => {
    text.value = words;
    sessionStorage.setItem(draft(), words);
    grow(text);
  };
  put(sessionStorage.getItem(draft()) ?? "");
  text.addEventListener("input", () => {
    put(text.value);
    choices.update();
  });
  const before = typedHistory.of(who);
  text.addEventListener("keydown", (event) => {
    if (event.isComposing || choices.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const words = before.step(event.key === "ArrowUp" ? -1 : 1, text.value);
      if (words === null) return;
      event.preventDefault();
      put(words);
    }
  });
  let waiting = 0;
  let sent = Promise.resolve();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = text.value.trim();
    if (!words) return;
    const ts = thread(form);
    choices.hide();
    before.keep(words);
    put("");
    text.focus();
    waiting += 1;
    form.ariaBusy = "true";
    // One after the other, because a message may depend on the one before.
    sent = sent.then(() => send(ts, words)).then((done) => {
      waiting -= 1;
      form.ariaBusy = String(waiting > 0);
      if (done) {
        scrollDown(form);
        document.dispatchEvent(new CustomEvent("sent", { detail: words }));
      } else if (!text.value) put(words);
    });
  });
}

const thread = (form) => (form.dataset.thread ? new URLSearchParams(location.search).get("thread") : "") ?? "";

async function send(ts, words) {
  const where = { user: who, channel: room };
  const isCommand = /^\/[a-z]/i.test(words);
  if (isCommand && ts) {
    notify("Commands don't work in threads. Type it in the channel.");
    return false;
  }
  const answer = isCommand
    ? await ask("command", { ...where, text: words })
    : await ask("say", { ...where, text: words, ...(ts ? { thread_ts: ts } : {}) });
  return answer.ok;
}

function scrollDown(form) {
  const stage = form.parentElement.querySelector("[data-sticky]");
  if (stage) stage.scrollTop = stage.scrollHeight;
}

function grow(text) {
  text.rows = Math.min(8, Math.max(1, text.value.split("\n").length));
}
